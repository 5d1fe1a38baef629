using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace OrqGenerated;

/// <summary>
/// What a configuration section can hold. Everything is null until it is given, so that the binder adds to no default
/// list and writes to nothing that clients share. Lists are arrays: of a list, the binder does not tell empty from not given.
/// </summary>
internal sealed class OrqConfiguration
{
    public string? ApiKey { get; set; }

    public Uri? ServerUrl { get; set; }

    public string[]? AllowedHosts { get; set; }

    public Dictionary<string, string>? Headers { get; set; }

    public TimeSpan? AttemptTimeout { get; set; }

    public TimeSpan? TotalTimeout { get; set; }

    public RetrySection? Retry { get; set; }

    /// <summary>Sets the options that the section gives.</summary>
    /// <exception cref="OptionsValidationException">A key is unknown, or a value is wrong; the message names the key.</exception>
    public static void Apply(IConfiguration configuration, OrqClientOptions options)
    {
        var path = (configuration as IConfigurationSection)?.Path ?? "";
        try
        {
            // Without the switch a misspelt key, and an item of a list that is no number, would just be left out.
            var given = configuration.Get<OrqConfiguration>(binder =>
                binder.ErrorOnUnknownConfiguration = true
            );
            given?.ApplyTo(options, path);
        }
        catch (InvalidOperationException exception)
        {
            // Which item of a list is wrong is only said by the inner one.
            var reason = exception;
            while (reason.InnerException is InvalidOperationException inner)
            {
                reason = inner;
            }

            throw Wrong(path, reason.Message);
        }
    }

    private void ApplyTo(OrqClientOptions options, string path)
    {
        Set(ApiKey, path, nameof(ApiKey), key => options.ApiKey = key);
        Set(ServerUrl, path, nameof(ServerUrl), url => options.ServerUrl = url);
        Set(AttemptTimeout, path, nameof(AttemptTimeout), limit => options.AttemptTimeout = limit);
        Set(TotalTimeout, path, nameof(TotalTimeout), limit => options.TotalTimeout = limit);
        if (AllowedHosts is not null)
        {
            options.AllowedHosts.Clear();
            Array.ForEach(AllowedHosts, options.AllowedHosts.Add);
        }

        foreach (var (name, value) in Headers ?? [])
        {
            var headers = ConfigurationPath.Combine(path, nameof(Headers));
            Set(value, headers, name, text => options.Headers[name] = text);
        }

        if (Retry is not null)
        {
            // The one that is set may be shared with others.
            options.Retry = options.Retry.Copy();
            Retry.ApplyTo(options.Retry, ConfigurationPath.Combine(path, nameof(Retry)));
        }
    }

    private static void Set<T>(T? value, string path, string key, Action<T> set)
        where T : class
    {
        if (value is not null)
        {
            Try(() => set(value), path, key);
        }
    }

    private static void Set<T>(T? value, string path, string key, Action<T> set)
        where T : struct
    {
        if (value is { } given)
        {
            Try(() => set(given), path, key);
        }
    }

    private static void Try(Action set, string path, string key)
    {
        try
        {
            set();
        }
        catch (ArgumentException exception)
        {
            throw Wrong(ConfigurationPath.Combine(path, key), exception.Message);
        }
    }

    private static OptionsValidationException Wrong(string path, string message) =>
        new(
            Options.DefaultName,
            typeof(OrqClientOptions),
            [$"Configuration {path.TrimStart(':')}: {message}"]
        );

    internal sealed class RetrySection
    {
        public RetryStrategy? Strategy { get; set; }

        public bool? RetryConnectionErrors { get; set; }

        public int[]? StatusCodes { get; set; }

        public int? MaxAttempts { get; set; }

        public BackoffSection? Backoff { get; set; }

        public void ApplyTo(RetryConfig retry, string path)
        {
            Set(Strategy, path, nameof(Strategy), strategy => retry.Strategy = strategy);
            Set(StatusCodes, path, nameof(StatusCodes), codes => retry.StatusCodes = codes);
            Set(MaxAttempts, path, nameof(MaxAttempts), count => retry.MaxAttempts = count);
            retry.RetryConnectionErrors = RetryConnectionErrors ?? retry.RetryConnectionErrors;
            Backoff?.ApplyTo(retry.Backoff, ConfigurationPath.Combine(path, nameof(Backoff)));
        }
    }

    internal sealed class BackoffSection
    {
        public TimeSpan? InitialInterval { get; set; }

        public TimeSpan? MaxInterval { get; set; }

        public double? Exponent { get; set; }

        public TimeSpan? MaxElapsedTime { get; set; }

        public void ApplyTo(BackoffStrategy backoff, string path)
        {
            Set(InitialInterval, path, nameof(InitialInterval), t => backoff.InitialInterval = t);
            Set(MaxInterval, path, nameof(MaxInterval), t => backoff.MaxInterval = t);
            Set(Exponent, path, nameof(Exponent), factor => backoff.Exponent = factor);
            Set(MaxElapsedTime, path, nameof(MaxElapsedTime), t => backoff.MaxElapsedTime = t);
        }
    }
}
