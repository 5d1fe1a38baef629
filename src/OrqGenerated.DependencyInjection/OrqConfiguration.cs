using Microsoft.Extensions.Configuration;

namespace OrqGenerated;

/// <summary>
/// What a configuration section can hold. Everything is null until it is given, so that the binder adds to no default
/// list and writes to nothing that clients share.
/// </summary>
internal sealed class OrqConfiguration
{
    public string? ApiKey { get; set; }

    public Uri? ServerUrl { get; set; }

    public List<string>? AllowedHosts { get; set; }

    public Dictionary<string, string>? Headers { get; set; }

    public TimeSpan? AttemptTimeout { get; set; }

    public TimeSpan? TotalTimeout { get; set; }

    public RetrySection? Retry { get; set; }

    public static OrqConfiguration Read(IConfiguration configuration) =>
        configuration.Get<OrqConfiguration>(binder => binder.ErrorOnUnknownConfiguration = true)
        ?? new();

    public void ApplyTo(OrqClientOptions options)
    {
        options.ApiKey = ApiKey ?? options.ApiKey;
        options.AttemptTimeout = AttemptTimeout ?? options.AttemptTimeout;
        options.TotalTimeout = TotalTimeout ?? options.TotalTimeout;
        if (ServerUrl is not null)
        {
            options.ServerUrl = ServerUrl;
        }

        if (AllowedHosts is not null)
        {
            options.AllowedHosts.Clear();
            AllowedHosts.ForEach(options.AllowedHosts.Add);
        }

        foreach (var (name, value) in Headers ?? [])
        {
            options.Headers[name] = value;
        }

        Retry?.ApplyTo(options.Retry);
    }

    internal sealed class RetrySection
    {
        public RetryStrategy? Strategy { get; set; }

        public bool? RetryConnectionErrors { get; set; }

        public List<int>? StatusCodes { get; set; }

        public int? MaxAttempts { get; set; }

        public BackoffSection? Backoff { get; set; }

        public void ApplyTo(RetryConfig retry)
        {
            retry.Strategy = Strategy ?? retry.Strategy;
            retry.RetryConnectionErrors = RetryConnectionErrors ?? retry.RetryConnectionErrors;
            retry.StatusCodes = StatusCodes ?? retry.StatusCodes;
            retry.MaxAttempts = MaxAttempts ?? retry.MaxAttempts;
            retry.Backoff = new BackoffStrategy(
                Backoff?.InitialInterval ?? retry.Backoff.InitialInterval,
                Backoff?.MaxInterval ?? retry.Backoff.MaxInterval,
                Backoff?.Exponent ?? retry.Backoff.Exponent,
                Backoff?.MaxElapsedTime ?? retry.Backoff.MaxElapsedTime
            );
        }
    }

    internal sealed class BackoffSection
    {
        public TimeSpan? InitialInterval { get; set; }

        public TimeSpan? MaxInterval { get; set; }

        public double? Exponent { get; set; }

        public TimeSpan? MaxElapsedTime { get; set; }
    }
}
