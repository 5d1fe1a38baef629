using System.CommandLine;
using Microsoft.Extensions.Logging;
using OrqGenerated.Sandbox;

namespace OrqGenerated.Cli;

/// <summary>The options that say which server, and how patiently.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<bool> _sandbox = new("--sandbox")
    {
        Description =
            "Use an in-process server instead of the API; no key is needed, and nothing is kept.",
    };

    private readonly Option<string?> _serverUrl = new("--server-url")
    {
        Description = "Where the API is, if not at https://my.orq.ai.",
        HelpName = "URL",
    };

    private readonly Option<TimeSpan?> _timeout = Duration.Option(
        "--timeout",
        "The longest that one contact may take, with all attempts; no limit by default."
    );

    private readonly Option<TimeSpan?> _maxElapsed = Duration.Option(
        "--max-elapsed",
        "How long failed attempts are repeated; 2m by default."
    );

    private readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "Log attempts on stderr.",
    };

    public void AddTo(Command command)
    {
        command.Add(_sandbox);
        command.Add(_serverUrl);
        command.Add(_timeout);
        command.Add(_maxElapsed);
        command.Add(_verbose);
    }

    /// <summary>Makes the client; with <c>--sandbox</c>, its server too.</summary>
    /// <param name="sendsNothing">Check contacts as usual, but answer them here.</param>
    public async Task<Connection> OpenAsync(
        ParseResult parsed,
        Terminal terminal,
        bool sendsNothing,
        CancellationToken cancellationToken
    )
    {
        var useSandbox = parsed.GetValue(_sandbox);
        var serverUrl = parsed.GetValue(_serverUrl);
        if (useSandbox && serverUrl is not null)
        {
            throw new UsageException("--sandbox and --server-url: give one of them.");
        }

        var options = new OrqClientOptions();
        if (serverUrl is not null)
        {
            options.ServerUrl = Uri.TryCreate(serverUrl, UriKind.Absolute, out var url)
                ? Checked("--server-url", () => options.ServerUrl = url)
                : throw new UsageException("--server-url: not an absolute URL.");
        }

        options.TotalTimeout = parsed.GetValue(_timeout) ?? options.TotalTimeout;
        options.Retry.Backoff.MaxElapsedTime =
            parsed.GetValue(_maxElapsed) ?? options.Retry.Backoff.MaxElapsedTime;
        if (parsed.GetValue(_verbose))
        {
            options.LoggerFactory = new ErrorLog(terminal.Error);
        }

        if (sendsNothing)
        {
            options.ApiKey = "none";
            return new Connection(options, null, new HttpClient(new NothingIsSent()));
        }

        if (useSandbox)
        {
            var sandbox = await OrqSandbox
                .StartAsync(
                    new OrqSandboxOptions { RecordRequests = false, MaxContacts = 10_000 },
                    cancellationToken
                )
                .ConfigureAwait(false);
            options.ServerUrl = sandbox.ServerUrl;
            options.ApiKey = sandbox.ApiKey;
            return new Connection(options, sandbox, null);
        }

        var key = terminal.Environment("ORQ_API_KEY");
        if (string.IsNullOrEmpty(key))
        {
            throw new UsageException(
                "No API key: set ORQ_API_KEY to a key of your workspace, or try it out with --sandbox.",
                ExitCode.Authentication
            );
        }

        options.ApiKey = Checked(
            "ORQ_API_KEY",
            () => options.ApiKey = key,
            ExitCode.Authentication
        );
        return new Connection(options, null, null);
    }

    private static T Checked<T>(string what, Func<T> set, int exitCode = ExitCode.Usage)
    {
        try
        {
            return set();
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{what}: {CommandLine.WithoutParameter(e)}", exitCode);
        }
    }

    /// <summary>Answers every request with the smallest contact there is.</summary>
    private sealed class NothingIsSent : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) =>
            Task.FromResult(
                new HttpResponseMessage
                {
                    Content = new StringContent("""{"_id":"-","external_id":"-"}"""),
                    RequestMessage = request,
                }
            );
    }
}

/// <summary>A client, and what was made for it alone.</summary>
internal sealed class Connection : IAsyncDisposable
{
    private readonly ContactsClient _client;
    private readonly OrqSandbox? _sandbox;
    private readonly HttpClient? _httpClient;

    public Connection(OrqClientOptions options, OrqSandbox? sandbox, HttpClient? httpClient)
    {
        _sandbox = sandbox;
        // A sandbox has another port each time.
        Server = sandbox is null ? options.ServerUrl.AbsoluteUri : "sandbox";
        _httpClient = httpClient;
        _client = httpClient is null
            ? new ContactsClient(options)
            : new ContactsClient(httpClient, options);
    }

    public IContactsClient Client => _client;

    /// <summary>The server's URL, or "sandbox" for one of its own.</summary>
    public string Server { get; }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _httpClient?.Dispose();
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync().ConfigureAwait(false);
        }
    }
}

/// <summary>Writes the client's log to stderr, one line each.</summary>
internal sealed class ErrorLog(TextWriter error) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) { }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => error.WriteLine(formatter(state, exception));

    public void Dispose() { }
}
