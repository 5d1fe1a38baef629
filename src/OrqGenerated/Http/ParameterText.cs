using System.Globalization;

namespace OrqGenerated.Internal;

/// <summary>Path, query and header parameters, and keys of dictionaries, as text.</summary>
internal static class ParameterText
{
    public static string Of<T>(T value) =>
        value switch
        {
            string text => text,
            bool flag => flag ? "true" : "false",
            DateTime time => JsonTime.Format(time),
            DateTimeOffset time => JsonTime.Format(time),
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            byte[] bytes => Convert.ToBase64String(bytes),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value?.ToString() ?? "",
        };
}
