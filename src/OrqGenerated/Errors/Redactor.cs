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

    /// <summary>The length searched. Only its first half is shown, so that no shown string extends past it.</summary>
    private const int LongestSearch = 1000;

    /// <summary>Shorter strings are parts of too many words.</summary>
    private const int ShortestString = 4;

    /// <summary>Longer strings, in bytes, are not searched for: no error's body can repeat them whole.</summary>
    private const int LongestString = ResponseBody.ErrorLimit;

    /// <summary>At most 200 characters of each text, with each string of the request replaced by <c>…</c>.</summary>
    public static string[] Excerpts(Call call, params string?[] texts)
    {
        // Searched together, since a request can be long. None of its strings, as one line, contains a line break.
        var lines = string.Join('\n', texts.Select(Line));
        return Array.ConvertAll(Hide(lines, call).Split('\n'), Excerpt);
    }

    /// <summary>Whether a text contains a key or a string of the request, or is too long to tell.</summary>
    public static bool MayNeedRedaction(Call call, string text)
    {
        var line = Line(text);
        return text.Length > LongestSearch || Hide(line, call) != line;
    }

    private static string Excerpt(string line)
    {
        var half = line.AsSpan(0, Math.Min(line.Length, LongestSearch / 2));
        var shown = OneLine(half, stackalloc char[LongestSearch / 2]).ToString();
        if (shown.Length <= LongestExcerpt)
            return shown;

        var end = char.IsHighSurrogate(shown[LongestExcerpt - 1]) ? LongestExcerpt - 1 : LongestExcerpt;
        return shown[..end] + Gap;
    }

    private static string Line(string? text) => OneLine(text, stackalloc char[LongestSearch]).ToString();

    /// <summary>As much of a text as fits, with runs of gaps, and of blanks and control characters, as one.</summary>
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

    /// <summary>Fills each string in a line with gaps. Strings may overlap.</summary>
    private static string Hide(string line, Call call)
    {
        var shown = line.ToCharArray();
        foreach (var key in new[] { call.Key, call.RejectedKey }.OfType<ApiKey>())
            Fill(key.Text);

        var starts = new HashSet<int>(line.Length);
        for (var at = 0; at <= line.Length - ShortestString; at++)
            starts.Add(HashOfStart(line.AsSpan(at)));

        foreach (var text in call.Request.ParameterValues.Concat(call.Settings.Headers.Values))
            FillString(text);

        var buffer = ArrayPool<char>.Shared.Rent(Math.Min(call.Request.Json.Length, LongestString));
        var reader = new Utf8JsonReader(call.Request.Json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (!call.Request.Json.IsEmpty && reader.Read())
        {
            var isString = reader.TokenType == JsonTokenType.String;
            if (isString && reader.ValueSpan.Length is >= ShortestString and <= LongestString)
                FillString(buffer.AsSpan(0, reader.CopyString(buffer)));
        }

        ArrayPool<char>.Shared.Return(buffer);
        return new string(shown);

        void FillString(ReadOnlySpan<char> text)
        {
            // Two more characters, for a blank on either side.
            var start = OneLine(text, stackalloc char[ShortestString + 2]);
            if (start.Length >= ShortestString && starts.Contains(HashOfStart(start)))
                Fill(text);
        }

        void Fill(ReadOnlySpan<char> text)
        {
            // Enough of it to be found if the line is too short to contain it whole.
            var value = OneLine(text, stackalloc char[LongestSearch / 2]);
            var at = 0;
            while (line.AsSpan(at).IndexOf(value, StringComparison.OrdinalIgnoreCase) is >= 0 and var next)
            {
                shown.AsSpan(at + next, value.Length).Fill(Gap);
                at += next + 1;
            }
        }
    }

    private static int HashOfStart(ReadOnlySpan<char> text) =>
        string.GetHashCode(text[..ShortestString], StringComparison.OrdinalIgnoreCase);
}
