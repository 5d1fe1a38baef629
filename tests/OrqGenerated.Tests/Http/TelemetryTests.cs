using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The activities, metrics and logs of a call, and their cost when nobody listens.</summary>
[NonParallelizable]
internal sealed class TelemetryTests : ClientTest
{
    private static readonly CallSettings Settings = CallSettings.Of(new OrqClientOptions());

    private static readonly Call RecordedCall = new(
        new OrqRequest(new OrqOperation("CreateContact", HttpMethod.Post, "/v2/contacts")),
        Settings,
        new CallDeadline(Settings, default, default)
    );

    public TelemetryTests() => PassesAtOnce = IsWait;

    [Test]
    public async Task A_call_is_one_activity_with_an_event_per_attempt()
    {
        using var listener = new TelemetryRecorder();
        Server
            .Responds(503)
            .Throws(() => new HttpRequestException("reset"))
            .Responds(() => StubHandler.Response(200, new ScriptedStream(ScriptedStream.Fails(new IOException()))))
            .Responds(200, Stored);

        await CreateAsync();

        var activity = listener.Activities.Single();
        Assert.Multiple(() =>
        {
            Assert.That(activity.OperationName, Is.EqualTo("CreateContact"));
            Assert.That(activity.Kind, Is.EqualTo(ActivityKind.Internal));
            Assert.That(activity.Status, Is.EqualTo(ActivityStatusCode.Unset));
            Assert.That(Text(activity.TagObjects), Is.EqualTo("orq.attempts=4 http.response.status_code=200"));
            Assert.That(
                activity.Events.Select(e => $"{e.Name}: {Text(e.Tags)}"),
                Is.EqualTo([
                    "orq.attempt: http.response.status_code=503 error.type=503",
                    "orq.attempt: http.request.resend_count=1 error.type=OrqGenerated.OrqConnectionException",
                    "orq.attempt: http.request.resend_count=2 http.response.status_code=200"
                        + " error.type=OrqGenerated.OrqConnectionException",
                    "orq.attempt: http.request.resend_count=3 http.response.status_code=200",
                ])
            );
        });
    }

    private static double[] HttpBuckets => [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private static TestCaseData[] Endings =>
        [
            Ending("400", s => s.Responds(400), "400", "400"),
            Ending("not JSON", s => s.Responds(200, "{"), "OrqGenerated.OrqResponseException", "200"),
            Ending(
                "reset",
                s => s.Throws(() => new HttpRequestException("reset")),
                "OrqGenerated.OrqConnectionException",
                null
            ),
            Ending(
                "400 thrown by a handler",
                s => s.Throws(() => new HttpRequestException("bad", null, System.Net.HttpStatusCode.BadRequest)),
                "400",
                "400"
            ),
        ];

    [TestCaseSource(nameof(Endings))]
    public async Task Records_the_failure_of_a_call(Action<StubHandler> fail, string type, string? status)
    {
        using var listener = new TelemetryRecorder();
        Options.Retry = RetryConfig.None;
        fail(Server);

        await FailAsync<OrqException>();

        var activity = listener.Activities.Single();
        Assert.Multiple(() =>
        {
            Assert.That(activity.Status, Is.EqualTo(ActivityStatusCode.Error));
            Assert.That(activity.StatusDescription, Is.Null);
            Assert.That(activity.GetTagItem("error.type"), Is.EqualTo(type));
            Assert.That(
                Text(activity.Events.Single().Tags),
                Is.EqualTo((status is null ? "" : $"http.response.status_code={status} ") + $"error.type={type}")
            );
            Assert.That(activity.GetTagItem("orq.attempts"), Is.EqualTo(1));
            Assert.That(activity.GetTagItem("http.response.status_code")?.ToString(), Is.EqualTo(status));
            Assert.That(listener.Measurements.Single(), Does.Contain($"error.type={type}"));
        });
    }

    [Test]
    public async Task A_cancelled_call_ends_its_activity()
    {
        using var listener = new TelemetryRecorder();
        using var source = new CancellationTokenSource();
        var call = CreateAsync(null, source.Token);
        await Server.WaitForRequestAsync();
        await source.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => call);

        Assert.That(
            listener.Activities.Single().GetTagItem("error.type"),
            Is.EqualTo("System.OperationCanceledException")
        );
    }

    [Test]
    public void A_call_rejected_or_cancelled_at_once_records_nothing()
    {
        using var listener = new TelemetryRecorder();
        var contact = Contact;
        contact.ExternalId = "";

        Assert.ThrowsAsync<ArgumentException>(() => Client.CreateContactAsync(contact));
        Assert.CatchAsync<OperationCanceledException>(() => CreateAsync(null, new CancellationToken(canceled: true)));

        Assert.That(listener.Activities, Is.Empty);
        Assert.That(listener.Measurements, Is.Empty);
    }

    [Test]
    public async Task The_activity_is_a_child_of_the_callers_and_current_in_the_handler()
    {
        using var listener = new TelemetryRecorder();
        using var outer = new Activity("outer").Start();
        ActivitySpanId? seen = null;
        Server.Does(
            (_, _) =>
            {
                seen = Activity.Current?.SpanId;
                return Task.FromResult(StubHandler.Response(200, Stored));
            }
        );

        await CreateAsync();

        var activity = listener.Activities.Single();
        Assert.That(activity.ParentSpanId, Is.EqualTo(outer.SpanId));
        Assert.That(seen, Is.EqualTo(activity.SpanId));
        Assert.That(Activity.Current, Is.SameAs(outer));
    }

    [Test]
    public async Task Durations_and_waits_are_measured_in_seconds()
    {
        using var listener = new TelemetryRecorder();
        Server.Responds(503).Throws(() => new HttpRequestException("reset")).Responds(200, Stored);

        await CreateAsync();

        Assert.That(
            listener.Measurements,
            Is.EqualTo([
                "orq.client.retry.delay 0.5 s: orq.operation=CreateContact"
                    + " http.response.status_code=503 error.type=503",
                "orq.client.retry.delay 0.75 s: orq.operation=CreateContact"
                    + " error.type=OrqGenerated.OrqConnectionException",
                "orq.client.operation.duration 1.25 s: orq.operation=CreateContact http.response.status_code=200",
            ])
        );
    }

    [Test]
    public async Task Attempts_waits_and_failures_are_logged()
    {
        using var log = new LogRecorder();
        Options.LoggerFactory = log;
        Options.Retry.MaxAttempts = 2;
        Server.Responds(503);

        await FailAsync<OrqServerException>();

        Assert.That(
            log.Entries.Select(entry => (entry.Id.Id, entry.Level, entry.Category)),
            Is.EqualTo([
                (1, LogLevel.Debug, "OrqGenerated"),
                (2, LogLevel.Information, "OrqGenerated"),
                (1, LogLevel.Debug, "OrqGenerated"),
                (3, LogLevel.Warning, "OrqGenerated"),
            ])
        );
        Assert.Multiple(() =>
        {
            Assert.That(log.Entries[0].Text, Does.StartWith("CreateContact attempt 1: 503"));
            Assert.That(
                log.Entries[1].Text,
                Does.StartWith("CreateContact attempt 1 failed with 503; next attempt in 0.5 s")
            );
            Assert.That(log.Entries[3].Text, Does.StartWith("CreateContact failed with 503 after 2 attempts"));
        });
    }

    [Test]
    public async Task A_success_is_logged_at_Debug_only()
    {
        using var log = new LogRecorder();
        Options.LoggerFactory = log;
        Server.Responds(201, Stored);

        await CreateAsync();

        var entry = log.Entries.Single();
        Assert.That(entry.Level, Is.EqualTo(LogLevel.Debug));
        Assert.That(entry.Text, Does.StartWith("CreateContact attempt 1: 201"));
    }

    [Test]
    public async Task A_success_that_cannot_be_read_is_logged_as_a_failure()
    {
        using var log = new LogRecorder();
        Options.LoggerFactory = log;
        Server.Responds(200, "{");

        await FailAsync<OrqResponseException>();

        Assert.That(log.Entries[^1].Level, Is.EqualTo(LogLevel.Warning));
        Assert.That(log.Entries[^1].Text, Does.Contain("OrqResponseException"));
    }

    [Test]
    public async Task Histograms_advise_buckets_from_5_ms_to_the_longest_wait()
    {
        using var listener = new TelemetryRecorder();
        Server.Responds(503).Responds(200, Stored);

        await CreateAsync();

        Assert.That(listener.Buckets, Has.Count.AtLeast(2));
        foreach (var buckets in listener.Buckets)
        {
            Assert.That(buckets, Is.Ordered);
            Assert.That(buckets.Take(14), Is.EqualTo(HttpBuckets), "those of http.client.request.duration");
            Assert.That(buckets[^1], Is.EqualTo(120));
        }
    }

    [TestCase("logger")]
    [TestCase("metrics")]
    [TestCase("activity start")]
    [TestCase("activity stop")]
    public async Task A_throwing_listener_changes_no_call(string throwing)
    {
        var before = Activity.Current;
        using var listener = new TelemetryRecorder(
            onStart: () => ThrowIf("activity start"),
            onStop: () => ThrowIf("activity stop"),
            onMeasurement: () => ThrowIf("metrics")
        );
        using var log = new LogRecorder(_ => ThrowIf("logger"));
        Options.LoggerFactory = log;
        Server.Responds(503).Responds(200, Stored).Responds(400);

        Assert.That((await CreateAsync()).Attempts, Is.EqualTo(2));
        await FailAsync<OrqBadRequestException>();

        Assert.That(log.Entries, Has.Count.EqualTo(5), "log lines");
        Assert.That(listener.Activities.Select(activity => activity.IsStopped), Is.EqualTo([true, true]));
        Assert.That(listener.Measurements, Has.Count.EqualTo(3));
        Assert.That(Activity.Current, Is.SameAs(before));

        void ThrowIf(string source)
        {
            if (source == throwing)
                Throw();
        }
    }

    [Test]
    public async Task A_listener_that_prevents_the_activity_leaves_the_callers_running()
    {
        using var outer = new Activity("outer").Start();
        using var listener = new TelemetryRecorder(onSample: Throw);
        Server.Responds(200, Stored);

        await CreateAsync();

        Assert.That(Activity.Current, Is.SameAs(outer));
        Assert.That(outer.IsStopped, Is.False);
        Assert.That(outer.TagObjects, Is.Empty);
    }

    [Test]
    public void Nothing_is_allocated_for_telemetry_when_nobody_listens()
    {
        Assert.That(Allocated(RecordCall), Is.Zero);

        using var listener = new TelemetryRecorder();
        Assert.That(Allocated(RecordCall), Is.GreaterThan(0), "the measurement shows allocations");
    }

    private static TestCaseData Ending(string name, Action<StubHandler> fail, string type, string? status) =>
        new TestCaseData(fail, type, status).SetArgDisplayNames(name);

    private static void RecordCall()
    {
        var telemetry = CallTelemetry.Start(NullLogger.Instance, RecordedCall);
        telemetry.Attempted(503, "503");
        telemetry.Retrying(TimeSpan.FromSeconds(1), 503, "503");
        telemetry.Attempted(200, null);
        telemetry.Succeeded(200);
    }

    private static void Throw() => throw new NotSupportedException("thrown by a listener");

    private static long Allocated(Action action)
    {
        for (var i = 0; i < 100; i++)
            action();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            action();

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string Text(IEnumerable<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}"));
}
