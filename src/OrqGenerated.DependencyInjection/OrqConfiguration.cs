using System.Globalization;
using System.Numerics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace OrqGenerated;

/// <summary>
/// Sets options from a configuration section. By hand: the binder needs reflection and reads "30" as 30 days.
/// </summary>
internal static class OrqConfiguration
{
    /// <summary>Sets the options when they are first needed.</summary>
    public static Action<OrqClientOptions> Of(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return options => Apply(configuration, options);
    }

    /// <exception cref="OptionsValidationException">
    /// A key is unknown, or a value is wrong; the message names the key.
    /// </exception>
    private static void Apply(IConfiguration configuration, OrqClientOptions options) =>
        Read(
            configuration,
            new(StringComparer.OrdinalIgnoreCase)
            {
                ["ApiKey"] = key => options.ApiKey = key.Value,
                ["ServerUrl"] = url => options.ServerUrl = new Uri(url.Value!, UriKind.RelativeOrAbsolute),
                ["AllowedHosts"] = hosts => Replace(options.AllowedHosts, hosts),
                ["AllowInsecureHosts"] = hosts => Replace(options.AllowInsecureHosts, hosts),
                ["Headers"] = headers =>
                {
                    foreach (var header in Items(headers))
                    {
                        options.Headers[header.Key] = header.Value ?? "";
                    }
                },
                ["AttemptTimeout"] = time => options.AttemptTimeout = Time(time),
                ["TotalTimeout"] = time => options.TotalTimeout = Time(time),
                ["Retry"] = section =>
                {
                    // The one that is set may be shared with others.
                    options.Retry = options.Retry.Copy();
                    Apply(section, options.Retry);
                },
            }
        );

    private static void Apply(IConfiguration configuration, RetryConfig retry) =>
        Read(
            configuration,
            new(StringComparer.OrdinalIgnoreCase)
            {
                ["Strategy"] = name =>
                    retry.Strategy =
                        Enum.TryParse<RetryStrategy>(name.Value, true, out var strategy)
                        && name.Value.All(char.IsAsciiLetter)
                            ? strategy
                            : throw Wrong(name, "give Backoff or None."),
                ["StatusCodes"] = codes =>
                    retry.StatusCodes = [.. Items(codes).Select(code => Number<int>(code, "a whole number"))],
                ["MaxAttempts"] = count => retry.MaxAttempts = Number<int>(count, "a whole number"),
                ["RetryConnectionErrors"] = value =>
                    retry.RetryConnectionErrors = bool.TryParse(value.Value, out var isOn)
                        ? isOn
                        : throw Wrong(value, "give true or false."),
                ["Backoff"] = section => Apply(section, retry.Backoff),
            }
        );

    private static void Apply(IConfiguration configuration, BackoffStrategy backoff) =>
        Read(
            configuration,
            new(StringComparer.OrdinalIgnoreCase)
            {
                ["InitialInterval"] = time => backoff.InitialInterval = Time(time),
                ["MaxInterval"] = time => backoff.MaxInterval = Time(time),
                ["Exponent"] = factor => backoff.Exponent = Number<double>(factor, "a number"),
                ["MaxElapsedTime"] = time => backoff.MaxElapsedTime = Time(time),
            }
        );

    private static void Read(IConfiguration configuration, Dictionary<string, Action<IConfigurationSection>> settings)
    {
        foreach (var section in Items(configuration))
        {
            if (!settings.TryGetValue(section.Key, out var set))
            {
                throw Wrong(section, $"there is no such setting; use {string.Join(", ", settings.Keys)}.");
            }

            try
            {
                // A null in JSON is not given.
                if (section.Value is not null || section.GetChildren().Any())
                {
                    set(section);
                }
            }
            catch (Exception exception) when (exception is ArgumentException or UriFormatException)
            {
                throw Wrong(section, exception.Message);
            }
        }
    }

    private static void Replace(ICollection<string> list, IConfigurationSection section)
    {
        list.Clear();
        foreach (var item in Items(section))
        {
            list.Add(item.Value ?? "");
        }
    }

    // An empty list in JSON is an empty text.
    private static IEnumerable<IConfigurationSection> Items(IConfiguration configuration) =>
        configuration is IConfigurationSection { Value.Length: > 0 } section
            ? throw Wrong(section, "give a list or a section, not a value.")
            : configuration.GetChildren();

    private static T Number<T>(IConfigurationSection section, string what)
        where T : INumberBase<T> =>
        T.TryParse(section.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Wrong(section, $"give {what}.");

    private static TimeSpan Time(IConfigurationSection section) =>
        section.Value is "-00:00:00.001" or "-00:00:00.0010000" ? Timeout.InfiniteTimeSpan
        : TimeSpan.TryParseExact(
            section.Value,
            [@"hh\:mm\:ss", @"hh\:mm\:ss\.FFFFFFF", @"d\.hh\:mm\:ss", @"d\.hh\:mm\:ss\.FFFFFFF"],
            CultureInfo.InvariantCulture,
            out var time
        )
            ? time
        : throw Wrong(section, "give a time as [d.]hh:mm:ss[.f], for example 00:00:30 for 30 seconds.");

    private static OptionsValidationException Wrong(IConfigurationSection section, string reason) =>
        new(Options.DefaultName, typeof(OrqClientOptions), [$"Configuration {section.Path}: {reason}"]);
}
