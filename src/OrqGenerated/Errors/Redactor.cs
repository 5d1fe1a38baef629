using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>
/// Makes the words of a server or an exception fit for a message: one line, without the call's keys and the texts of
/// its request. Only the beginning of the words is searched, so an error costs no more than its call.
/// </summary>
internal sealed class Redactor
{
    private const char Gap = '…';

    private const int LongestExcerpt = 200;

    /// <summary>
    /// How far words are searched; only the first half is shown, so that no text is cut where it ends.
    /// </summary>
    private const int LongestSearch = 1000;

    /// <summary>Shorter texts are parts of too many other words.</summary>
    private const int ShortestText = 4;

    /// <summary>Longer ones, in bytes, are not searched for: no error's body can repeat them as a whole.</summary>
    private const int LongestText = ResponseBody.ErrorLimit;

    private readonly List<string> _hidden = [];

    public Redactor(Call call)
    {
        var keys = new[] { call.Key, call.RefusedKey }.OfType<ApiKey>().Select(key => key.Text);
        _hidden.AddRange(keys.Select(Beginning));
        _hidden.AddRange(Texts(call).Select(Beginning).Where(text => text.Length >= ShortestText));
    }

    /// <summary>At most 200 characters of the words, with each text of the request replaced by <c>…</c>.</summary>
    public string Excerpt(string words)
    {
        var line = Hide(OneLine(words, LongestSearch));
        var shown = OneLine(line[..Math.Min(line.Length, LongestSearch / 2)], LongestSearch);
        if (shown.Length <= LongestExcerpt)
        {
            return shown;
        }

        var end = char.IsHighSurrogate(shown[LongestExcerpt - 1]) ? LongestExcerpt - 1 : LongestExcerpt;
        return shown[..end] + Gap;
    }

    /// <summary>Whether the words hold a key or a text of the request, or are too long to tell.</summary>
    public bool Holds(string words)
    {
        var line = OneLine(words, LongestSearch);
        return words.Length > LongestSearch || Hide(line) != line;
    }

    private static List<string> Texts(Call call)
    {
        List<string> texts = [.. call.Request.ParameterTexts, .. call.Settings.Headers.Values];
        var reader = new Utf8JsonReader(call.Request.Json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (!call.Request.Json.IsEmpty && reader.Read())
        {
            var isText = reader.TokenType == JsonTokenType.String;
            if (isText && reader.ValueSpan.Length is >= ShortestText and <= LongestText)
            {
                texts.Add(reader.GetString()!);
            }
        }

        return texts;
    }

    /// <summary>Enough of a text to find it where it is too long to stand in the line as a whole.</summary>
    private static string Beginning(string text) => OneLine(text, LongestSearch / 2);

    private static bool IsBlank(char c) =>
        char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format;

    /// <summary>The text up to a length, with single gaps and single blanks, also for control characters.</summary>
    private static string OneLine(string text, int longest)
    {
        var line = new StringBuilder();
        for (var i = 0; i < text.Length && line.Length < longest; i++)
        {
            var c = IsBlank(text[i]) ? ' ' : text[i];
            if (c is not (' ' or Gap) || line.Length == 0 || line[^1] != c)
            {
                line.Append(c);
            }
        }

        return line.ToString().Trim();
    }

    /// <summary>Fills each text in a line with gaps. Texts may overlap.</summary>
    private string Hide(string line)
    {
        var shown = line.ToCharArray();
        foreach (var text in _hidden)
        {
            for (var at = 0; (at = line.IndexOf(text, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
            {
                shown.AsSpan(at, text.Length).Fill(Gap);
            }
        }

        return new string(shown);
    }
}
