using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace OrqGenerated;

/// <summary>
/// Sets options from a configuration section, without the binder, which uses reflection and reads "30" as 30 days.
/// </summary>
internal static class OrqConfiguration
{
    /// <summary>
    /// Creates an action that sets the options. It throws an <see cref="OptionsValidationException"/> naming the key if
    /// one is unknown or has an invalid value.
    /// </summary>
    public static Action<OrqClientOptions> Of(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return options => Read(configuration, "", SettingsOf(options));
    }

    private static Dictionary<string, Action<IConfigurationSection>> SettingsOf(OrqClientOptions options)
    {
        // Others may share the current one.
        var retry = options.Retry.Copy();
        options.Retry = retry;
        return new(StringComparer.OrdinalIgnoreCase)
        {
            ["ApiKey"] = key => options.ApiKey = key.Value ?? "",
            ["ServerUrl"] = url => options.ServerUrl = new Uri(url.Value!, UriKind.RelativeOrAbsolute),
            ["AllowedHosts"] = hosts => Replace(options.AllowedHosts, hosts),
            ["AllowInsecureHosts"] = hosts => Replace(options.AllowInsecureHosts, hosts),
            ["Headers"] = headers =>
            {
                foreach (var header in Items(headers))
                    options.Headers[header.Key] = header.Value ?? "";
            },
            ["AttemptTimeout"] = time => options.AttemptTimeout = Time(time),
            ["TotalTimeout"] = time => options.TotalTimeout = Time(time),
            ["Retry:Strategy"] = name => retry.Strategy = Enum.Parse<RetryStrategy>(name.Value!, ignoreCase: true),
            ["Retry:StatusCodes"] = codes => retry.StatusCodes = [.. Items(codes).Select(Number)],
            ["Retry:MaxAttempts"] = count => retry.MaxAttempts = Number(count),
            ["Retry:RetryConnectionErrors"] = value => retry.RetryConnectionErrors = bool.Parse(value.Value!),
            ["Retry:Backoff:InitialInterval"] = time => retry.Backoff.InitialInterval = Time(time),
            ["Retry:Backoff:MaxInterval"] = time => retry.Backoff.MaxInterval = Time(time),
            ["Retry:Backoff:Exponent"] = factor =>
                retry.Backoff.Exponent = double.Parse(factor.Value!, NumberStyles.Float, CultureInfo.InvariantCulture),
            ["Retry:Backoff:MaxElapsedTime"] = time => retry.Backoff.MaxElapsedTime = Time(time),
        };
    }

    private static void Read(
        IConfiguration configuration,
        string path,
        Dictionary<string, Action<IConfigurationSection>> settings
    )
    {
        foreach (var section in Items(configuration))
        {
            if (section.Value is null && !Items(section).Any())
            {
                // A null in JSON sets nothing.
                continue;
            }

            if (settings.TryGetValue(path + section.Key, out var set))
            {
                try
                {
                    set(section);
                }
                catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
                {
                    throw Invalid(section, e.Message);
                }
            }
            else if (string.IsNullOrEmpty(section.Value))
            {
                Read(section, $"{path}{section.Key}:", settings);
            }
            else
            {
                throw Invalid(section, $"there is no such setting; use {string.Join(", ", settings.Keys)}.");
            }
        }
    }

    private static void Replace(ICollection<string> list, IConfigurationSection section)
    {
        list.Clear();
        foreach (var item in Items(section))
            list.Add(item.Value ?? "");
    }

    // An empty list in JSON arrives as an empty string.
    private static IEnumerable<IConfigurationSection> Items(IConfiguration configuration) =>
        configuration is IConfigurationSection { Value.Length: > 0 } section
            ? throw Invalid(section, "give a list or a section, not a value.")
            : configuration.GetChildren();

    private static int Number(IConfigurationSection section) => int.Parse(section.Value!, CultureInfo.InvariantCulture);

    private static TimeSpan Time(IConfigurationSection section) =>
        section.Value is "-00:00:00.001" or "-00:00:00.0010000" ? Timeout.InfiniteTimeSpan
        : TimeSpan.TryParseExact(
            section.Value,
            [@"hh\:mm\:ss", @"hh\:mm\:ss\.FFFFFFF", @"d\.hh\:mm\:ss", @"d\.hh\:mm\:ss\.FFFFFFF"],
            CultureInfo.InvariantCulture,
            out var time
        )
            ? time
        : throw Invalid(section, "give a time as [d.]hh:mm:ss[.f], for example 00:00:30 for 30 seconds.");

    private static OptionsValidationException Invalid(IConfigurationSection section, string reason) =>
        new(Options.DefaultName, typeof(OrqClientOptions), [$"Configuration {section.Path}: {reason}"]);
}
