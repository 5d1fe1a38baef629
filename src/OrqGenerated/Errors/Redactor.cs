using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>
/// Makes the text of a server or an exception fit for a message: one line, without the call's keys and the strings of
/// its request. Only the beginning of the text is searched, so an error costs no more than its call.
/// </summary>
internal sealed class Redactor
{
    private const char Gap = '…';

    private const int LongestExcerpt = 200;

    /// <summary>The length searched. Only its first half is shown, so that no shown string extends past it.</summary>
    private const int LongestSearch = 1000;

    /// <summary>Shorter strings are parts of too many words.</summary>
    private const int ShortestString = 4;

    /// <summary>Longer strings, in bytes, are not searched for: no error's body can repeat them whole.</summary>
    private const int LongestString = ResponseBody.ErrorLimit;

    private readonly List<string> _hidden = [];

    public Redactor(Call call)
    {
        var keys = new[] { call.Key, call.RejectedKey }.OfType<ApiKey>().Select(key => key.Text);
        _hidden.AddRange(keys.Select(Beginning));
        _hidden.AddRange(RequestStrings(call).Select(Beginning).Where(text => text.Length >= ShortestString));
    }

    /// <summary>At most 200 characters of a text, with each string of the request replaced by <c>…</c>.</summary>
    public string Excerpt(string text)
    {
        var line = Hide(OneLine(text, LongestSearch));
        var shown = OneLine(line[..Math.Min(line.Length, LongestSearch / 2)], LongestSearch);
        if (shown.Length <= LongestExcerpt)
            return shown;

        var end = char.IsHighSurrogate(shown[LongestExcerpt - 1]) ? LongestExcerpt - 1 : LongestExcerpt;
        return shown[..end] + Gap;
    }

    /// <summary>Whether a text contains a key or a string of the request, or is too long to tell.</summary>
    public bool MayNeedRedaction(string text)
    {
        var line = OneLine(text, LongestSearch);
        return text.Length > LongestSearch || Hide(line) != line;
    }

    private static List<string> RequestStrings(Call call)
    {
        List<string> strings = [.. call.Request.ParameterValues, .. call.Settings.Headers.Values];
        var reader = new Utf8JsonReader(call.Request.Json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (!call.Request.Json.IsEmpty && reader.Read())
        {
            var isString = reader.TokenType == JsonTokenType.String;
            if (isString && reader.ValueSpan.Length is >= ShortestString and <= LongestString)
                strings.Add(reader.GetString()!);
        }

        return strings;
    }

    /// <summary>Enough of a string to find it if the line is too short to contain it whole.</summary>
    private static string Beginning(string value) => OneLine(value, LongestSearch / 2);

    private static bool IsBlank(char c) =>
        char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format;

    /// <summary>A text up to a length, with runs of gaps, and of blanks and control characters, as one.</summary>
    private static string OneLine(string text, int longest)
    {
        var line = new StringBuilder();
        for (var i = 0; i < text.Length && line.Length < longest; i++)
        {
            var c = IsBlank(text[i]) ? ' ' : text[i];
            if (c is not (' ' or Gap) || line.Length == 0 || line[^1] != c)
                line.Append(c);
        }

        return line.ToString().Trim();
    }

    /// <summary>Fills each string in a line with gaps. Strings may overlap.</summary>
    private string Hide(string line)
    {
        var shown = line.ToCharArray();
        foreach (var value in _hidden)
        {
            for (var at = 0; (at = line.IndexOf(value, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
                shown.AsSpan(at, value.Length).Fill(Gap);
        }

        return new string(shown);
    }
}
