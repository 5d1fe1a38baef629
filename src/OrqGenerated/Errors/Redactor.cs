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
        _hidden.AddRange(new[] { call.Key, call.RefusedKey }.OfType<ApiKey>().Select(key => key.Text));
        foreach (var text in call.Request.ParameterTexts.Concat(call.Settings.Headers.Values))
        {
            Hide(text);
        }

        if (call.Request.Body is not { } body)
        {
            return;
        }

        var reader = new Utf8JsonReader(body.Json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (
                reader.TokenType == JsonTokenType.String
                && reader.ValueSpan.Length is >= ShortestText and <= LongestText
            )
            {
                Hide(reader.GetString()!);
            }
        }
    }

    /// <summary>At most 200 characters of the words, with each text of the request replaced by <c>…</c>.</summary>
    public string Excerpt(string words)
    {
        var line = OneLine(words, LongestSearch);
        var isHidden = Find(line);
        var excerpt = new StringBuilder();
        for (var i = 0; i < Math.Min(line.Length, LongestSearch / 2); i++)
        {
            if (!isHidden[i])
            {
                excerpt.Append(line[i]);
            }
            else if (i == 0 || !isHidden[i - 1])
            {
                excerpt.Append('…');
            }
        }

        if (excerpt.Length > LongestExcerpt)
        {
            excerpt.Length = char.IsHighSurrogate(excerpt[LongestExcerpt - 1]) ? LongestExcerpt - 1 : LongestExcerpt;
            excerpt.Append('…');
        }

        return excerpt.ToString();
    }

    /// <summary>Whether the words hold a key or a text of the request, or are too long to tell.</summary>
    public bool Holds(string words) =>
        words.Length > LongestSearch || Array.IndexOf(Find(OneLine(words, LongestSearch)), true) >= 0;

    private void Hide(string text)
    {
        // The beginning is enough to find a text that is too long to stand in the line as a whole.
        var line = OneLine(text, LongestSearch / 2);
        if (line.Length >= ShortestText)
        {
            _hidden.Add(line);
        }
    }

    /// <summary>Folds a text into one line: each run of blanks and control characters becomes one blank.</summary>
    private static string OneLine(string text, int longest)
    {
        var line = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, longest)))
        {
            var isBlank =
                char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format;
            if (!isBlank)
            {
                line.Append(c);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().TrimEnd(' ');
    }

    /// <summary>Finds the characters of a line that are to be hidden. Texts may overlap.</summary>
    private bool[] Find(string line)
    {
        var isFound = new bool[line.Length];
        foreach (var text in _hidden)
        {
            for (var at = 0; (at = line.IndexOf(text, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
            {
                isFound.AsSpan(at, text.Length).Fill(true);
            }
        }

        return isFound;
    }
}
