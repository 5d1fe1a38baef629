using System.Diagnostics;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.GeneratedTests;

/// <summary>
/// Operations of any document get retries, error mapping, the key, timeouts and telemetry without handwritten code.
/// </summary>
[NonParallelizable]
internal sealed class AddedOperationTests : GeneratedTest
{
    [Test]
    public void Retries_a_GET_maps_its_error_and_sends_the_key()
    {
        Options.Retry = RetryConfig.Default;
        Options.TimeProvider = new FakeTimeProvider { AutoAdvance = due => due < TimeSpan.FromSeconds(30) };
        Server.Responds(503).Responds(404, """{"error":"not here"}""");

        var error = Assert.ThrowsAsync<OrqNotFoundException>(() => Jobs.RetrieveJobAsync("j1"));

        Assert.That((error.Attempts, error.ErrorMessage), Is.EqualTo((2, "not here")));
        Assert.That(Server.Requests.Select(request => request.Headers["Authorization"]), Is.All.EqualTo("Bearer key"));
    }

    [TestCase(true, 2)]
    [TestCase(false, 1)]
    public async Task Retries_a_500_only_where_the_document_allows_it(bool isMarkedIdempotent, int attempts)
    {
        Options.Retry = new RetryConfig { MaxAttempts = 2 };
        Options.TimeProvider = new FakeTimeProvider { AutoAdvance = due => due < TimeSpan.FromSeconds(30) };
        Server.Responds(500);

        var error = await Expect.ExceptionAsync<OrqServerException>(() =>
            isMarkedIdempotent ? Jobs.StartJobAsync(null) : Things.CreateThingAsync(NewThing)
        );

        Assert.That(error.Attempts, Is.EqualTo(attempts));
    }

    [Test]
    public void Times_out()
    {
        Options.TimeProvider = new FakeTimeProvider { AutoAdvance = _ => true };

        Assert.ThrowsAsync<OrqTimeoutException>(() => Jobs.RetrieveJobAsync("j1"));
    }

    [Test]
    public async Task Starts_an_activity_named_after_the_operation()
    {
        Server.Responds(204);
        var names = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "OrqGenerated",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => names.Add(activity.OperationName),
        };
        ActivitySource.AddActivityListener(listener);

        await Things.DeleteThingAsync("t1");

        Assert.That(names, Is.EqualTo(["DeleteThing"]));
    }
}
