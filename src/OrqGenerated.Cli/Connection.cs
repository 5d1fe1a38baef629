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

    public IEnumerable<Option> All => [_sandbox, _serverUrl, _timeout, _maxElapsed, Verbose];

    /// <summary>Makes the client; with <c>--sandbox</c>, its server too.</summary>
    /// <exception cref="CommandException">The server's URL or the key cannot be one, or the key is missing.</exception>
    public async Task<Connection> OpenAsync(ParseResult parsed, string? apiKey, CallLog log, CancellationToken starting)
    {
        var serverUrl = parsed.GetValue(_serverUrl);
        var options = new OrqClientOptions { LoggerFactory = log };
        var backoff = options.Retry.Backoff;
        backoff.MaxElapsedTime = parsed.GetValue(_maxElapsed) ?? backoff.MaxElapsedTime;
        options.TotalTimeout = parsed.GetValue(_timeout) ?? options.TotalTimeout;
        if (parsed.GetValue(_sandbox))
        {
            if (serverUrl is not null)
            {
                throw new CommandException("--sandbox and --server-url: give one of them.");
            }

            var sandbox = await OrqSandbox.StartAsync(new() { RecordRequests = false, MaxContacts = 10_000 }, starting);
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
            options.ServerUrl =
                serverUrl is null ? options.ServerUrl
                : !Uri.TryCreate(serverUrl, UriKind.Absolute, out var url)
                    ? throw new CommandException("--server-url: not an absolute URL.")
                : url;
            return new Connection(options, sandbox: null);
        }
        catch (ArgumentException e)
        {
            var what = e.ParamName == nameof(options.ApiKey) ? "ORQ_API_KEY" : "--server-url";
            throw new CommandException($"{what}: {CommandLine.WithoutParameter(e)}");
        }
    }
}

/// <summary>A client, and the sandbox that was started for it.</summary>
internal sealed class Connection(OrqClientOptions options, OrqSandbox? sandbox) : IAsyncDisposable
{
    public ContactsClient Client { get; } = new(options);

    /// <summary>The server's URL, or "sandbox" for one of its own, which has another port each time.</summary>
    public string Server { get; } = sandbox is null ? options.ServerUrl.AbsoluteUri : "sandbox";

    public string ApiKey { get; } = options.ApiKey!;

    public RetryConfig Retry { get; } = options.Retry;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (sandbox is not null)
        {
            await sandbox.DisposeAsync();
        }
    }
}
