using System.CommandLine;
using System.Globalization;

namespace OrqGenerated.Cli;

/// <summary>A number per time, such as 100/min.</summary>
internal sealed record Rate(int Count, TimeSpan Window)
{
    public double PerSecond => Count / Window.TotalSeconds;
}

/// <summary>Creates options; for a wrong value, the error says in plain words what they take.</summary>
internal static class Values
{
    public static Option<bool> Flag(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description };

    public static Option<string?> Text(string name, string valueName, string description) =>
        new(name) { Description = description, HelpName = valueName };

    /// <summary>An option that may be repeated.</summary>
    public static Option<string[]> Texts(string name, string valueName, string description) =>
        new(name) { Description = description, HelpName = valueName };

    public static Option<int?> Number(string name, int minimum, int maximum, string description) =>
        Parsed<int?>(
            name,
            "N",
            description,
            $"a whole number from {minimum} to {maximum}",
            text => ParseWhole(text) is { } number && number >= minimum && number <= maximum ? number : null
        );

    public static Option<TimeSpan?> Duration(string name, string description) =>
        Parsed(
            name,
            "TIME",
            description + " Seconds, or with a unit: 500ms, 30s, 2m, 1h.",
            "a time above zero, such as 30, 500ms, 2m or 1h",
            ParseDuration
        );

    public static Option<string?> File(string name, string description) =>
        Parsed(name, "FILE", description, "the path of a file", text => text.Length > 0 ? text : null);

    public static Option<Rate?> Rate(string name, string description) =>
        Parsed(name, "N/s|N/min", description, "a rate such as 5/s or 100/min", ParseRate);

    /// <summary>An option whose value <paramref name="parse"/> reads; null is an invalid one.</summary>
    public static Option<T> Parsed<T>(
        string name,
        string valueName,
        string description,
        string expected,
        Func<string, T> parse
    ) =>
        new(name)
        {
            Description = description,
            HelpName = valueName,
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                var value = parse(text);
                if (value is null)
                    result.AddError($"{name} {text}: give {expected}.");

                return value;
            },
        };

    /// <summary>A number of digits alone; null for anything else.</summary>
    public static int? ParseWhole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A number without sign and exponent; null for anything else.</summary>
    public static double? ParseNumber(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static TimeSpan? ParseDuration(string text)
    {
        var (number, seconds) = text switch
        {
            [.. var start, 'm', 's'] => (start, 0.001),
            [.. var start, 's'] => (start, 1),
            [.. var start, 'm'] => (start, 60),
            [.. var start, 'h'] => (start, 3600),
            _ => (text, 1),
        };
        var time = ParseNumber(number) * seconds;
        return time >= 0.001 && time <= TimeSpan.FromDays(24).TotalSeconds ? TimeSpan.FromSeconds(time.Value) : null;
    }

    private static Rate? ParseRate(string text) =>
        text.Split('/') is [var count, ("s" or "min") and var unit] && ParseWhole(count) is > 0 and var number
            ? new Rate(number, unit == "s" ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(1))
            : null;
}
