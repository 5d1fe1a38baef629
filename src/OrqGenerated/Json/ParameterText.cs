using System.Globalization;

namespace OrqGenerated.Internal;

/// <summary>The string form of parameters, dictionary keys, and values for which JSON has no type.</summary>
internal static class ParameterText
{
    /// <summary>RFC 3339, without trailing zeros in the fraction of a second.</summary>
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    public static string Of<T>(T value) =>
        value switch
        {
            string text => text,
            bool flag => flag ? "true" : "false",
            DateTimeOffset { Offset.Ticks: 0 } time => Of(time.UtcDateTime),
            DateTimeOffset time => time.ToString(Time, CultureInfo.InvariantCulture),
            DateTime time => time.ToString(Time, CultureInfo.InvariantCulture),
            DateOnly date => date.ToString("O", CultureInfo.InvariantCulture),
            TimeOnly time => time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
            Uri uri => uri.OriginalString,
            byte[] bytes => Convert.ToBase64String(bytes),
            Memory<byte> bytes => Convert.ToBase64String(bytes.Span),
            ReadOnlyMemory<byte> bytes => Convert.ToBase64String(bytes.Span),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value?.ToString() ?? "",
        };
}
