using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>Keys from a provider: when it is asked for one, and what happens when the server refuses it.</summary>
internal sealed class ApiKeyProviderTests : ClientTest
{
    /// <summary>The rejected key of each request to the provider.</summary>
    private readonly List<string?> _asked = [];

    private readonly TaskCompletionSource _wasAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Test]
    public async Task Asks_the_provider_once_on_the_first_call()
    {
        Provide("first");
        Server.Responds(200, Stored);
        _ = Client;
        Assert.That(_asked, Is.Empty, "asked before the first call");

        await CreateAsync();
        await CreateAsync();
        await CreateAsync(new OrqRequestOptions { ApiKey = "own" });

        Assert.That(_asked, Is.EqualTo(new string?[] { null }));
        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer first", "Bearer own"]));
    }

    [TestCase(false, null)]
    [TestCase(true, null)]
    [TestCase(false, 1)]
    public async Task Replaces_a_refused_key_once_and_without_waiting(bool isWithoutRetries, int? maxAttempts)
    {
        Provide("first", "second");
        Options.Retry = isWithoutRetries ? RetryConfig.None : new RetryConfig { MaxAttempts = maxAttempts };
        Options.AttemptTimeout = Timeout.InfiniteTimeSpan;
        Server.Responds(401).Responds(200, Stored);

        var response = await CreateAsync();
        await CreateAsync();

        Assert.That(response.Attempts, Is.EqualTo(2));
        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer second", "Bearer second"]));
        Assert.That(_asked, Is.EqualTo(new[] { null, "first" }));
        Assert.That(Clock.RequestedTimers, Is.Empty, "a retry with a new key does not wait");
    }

    [Test]
    public async Task A_second_401_within_a_call_is_final()
    {
        Provide("first", "second", "third");
        Server.Responds(401, """{"code":"expired_api_key"}""");

        var error = await FailAsync<OrqAuthenticationException>();

        Assert.That(error.Attempts, Is.EqualTo(2));
        Assert.That(error.ErrorCode, Is.EqualTo("expired_api_key"));
        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer second"]));
    }

    [Test]
    public async Task Refreshes_the_key_again_in_a_later_call()
    {
        Provide("first", "second", "third");
        Server.Responds(401).Responds(200, Stored).Responds(401).Responds(200, Stored);

        await CreateAsync();
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer second", "Bearer second", "Bearer third"]));
        Assert.That(_asked, Is.EqualTo(new[] { null, "first", "second" }));
    }

    [Test]
    public async Task Does_not_retry_when_the_provider_returns_the_same_key()
    {
        Provide("first", "first");
        Server.Responds(401);

        var error = await FailAsync<OrqAuthenticationException>();

        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(Server.Requests, Has.Count.EqualTo(1));
        Assert.That(_asked, Is.EqualTo(new[] { null, "first" }));
    }

    [Test]
    public async Task Retries_after_a_refresh_use_the_new_key()
    {
        Provide("first", "second");
        PassesAtOnce = IsWait;
        Server.Responds(401).Responds(503).Responds(200, Stored);

        var response = await CreateAsync();

        Assert.That(response.Attempts, Is.EqualTo(3));
        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer second", "Bearer second"]));
        Assert.That(Clock.RequestedTimers, Does.Contain(TimeSpan.FromMilliseconds(500)), "the first retry's wait");
    }

    [Test]
    public async Task Does_not_refresh_a_key_for_the_call()
    {
        Provide("first");
        Server.Responds(401);

        var error = await FailAsync<OrqAuthenticationException>(new OrqRequestOptions { ApiKey = "own" });

        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(_asked, Is.Empty);
    }

    [Test]
    public async Task Does_not_refresh_the_key_after_a_403()
    {
        Provide("first", "second");
        Server.Responds(403).Responds(200, Stored);

        await FailAsync<OrqPermissionException>();

        Assert.That(_asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Calls_that_wait_for_the_first_key_share_one_request_for_it()
    {
        var key = new TaskCompletionSource<string>();
        Provide(key.Task);
        Server.Responds(200, Stored);

        var calls = Enumerable.Range(0, 50).Select(_ => CreateAsync()).ToArray();
        key.SetResult("shared");
        await Task.WhenAll(calls);

        Assert.That(_asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Calls_that_are_refused_together_share_one_refresh()
    {
        var refresh = new TaskCompletionSource<string>();
        using var refused = new CountdownEvent(50);
        Provide(Task.FromResult("first"), refresh.Task);
        Server.Does(
            (request, _) =>
            {
                if (request.Headers.Authorization?.Parameter == "second")
                    return Task.FromResult(StubHandler.Response(200, Stored));

                refused.Signal();
                return Task.FromResult(StubHandler.Response(401, ""));
            }
        );

        var calls = Enumerable.Range(0, 50).Select(_ => Task.Run(() => CreateAsync())).ToArray();
        Assert.That(refused.Wait(TimeSpan.FromSeconds(30)), Is.True, "some calls were not refused");
        refresh.SetResult("second");
        var responses = await Task.WhenAll(calls);

        Assert.That(_asked, Is.EqualTo(new[] { null, "first" }));
        Assert.That(responses.Select(response => response.Attempts), Is.All.EqualTo(2));
    }

    [Test]
    public async Task Retries_a_late_401_with_the_current_key_without_asking_the_provider()
    {
        Provide("first", "second", "third");
        var late = new TaskCompletionSource<HttpResponseMessage>();
        Server.Does((_, _) => late.Task).Responds(401).Responds(200, Stored);

        var slow = CreateAsync();
        await Server.WaitForRequestAsync();
        await CreateAsync();
        late.SetResult(StubHandler.Response(401, ""));
        await slow;

        Assert.That(_asked, Is.EqualTo(new[] { null, "first" }));
        Assert.That(KeysSent.Last(), Is.EqualTo("Bearer second"));
    }

    [TestCase(typeof(NotSupportedException), false)]
    [TestCase(typeof(NotSupportedException), true)]
    [TestCase(typeof(OperationCanceledException), false)]
    public async Task The_providers_exceptions_reach_the_caller_unchanged(Type type, bool isRefresh)
    {
        var thrown = (Exception)Activator.CreateInstance(type, "the vault is closed")!;
        Options.ApiKey = null;
        Options.ApiKeyProvider = (request, _) =>
            isRefresh && request.RejectedKey is null ? ValueTask.FromResult("first") : throw thrown;
        Server.Responds(401);

        Assert.That(await FailAsync<Exception>(), Is.SameAs(thrown));
        Assert.That(Server.Requests, Has.Count.EqualTo(isRefresh ? 1 : 0));
    }

    [Test]
    public async Task Asks_the_provider_again_after_it_threw()
    {
        Provide(Task.FromException<string>(new NotSupportedException()), Task.FromResult("second"));
        Server.Responds(200, Stored);

        await FailAsync<NotSupportedException>();
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer second"]));
    }

    [Test]
    public async Task Keeps_the_old_key_when_a_refresh_fails()
    {
        Provide(Task.FromResult("first"), Task.FromException<string>(new NotSupportedException()));
        Server.Responds(401).Responds(200, Stored);

        await FailAsync<NotSupportedException>();
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer first"]));
        Assert.That(_asked, Is.EqualTo(new[] { null, "first" }));
    }

    [TestCase(null, "The API key is empty.")]
    [TestCase("line\r\nX-Injected: 1", "The API key contains a space")]
    public async Task Refuses_an_invalid_key_from_the_provider(string? key, string message)
    {
        Provide(key!);

        var error = await FailAsync<ArgumentException>();

        Assert.That(error.Message, Does.StartWith(message));
        Assert.That(error.ParamName, Is.EqualTo("ApiKeyProvider"));
        Assert.That(Server.Requests, Is.Empty);
    }

    [Test]
    public async Task A_hanging_provider_is_cancelled_and_asked_again_by_the_next_call()
    {
        var cancelled = new TaskCompletionSource();
        Options.ApiKey = null;
        Options.Retry = RetryConfig.None;
        Options.ApiKeyProvider = async (_, token) =>
        {
            if (!_wasAsked.TrySetResult())
                return "second";

            await using var registration = token.Register(cancelled.SetResult);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return "first";
        };
        Server.Responds(200, Stored);

        var call = FailAsync<OrqTimeoutException>();
        await _wasAsked.Task;
        Clock.Advance(TimeSpan.FromSeconds(30));
        await call;
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer second"]));
    }

    [Test]
    public async Task Asks_once_more_for_all_waiting_calls_when_the_call_that_asked_is_cancelled()
    {
        Provide(new TaskCompletionSource<string>().Task, Task.FromResult("key"));
        Server.Responds(200, Stored);
        using var source = new CancellationTokenSource();

        var first = CreateAsync(null, source.Token);
        await _wasAsked.Task;
        var others = Enumerable.Range(0, 50).Select(_ => CreateAsync()).ToArray();
        await source.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => first);
        await Task.WhenAll(others);

        Assert.That(_asked, Has.Count.EqualTo(2), "one call asks first, and one more for all the others");
    }

    [Test]
    public async Task Waiting_calls_share_the_providers_own_cancellation()
    {
        var key = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Provide(key.Task);

        var calls = Enumerable.Range(0, 50).Select(_ => CreateAsync()).ToArray();
        key.SetException(new TaskCanceledException("the vault timed out"));
        foreach (var call in calls)
            Assert.CatchAsync<TaskCanceledException>(() => call);

        Assert.That(_asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ignores_a_key_that_arrives_after_its_call_was_cancelled()
    {
        var late = new TaskCompletionSource<string>();
        Provide(late.Task, Task.FromResult("fresh"));
        Server.Responds(200, Stored);
        using var source = new CancellationTokenSource();

        var first = CreateAsync(null, source.Token);
        await _wasAsked.Task;
        await source.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => first);
        await CreateAsync();
        late.SetResult("stale");
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer fresh", "Bearer fresh"]));
    }

    /// <summary>Sets a provider that returns these keys in turn.</summary>
    private void Provide(params string[] keys) => Provide([.. keys.Select(Task.FromResult)]);

    private void Provide(params Task<string>[] keys)
    {
        Options.ApiKey = null;
        Options.ApiKeyProvider = async (request, _) =>
        {
            Task<string> key;
            lock (_asked)
            {
                key = keys[_asked.Count];
                _asked.Add(request.RejectedKey);
            }

            _wasAsked.TrySetResult();
            return await key;
        };
    }
}
