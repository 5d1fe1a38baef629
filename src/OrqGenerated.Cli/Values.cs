using System.CommandLine;
using System.Globalization;

namespace OrqGenerated.Cli;

/// <summary>A number per time, such as 100/min.</summary>
internal sealed record Rate(int Count, TimeSpan Window)
{
    public double PerSecond => Count / Window.TotalSeconds;
}

/// <summary>Options whose values are numbers, times and rates, and say in plain words what they take.</summary>
internal static class Values
{
    // The longest unit first: "ms" ends with "s", and everything with nothing.
    private static readonly (string Suffix, double Seconds)[] Units =
    [
        ("ms", 0.001),
        ("s", 1),
        ("m", 60),
        ("h", 3600),
        ("", 1),
    ];

    public static Option<int?> Number(string name, int minimum, int maximum, string description) =>
        Create<int?>(
            name,
            "N",
            description,
            $"a whole number from {minimum} to {maximum}",
            text => ParseWhole(text) is { } number && number >= minimum && number <= maximum ? number : null
        );

    public static Option<TimeSpan?> Duration(string name, string description) =>
        Create(
            name,
            "TIME",
            description + " Seconds, or with a unit: 500ms, 30s, 2m, 1h.",
            "a time above zero, such as 30, 500ms, 2m or 1h",
            ParseDuration
        );

    public static Option<string?> File(string name, string description) =>
        Create(name, "FILE", description, "the path of a file", text => text.Length > 0 ? text : null);

    public static Option<Rate?> Rate(string name, string description) =>
        Create(name, "N/s|N/min", description, "a rate such as 5/s or 100/min", ParseRate);

    /// <summary>An option whose value <paramref name="parse"/> reads; null says that it is not as expected.</summary>
    public static Option<T> Create<T>(
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
                {
                    result.AddError($"{name} {text}: give {expected}.");
                }

                return value;
            },
        };

    /// <summary>The number that the digits make; null for another text.</summary>
    public static int? ParseWhole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The number, without a sign or an exponent; null for another text.</summary>
    public static double? ParseNumber(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static TimeSpan? ParseDuration(string text)
    {
        var (suffix, seconds) = Array.Find(Units, unit => text.EndsWith(unit.Suffix, StringComparison.Ordinal));
        var time = ParseNumber(text[..^suffix.Length]) * seconds;
        return time >= 0.001 && time <= TimeSpan.FromDays(24).TotalSeconds ? TimeSpan.FromSeconds(time.Value) : null;
    }

    private static Rate? ParseRate(string text) =>
        text.Split('/') is [var count, ("s" or "min") and var unit] && ParseWhole(count) is > 0 and var number
            ? new Rate(number, unit == "s" ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(1))
            : null;
}
