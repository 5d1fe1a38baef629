using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>
/// The first call of a process, made by a second copy of the library, which no other test has used.
/// </summary>
[NonParallelizable]
internal sealed class FirstCallTests
{
    [Test]
    public async Task Does_not_load_Newtonsoft()
    {
        var context = new LoadContext();

        Assert.That(await CreateContactAsync(context), Is.EqualTo("c1"));

        Assert.That(context.Loaded, Has.Member("System.Text.Json"));
        Assert.That(context.Loaded, Has.None.EqualTo("Newtonsoft.Json"));
        context.Unload();
    }

    [Test]
    public async Task Succeeds_when_listeners_throw_for_a_new_source_or_instrument()
    {
        var throws = false;
        using var activities = new ActivityListener { ShouldListenTo = source => Throw(source.Name) };
        using var metrics = new MeterListener { InstrumentPublished = (instrument, _) => Throw(instrument.Meter.Name) };
        ActivitySource.AddActivityListener(activities);
        metrics.Start();
        throws = true;
        var context = new LoadContext();

        Assert.That(await CreateContactAsync(context), Is.EqualTo("c1"));

        context.Unload();

        bool Throw(string name) => throws && name == "OrqGenerated" ? throw new NotSupportedException("full") : false;
    }

    private static async Task<string> CreateContactAsync(LoadContext context)
    {
        var library = context.LoadFromAssemblyPath(typeof(ContactsClient).Assembly.Location);
        dynamic body = Create("CreateContactRequestBody");
        body.ExternalId = "u1";
        body.Metadata = new Dictionary<string, object?>
        {
            ["text"] = "a",
            ["element"] = JsonDocument.Parse("[1]").RootElement,
            ["list"] = new List<object?> { 1, true, null, 1.5m },
            ["map"] = new Dictionary<string, object?> { ["a"] = new[] { "b" } },
        };
        dynamic options = Create("OrqClientOptions");
        options.ApiKey = "key";
        using var server = new StubHandler();
        using var http = new HttpClient(server.Responds(200, StoredContact.Json));
        dynamic client = Create("ContactsClient", http, options);
        return (await client.CreateContactAsync(body)).Id;

        dynamic Create(string type, params object[] arguments) =>
            Activator.CreateInstance(library.GetType($"OrqGenerated.{type}", throwOnError: true)!, arguments)!;
    }

    private sealed class LoadContext() : AssemblyLoadContext(isCollectible: true)
    {
        public List<string> Loaded { get; } = [];

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            Loaded.Add(assemblyName.Name!);
            return null;
        }
    }
}
