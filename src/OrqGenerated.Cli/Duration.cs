using System.CommandLine;
using System.Globalization;

namespace OrqGenerated.Cli;

/// <summary>Times on the command line: <c>30</c>, <c>1.5s</c>, <c>500ms</c>, <c>2m</c>, <c>1h</c>.</summary>
internal static class Duration
{
    private static readonly (string Suffix, double Seconds)[] Units =
    [
        ("ms", 0.001),
        ("s", 1),
        ("m", 60),
        ("h", 3600),
        ("", 1),
    ];

    public static Option<TimeSpan?> Option(string name, string description) =>
        new(name)
        {
            Description = description + " Seconds, or with a unit: 500ms, 30s, 2m, 1h.",
            HelpName = "TIME",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (Parse(text) is { } time)
                {
                    return time;
                }

                result.AddError(
                    $"{name} {text}: not a time above zero, such as 30, 500ms, 2m or 1h."
                );
                return null;
            },
        };

    public static TimeSpan? Parse(string text)
    {
        var (suffix, seconds) = Array.Find(
            Units,
            unit => text.EndsWith(unit.Suffix, StringComparison.Ordinal)
        );
        var isNumber = double.TryParse(
            text.AsSpan(0, text.Length - suffix.Length),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        );
        var time = number * seconds;
        return isNumber && time >= 0.001 && time <= TimeSpan.FromDays(24).TotalSeconds
            ? TimeSpan.FromSeconds(time)
            : null;
    }
}
