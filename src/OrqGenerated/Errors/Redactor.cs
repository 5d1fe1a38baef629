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

    /// <summary>Longer ones are not searched for, in bytes: nobody repeats them as a whole.</summary>
    private const int LongestText = 64 * 1024;

    private readonly List<string> _hidden = [];

    public Redactor(Call call)
    {
        _hidden.AddRange(new[] { call.Key, call.RefusedKey }.OfType<ApiKey>().Select(key => Beginning(key.Text)));
        foreach (var text in call.Request.ParameterTexts.Concat(call.Settings.Headers.Values))
        {
            Add(text);
        }

        var json = call.Request.Json;
        var reader = new Utf8JsonReader(
            json.IsEmpty ? "null"u8 : json,
            new JsonReaderOptions { MaxDepth = int.MaxValue }
        );
        while (reader.Read())
        {
            if (
                reader.TokenType == JsonTokenType.String
                && reader.ValueSpan.Length is >= ShortestText and <= LongestText
            )
            {
                Add(reader.GetString()!);
            }
        }
    }

    /// <summary>At most 200 characters of the words, with each text of the request replaced by <c>…</c>.</summary>
    public string Excerpt(string words)
    {
        var line = Hide(OneLine(words, LongestSearch));
        var shown = Fold(line[..Math.Min(line.Length, LongestSearch / 2)], LongestSearch, c => c == Gap, Gap);
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

    private void Add(string text)
    {
        var line = Beginning(text);
        if (line.Length >= ShortestText)
        {
            _hidden.Add(line);
        }
    }

    /// <summary>Enough of a text to find it where it is too long to stand in the line as a whole.</summary>
    private static string Beginning(string text) => OneLine(text, LongestSearch / 2);

    /// <summary>The text in one line: blanks and control characters are folded.</summary>
    private static string OneLine(string text, int longest)
    {
        // A blank before the text does not count.
        var line = Fold(text, longest + 1, IsBlank, ' ').TrimStart(' ');
        return line[..Math.Min(line.Length, longest)].TrimEnd(' ');
    }

    private static bool IsBlank(char c) =>
        char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format;

    /// <summary>Makes one character of each run of such characters, up to a length of what comes out.</summary>
    private static string Fold(string text, int longest, Predicate<char> isFolded, char single)
    {
        var folded = new StringBuilder();
        for (var i = 0; i < text.Length && folded.Length < longest; i++)
        {
            if (!isFolded(text[i]))
            {
                folded.Append(text[i]);
            }
            else if (folded.Length == 0 || folded[^1] != single)
            {
                folded.Append(single);
            }
        }

        return folded.ToString();
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
