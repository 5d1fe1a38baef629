using System.CommandLine;
using OrqGenerated.Sandbox;

namespace OrqGenerated.Cli;

/// <summary>The options for the server, the key and time limits.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<bool> _sandbox = new("--sandbox")
    {
        Description = "Use an in-process server instead of the API; no key is needed, and nothing is kept.",
    };

    private readonly Option<string?> _serverUrl = new("--server-url")
    {
        Description = "Where the API is, if not at https://my.orq.ai.",
        HelpName = "URL",
    };

    private readonly Option<TimeSpan?> _timeout = Values.Duration(
        "--timeout",
        "The longest that one contact may take, with all attempts; no limit by default."
    );

    private readonly Option<TimeSpan?> _maxElapsed = Values.Duration(
        "--max-elapsed",
        "How long a contact is retried; 2m by default."
    );

    public Option<bool> Verbose { get; } =
        new("--verbose", "-v") { Description = "Log every attempt on stderr, with the row that it is for." };

    public void AddTo(Command command)
    {
        command.Add(_sandbox);
        command.Add(_serverUrl);
        command.Add(_timeout);
        command.Add(_maxElapsed);
        command.Add(Verbose);
    }

    /// <summary>The retry configuration, with the limit of --max-elapsed.</summary>
    public RetryConfig Retry(ParseResult parsed)
    {
        var retry = RetryConfig.Default;
        retry.Backoff.MaxElapsedTime = parsed.GetValue(_maxElapsed) ?? retry.Backoff.MaxElapsedTime;
        return retry;
    }

    /// <summary>Makes the client; with <c>--sandbox</c>, its server too.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where the key comes from.</param>
    /// <param name="log">The client's log.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public async Task<Connection> OpenAsync(
        ParseResult parsed,
        Terminal terminal,
        CallLog log,
        CancellationToken cancellationToken
    )
    {
        var useSandbox = parsed.GetValue(_sandbox);
        var serverUrl = parsed.GetValue(_serverUrl);
        if (useSandbox && serverUrl is not null)
        {
            throw new CommandException("--sandbox and --server-url: give one of them.");
        }

        var options = new OrqClientOptions { LoggerFactory = log, Retry = Retry(parsed) };
        options.TotalTimeout = parsed.GetValue(_timeout) ?? options.TotalTimeout;
        if (serverUrl is not null)
        {
            options.ServerUrl = Uri.TryCreate(serverUrl, UriKind.Absolute, out var url)
                ? Checked("--server-url", () => options.ServerUrl = url)
                : throw new CommandException("--server-url: not an absolute URL.");
        }

        if (useSandbox)
        {
            var sandbox = await OrqSandbox.StartAsync(
                new OrqSandboxOptions { RecordRequests = false, MaxContacts = 10_000 },
                cancellationToken
            );
            options.ServerUrl = sandbox.ServerUrl;
            options.ApiKey = sandbox.ApiKey;
            return new Connection(options, sandbox);
        }

        var key = terminal.Environment("ORQ_API_KEY");
        if (string.IsNullOrEmpty(key))
        {
            throw new CommandException(
                "No API key: set ORQ_API_KEY to a key of your workspace, or try it out with --sandbox."
            );
        }

        options.ApiKey = Checked("ORQ_API_KEY", () => options.ApiKey = key);
        return Checked("--server-url", () => new Connection(options, sandbox: null));
    }

    private static T Checked<T>(string what, Func<T> set)
    {
        try
        {
            return set();
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"{what}: {CommandLine.WithoutParameter(e)}");
        }
    }
}

/// <summary>A client, and the sandbox that was started for it.</summary>
internal sealed class Connection(OrqClientOptions options, OrqSandbox? sandbox) : IAsyncDisposable
{
    private readonly ContactsClient _client = new(options);

    public IContactsClient Client => _client;

    /// <summary>The server's URL, or "sandbox" for one of its own, which has another port each time.</summary>
    public string Server { get; } = sandbox is null ? options.ServerUrl.AbsoluteUri : "sandbox";

    public string ApiKey { get; } = options.ApiKey!;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (sandbox is not null)
        {
            await sandbox.DisposeAsync();
        }
    }
}
