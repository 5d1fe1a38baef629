using System.CommandLine;
using OrqGenerated.Sandbox;

namespace OrqGenerated.Cli;

/// <summary>A client, and the sandbox that was started for it, if any.</summary>
internal sealed class Connection(OrqClientOptions options, OrqSandbox? sandbox) : IAsyncDisposable
{
    /// <summary>The command-line options that <see cref="OpenAsync"/> reads.</summary>
    public static IEnumerable<Option> Options =>
        [
            Values.Flag("--sandbox", "Use an in-process server instead of the API: no key is needed, nothing is kept."),
            Values.Text("--server-url", "URL", "The API's URL; https://my.orq.ai by default."),
            Values.Duration("--timeout", "Time limit for one contact, retries included; none by default."),
            Values.Duration("--max-elapsed", "How long a contact is retried; 2m by default."),
            Values.Flag("--verbose", "Log every attempt to stderr, with its row.", "-v"),
        ];

    public OrqClientOptions ClientOptions => options;

    public ContactsClient Client { get; } = new(options);

    /// <summary>The server's URL, or "sandbox" for our own, whose port differs from run to run.</summary>
    public string Server { get; } = sandbox is null ? options.ServerUrl.AbsoluteUri : "sandbox";

    /// <exception cref="CommandException">The server's URL or the key is invalid, or there is no key.</exception>
    public static async Task<Connection> OpenAsync(
        ParseResult parsed,
        string? apiKey,
        CallLog log,
        CancellationToken cancellationToken
    )
    {
        var serverUrl = parsed.GetValue<string>("--server-url");
        var options = new OrqClientOptions { LoggerFactory = log };
        var backoff = options.Retry.Backoff;
        backoff.MaxElapsedTime = parsed.GetValue<TimeSpan?>("--max-elapsed") ?? backoff.MaxElapsedTime;
        options.TotalTimeout = parsed.GetValue<TimeSpan?>("--timeout") ?? options.TotalTimeout;
        if (parsed.GetValue<bool>("--sandbox"))
        {
            if (serverUrl is not null)
                throw new CommandException("--sandbox and --server-url: give one of them.");

            var sandboxOptions = new OrqSandboxOptions { RecordRequests = false, MaxContacts = 10_000 };
            var sandbox = await OrqSandbox.StartAsync(sandboxOptions, cancellationToken);
            (options.ServerUrl, options.ApiKey) = (sandbox.ServerUrl, sandbox.ApiKey);
            return new Connection(options, sandbox);
        }

        if (string.IsNullOrEmpty(apiKey))
        {
            throw new CommandException(
                "No API key: set ORQ_API_KEY to a key of your workspace, or try it out with --sandbox."
            );
        }

        try
        {
            options.ApiKey = apiKey;
            if (serverUrl is not null)
                options.ServerUrl = new Uri(serverUrl, UriKind.RelativeOrAbsolute);

            return new Connection(options, sandbox: null);
        }
        catch (Exception e) when (e is ArgumentException or UriFormatException)
        {
            var isKey = e is ArgumentException { ParamName: nameof(options.ApiKey) };
            var source = isKey ? "ORQ_API_KEY" : "--server-url";
            throw new CommandException($"{source}: {CommandLine.WithoutParameter(e)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (sandbox is not null)
            await sandbox.DisposeAsync();
    }
}
