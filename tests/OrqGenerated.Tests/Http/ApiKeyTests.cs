using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>Where the key comes from, where it goes, and what follows when the server refuses it.</summary>
internal sealed class ApiKeyTests : ClientTest
{
    private readonly List<string?> _questions = [];

    private IEnumerable<string> KeysSent => Server.Requests.Select(request => request.Headers["Authorization"]);

    [Test]
    public async Task The_key_is_sent_as_a_bearer_token()
    {
        Server.Answers(200, Stored);

        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo([$"Bearer {Key}"]));
    }

    [Test]
    public async Task A_call_s_own_key_wins()
    {
        Server.Answers(200, Stored);

        await CreateAsync(new OrqRequestOptions { ApiKey = "of-the-call" });
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer of-the-call", $"Bearer {Key}"]));
    }

    [Test]
    public void A_key_and_a_provider_contradict_each_other()
    {
        Options.ApiKeyProvider = (_, _) => ValueTask.FromResult("other");

        var error = Assert.Throws<ArgumentException>(() => _ = Client);

        Assert.That(error.Message, Does.Contain("ApiKey").And.Contain("ApiKeyProvider"));
    }

    [Test]
    [NonParallelizable]
    public async Task Without_either_the_environment_is_read_when_the_client_is_made()
    {
        Options.ApiKey = null;
        Server.Answers(200, Stored);
        using (new InEnvironment("ORQ_API_KEY", "of-the-environment"))
        {
            _ = Client;
        }

        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer of-the-environment"]));
    }

    [TestCase(null)]
    [TestCase("")]
    [NonParallelizable]
    public void Without_any_key_the_client_says_what_to_set(string? value)
    {
        using var _ = new InEnvironment("ORQ_API_KEY", value);

        var error = Assert.Throws<ArgumentException>(() => new ContactsClient());

        Assert.That(error.Message, Does.Contain("ORQ_API_KEY").And.Contain("ApiKey").And.Contain("ApiKeyProvider"));
    }

    [Test]
    [NonParallelizable]
    public void A_broken_key_in_the_environment_is_refused_by_the_variable_s_name()
    {
        using var _ = new InEnvironment("ORQ_API_KEY", "key\nof two lines");

        var error = Assert.Throws<ArgumentException>(() => new ContactsClient());

        Assert.That(error.ParamName, Is.EqualTo("ORQ_API_KEY"));
        Assert.That(error.Message, Does.Not.Contain("two lines"));
    }

    [Test]
    public async Task A_provider_is_asked_once_for_all_calls()
    {
        Provide("first");
        Server.Answers(200, Stored);

        await CreateAsync();
        await CreateAsync();
        await CreateAsync(new OrqRequestOptions { ApiKey = "own" });

        Assert.That(_questions, Is.EqualTo(new string?[] { null }));
        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer first", "Bearer own"]));
    }

    [Test]
    public async Task A_provider_is_not_asked_before_a_call()
    {
        Provide("first");
        _ = Client;
        await Task.Yield();

        Assert.That(_questions, Is.Empty);
    }

    [TestCase(false, null)]
    [TestCase(true, null)]
    [TestCase(false, 1)]
    public async Task A_refused_key_is_replaced_once_and_without_a_wait(bool isWithoutRetries, int? maxAttempts)
    {
        Provide("first", "second");
        Options.Retry = isWithoutRetries ? RetryConfig.None : new RetryConfig { MaxAttempts = maxAttempts };
        Options.AttemptTimeout = Timeout.InfiniteTimeSpan;
        Server.Answers(401).Answers(200, Stored);

        var response = await CreateAsync();
        await CreateAsync();

        Assert.That(response.Attempts, Is.EqualTo(2));
        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer second", "Bearer second"]));
        Assert.That(_questions, Is.EqualTo(new[] { null, "first" }));
        Assert.That(Clock.RequestedTimers, Is.Empty, "a new key needs no wait");
    }

    [Test]
    public async Task A_second_refusal_within_a_call_is_final()
    {
        Provide("first", "second", "third");
        Server.Answers(401, """{"code":"expired_api_key"}""");

        var error = await FailAsync<OrqAuthenticationException>();

        Assert.That(error.Attempts, Is.EqualTo(2));
        Assert.That(error.ErrorCode, Is.EqualTo("expired_api_key"));
        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer second"]));
    }

    [Test]
    public async Task Keys_rotate_from_call_to_call()
    {
        Provide("first", "second", "third");
        Server.Answers(401).Answers(200, Stored).Answers(401).Answers(200, Stored);

        await CreateAsync();
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer second", "Bearer second", "Bearer third"]));
        Assert.That(_questions, Is.EqualTo(new[] { null, "first", "second" }));
    }

    [Test]
    public async Task The_same_key_back_means_no_second_attempt()
    {
        Provide("first", "first");
        Server.Answers(401);

        var error = await FailAsync<OrqAuthenticationException>();

        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(Server.Requests, Has.Count.EqualTo(1));
        Assert.That(_questions, Is.EqualTo(new[] { null, "first" }));
    }

    [Test]
    public async Task A_retry_after_a_new_key_goes_on_with_that_key()
    {
        Provide("first", "second");
        PassesAtOnce = static due => due < TimeSpan.FromSeconds(30);
        Server.Answers(401).Answers(503).Answers(200, Stored);

        var response = await CreateAsync();

        Assert.That(response.Attempts, Is.EqualTo(3));
        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer second", "Bearer second"]));
    }

    [Test]
    public async Task A_refused_key_of_the_call_or_of_the_options_is_final()
    {
        Server.Answers(401);

        Assert.That((await FailAsync<OrqAuthenticationException>()).Attempts, Is.EqualTo(1));
    }

    [Test]
    public async Task A_refused_key_of_the_call_asks_no_provider()
    {
        Provide("first");
        Server.Answers(401);

        await FailAsync<OrqAuthenticationException>(new OrqRequestOptions { ApiKey = "own" });

        Assert.That(_questions, Is.Empty);
    }

    [TestCase(401)]
    [TestCase(403)]
    public async Task Only_a_401_asks_for_another_key(int status)
    {
        Provide("first", "second");
        Server.Answers(status).Answers(200, Stored);

        if (status == 401)
        {
            await CreateAsync();
        }
        else
        {
            await FailAsync<OrqPermissionException>();
        }

        Assert.That(_questions, Has.Count.EqualTo(status == 401 ? 2 : 1));
    }

    [Test]
    public async Task Calls_that_wait_for_the_first_key_share_one_question()
    {
        var key = new TaskCompletionSource<string>();
        Options.ApiKey = null;
        Options.ApiKeyProvider = (request, _) => Ask(request, key.Task);
        Server.Answers(200, Stored);

        var calls = Enumerable.Range(0, 50).Select(_ => CreateAsync()).ToArray();
        key.SetResult("shared");
        await Task.WhenAll(calls);

        Assert.That(_questions, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Calls_that_are_refused_together_share_one_refresh()
    {
        var refresh = new TaskCompletionSource<string>();
        var refused = new CountdownEvent(50);
        Options.ApiKey = null;
        Options.ApiKeyProvider = (request, _) =>
            request.RejectedKey is null ? Ask(request, Task.FromResult("first")) : Ask(request, refresh.Task);
        Server.Does(
            (request, _) =>
            {
                if (request.Headers.Authorization?.Parameter == "second")
                {
                    return Task.FromResult(StubHandler.Response(200, Stored));
                }

                refused.Signal();
                return Task.FromResult(StubHandler.Response(401, ""));
            }
        );

        var calls = Enumerable.Range(0, 50).Select(_ => Task.Run(() => CreateAsync())).ToArray();
        Assert.That(refused.Wait(TimeSpan.FromSeconds(30)), Is.True, "not all were refused");
        refresh.SetResult("second");
        var responses = await Task.WhenAll(calls);

        Assert.That(_questions, Is.EqualTo(new[] { null, "first" }));
        Assert.That(responses.Select(response => response.Attempts), Is.All.EqualTo(2));
        refused.Dispose();
    }

    [Test]
    public async Task A_late_refusal_of_an_old_key_takes_the_new_one_without_a_question()
    {
        Provide("first", "second", "third");
        var late = new TaskCompletionSource<HttpResponseMessage>();
        Server.Does((_, _) => late.Task).Answers(401).Answers(200, Stored);

        var slow = CreateAsync();
        await Server.WaitForRequestAsync();
        await CreateAsync();
        late.SetResult(StubHandler.Response(401, ""));
        await slow;

        Assert.That(_questions, Is.EqualTo(new[] { null, "first" }));
        Assert.That(KeysSent.Last(), Is.EqualTo("Bearer second"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task What_the_provider_throws_reaches_the_caller_unchanged(bool isRefresh)
    {
        var thrown = new NotSupportedException("the vault is closed");
        Options.ApiKey = null;
        Options.ApiKeyProvider = (request, _) =>
            isRefresh && request.RejectedKey is null ? ValueTask.FromResult("first") : throw thrown;
        Server.Answers(401);

        Assert.That(await FailAsync<NotSupportedException>(), Is.SameAs(thrown));
        Assert.That(Server.Requests, Has.Count.EqualTo(isRefresh ? 1 : 0));
    }

    [Test]
    public async Task A_provider_s_own_cancellation_is_not_the_caller_s()
    {
        var thrown = new OperationCanceledException("the vault gave up");
        Options.ApiKey = null;
        Options.ApiKeyProvider = (_, _) => throw thrown;

        Assert.That(await FailAsync<OperationCanceledException>(), Is.SameAs(thrown));
    }

    [Test]
    public async Task A_provider_that_has_thrown_is_asked_again()
    {
        var isFirst = true;
        Options.ApiKey = null;
        Options.ApiKeyProvider = (_, _) =>
        {
            if (isFirst)
            {
                isFirst = false;
                throw new NotSupportedException();
            }

            return ValueTask.FromResult("second");
        };
        Server.Answers(200, Stored);

        await FailAsync<NotSupportedException>();
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer second"]));
    }

    [Test]
    public async Task A_refresh_that_fails_leaves_the_key_that_there_was()
    {
        Options.ApiKey = null;
        Options.ApiKeyProvider = (request, _) =>
            request.RejectedKey is null
                ? Ask(request, Task.FromResult("first"))
                : throw new NotSupportedException("the vault is closed");
        Server.Answers(401).Answers(200, Stored);

        await FailAsync<NotSupportedException>();
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer first"]));
        Assert.That(_questions, Is.EqualTo(new string?[] { null }));
    }

    [Test]
    public async Task A_provider_without_a_key_is_told_so()
    {
        Options.ApiKey = null;
        Options.ApiKeyProvider = (_, _) => ValueTask.FromResult<string>(null!);

        Assert.That((await FailAsync<ArgumentException>()).Message, Does.StartWith("The API key is empty."));
    }

    [TestCase("")]
    [TestCase(null)]
    [TestCase("two words")]
    [TestCase("line\r\nX-Injected: 1")]
    [TestCase("schlüssel")]
    public async Task A_provider_s_broken_key_is_refused_by_the_provider_s_name(string? key)
    {
        Options.ApiKey = null;
        Options.ApiKeyProvider = (_, _) => ValueTask.FromResult(key!);

        var error = await FailAsync<ArgumentException>();

        Assert.That(error.ParamName, Is.EqualTo("ApiKeyProvider"));
        Assert.That(Server.Requests, Is.Empty);
    }

    [Test]
    public async Task A_provider_that_hangs_is_given_up_and_asked_anew_by_the_next_call()
    {
        var asked = new SemaphoreSlim(0);
        var abandoned = new TaskCompletionSource();
        var isFirst = true;
        Options.ApiKey = null;
        Options.Retry = RetryConfig.None;
        Options.ApiKeyProvider = async (_, token) =>
        {
            if (!isFirst)
            {
                return "second";
            }

            isFirst = false;
            await using var registration = token.Register(abandoned.SetResult);
            asked.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return "first";
        };
        Server.Answers(200, Stored);

        var call = FailAsync<OrqTimeoutException>();
        await asked.WaitAsync();
        Clock.Advance(TimeSpan.FromSeconds(30));
        await call;
        await abandoned.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer second"]));
        asked.Dispose();
    }

    [Test]
    public async Task One_call_that_gives_up_does_not_end_the_question_of_another()
    {
        var key = new TaskCompletionSource<string>();
        CancellationToken ofProvider = default;
        Options.ApiKey = null;
        Options.ApiKeyProvider = (request, token) =>
        {
            ofProvider = token;
            return Ask(request, key.Task);
        };
        Server.Answers(200, Stored);
        using var source = new CancellationTokenSource();

        var first = CreateAsync(null, source.Token);
        var second = CreateAsync();
        await source.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => first);
        Assert.That(ofProvider.IsCancellationRequested, Is.False);
        key.SetResult("shared");
        await second;

        Assert.That(_questions, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_late_answer_to_a_question_that_was_given_up_is_not_kept()
    {
        var late = new TaskCompletionSource<string>();
        var isFirst = true;
        Options.ApiKey = null;
        Options.ApiKeyProvider = (request, _) =>
        {
            var answer = isFirst ? late.Task : Task.FromResult("fresh");
            isFirst = false;
            return Ask(request, answer);
        };
        Server.Answers(200, Stored);
        using var source = new CancellationTokenSource();

        var given = CreateAsync(null, source.Token);
        await source.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => given);
        await CreateAsync();
        late.SetResult("stale");
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer fresh", "Bearer fresh"]));
    }

    [TestCase("https://eu.example.com")]
    [TestCase("https://my.orq.ai.example.com")]
    [TestCase("https://orq.ai")]
    [TestCase("http://localhost:8080")]
    public async Task The_key_goes_to_no_other_host(string url)
    {
        Provide("first");

        var error = await FailAsync<ArgumentException>(new OrqRequestOptions { ServerUrl = new Uri(url) });

        Assert.That(error.Message, Does.Contain(new Uri(url).Host).And.Contain("ApiKey"));
        Assert.That(error.ParamName, Is.EqualTo("options"));
        Assert.That(Server.Requests, Is.Empty);
        Assert.That(_questions, Is.Empty);
    }

    [Test]
    public async Task The_key_goes_to_hosts_that_are_allowed()
    {
        Options.AllowedHosts.Add("EU.example.com");
        Options.AllowedHosts.Add("bücher.example");
        Server.Answers(200, Stored);

        await CreateAsync(new OrqRequestOptions { ServerUrl = new Uri("https://eu.example.com") });
        await CreateAsync(new OrqRequestOptions { ServerUrl = new Uri("https://bücher.example") });
        await CreateAsync(new OrqRequestOptions { ServerUrl = new Uri("https://MY.orq.ai:8443/prefix") });

        Assert.That(KeysSent, Is.All.EqualTo($"Bearer {Key}"));
        Assert.That(Server.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Hosts_allowed_after_construction_are_not()
    {
        _ = Client;
        Options.AllowedHosts.Add("eu.example.com");

        await FailAsync<ArgumentException>(new OrqRequestOptions { ServerUrl = new Uri("https://eu.example.com") });
    }

    [Test]
    public async Task A_call_to_another_host_takes_its_own_key()
    {
        Server.Answers(200, Stored);

        await CreateAsync(new OrqRequestOptions { ServerUrl = new Uri("https://eu.example.com/orq"), ApiKey = "own" });

        Assert.That(KeysSent, Is.EqualTo(["Bearer own"]));
        Assert.That(Server.Requests[0].Uri, Is.EqualTo(new Uri("https://eu.example.com/orq/v2/contacts")));
    }

    private void Provide(params string[] keys)
    {
        Options.ApiKey = null;
        var index = 0;
        Options.ApiKeyProvider = (request, _) => Ask(request, Task.FromResult(keys[index++]));
    }

    private async ValueTask<string> Ask(ApiKeyRequest request, Task<string> answer)
    {
        lock (_questions)
        {
            _questions.Add(request.RejectedKey);
        }

        return await answer;
    }

    /// <summary>Sets an environment variable for a while.</summary>
    private sealed class InEnvironment : IDisposable
    {
        private readonly string _name;
        private readonly string? _before;

        public InEnvironment(string name, string? value)
        {
            _name = name;
            _before = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose() => Environment.SetEnvironmentVariable(_name, _before);
    }
}
