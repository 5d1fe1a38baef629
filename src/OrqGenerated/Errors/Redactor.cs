using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>
/// Makes texts of a server or an exception fit for a message: one line each, without the call's keys and the strings of
/// its request. Only the beginning of a text is searched, so an error costs about as much as its call.
/// </summary>
internal static class Redactor
{
    private const char Gap = '…';

    private const int LongestExcerpt = 200;

    /// <summary>The length searched. Only its first half is shown, so that a string that begins there fits.</summary>
    public const int LongestSearch = 1000;

    /// <summary>Shorter strings are parts of too many words.</summary>
    private const int ShortestString = 4;

    /// <summary>Each text as one line, with gaps for keys and strings of the request, which may overlap.</summary>
    public static string[] Redact(Call call, params string?[] texts)
    {
        // Searched together, since a request can be long. None of its strings, as one line, contains a line break.
        var line = string.Join('\n', texts.Select(Line));
        var shown = line.ToCharArray();
        // Rules out most strings of a long request without a search for each of them.
        var starts = new HashSet<int>(line.Length);
        for (var at = 0; at <= line.Length - ShortestString; at++)
            starts.Add(HashOfStart(line.AsSpan(at)));

        foreach (var key in new[] { call.Key, call.RejectedKey }.OfType<ApiKey>())
            Fill(key.Text, isKey: true);

        foreach (var text in call.Request.ParameterValues.Concat(call.Settings.Headers.Values))
            Fill(text);

        // No error's body can repeat a longer string whole.
        var json = call.Request.Json;
        var buffer = ArrayPool<char>.Shared.Rent(Math.Min(json.Length, ResponseBody.ErrorLimit));
        var reader = new Utf8JsonReader(json, JsonText.Lenient);
        while (!json.IsEmpty && reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= buffer.Length)
                Fill(buffer.AsSpan(0, reader.CopyString(buffer)));
        }

        ArrayPool<char>.Shared.Return(buffer);
        return new string(shown).Split('\n');

        void Fill(ReadOnlySpan<char> text, bool isKey = false)
        {
            // Of a longer string, as much as ends within the length searched wherever it begins in the half shown.
            var value = OneLine(text, stackalloc char[LongestSearch / 2]);
            if (!isKey && (value.Length < ShortestString || !starts.Contains(HashOfStart(value))))
                return;

            var at = 0;
            while (line.AsSpan(at).IndexOf(value, StringComparison.OrdinalIgnoreCase) is >= 0 and var next)
            {
                shown.AsSpan(at + next, value.Length).Fill(Gap);
                at += next + 1;
            }
        }
    }

    /// <summary>The first 200 characters of a redacted line, and a gap if there are more.</summary>
    public static string Excerpt(string line)
    {
        var half = line.AsSpan(0, Math.Min(line.Length, LongestSearch / 2));
        var shown = OneLine(half, stackalloc char[LongestSearch / 2]).ToString();
        if (shown.Length <= LongestExcerpt)
            return shown;

        var end = char.IsHighSurrogate(shown[LongestExcerpt - 1]) ? LongestExcerpt - 1 : LongestExcerpt;
        return shown[..end] + Gap;
    }

    /// <summary>The searched beginning of a text, as one line.</summary>
    public static string Line(string? text) => OneLine(text, stackalloc char[LongestSearch]).ToString();

    /// <summary>As much of a text as fits, with a run of gaps, or of blanks and control characters, as one.</summary>
    private static ReadOnlySpan<char> OneLine(ReadOnlySpan<char> text, Span<char> line)
    {
        var length = 0;
        for (var i = 0; i < text.Length && length < line.Length; i++)
        {
            var c = IsBlank(text[i]) ? ' ' : text[i];
            if (c is not (' ' or Gap) || length == 0 || line[length - 1] != c)
                line[length++] = c;
        }

        return line[..length].Trim(' ');
    }

    private static bool IsBlank(char c) =>
        c is not (> ' ' and <= '~')
        && (char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format);

    private static int HashOfStart(ReadOnlySpan<char> text) =>
        string.GetHashCode(text[..ShortestString], StringComparison.OrdinalIgnoreCase);
}
