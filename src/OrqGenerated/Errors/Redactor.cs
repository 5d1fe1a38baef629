using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>
/// Makes the words of a server or an exception fit for a message: one line, without the call's keys and the texts of
/// its request. Only the beginning of the words is searched, so an error costs no more than its call.
/// </summary>
internal sealed class Redactor(OrqRequest request, CallSettings settings, CallProgress progress)
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

    /// <summary>At most 200 characters of the words, with each text of the request replaced by <c>…</c>.</summary>
    public string Excerpt(string words)
    {
        var line = Line(words);
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
    public bool Holds(string words) => words.Length > LongestSearch || Find(Line(words)).Contains(true);

    private static ReadOnlySpan<char> Line(string words) =>
        OneLine(words.AsSpan(0, Math.Min(words.Length, LongestSearch)), new char[LongestSearch]);

    /// <summary>Folds a text into one line: each run of blanks and control characters becomes one blank.</summary>
    /// <param name="text">The text; it may be the buffer's beginning.</param>
    /// <param name="buffer">At least as long as the text.</param>
    private static ReadOnlySpan<char> OneLine(ReadOnlySpan<char> text, Span<char> buffer)
    {
        var length = 0;
        foreach (var c in text)
        {
            var isBlank =
                char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format;
            if (!isBlank)
            {
                buffer[length++] = c;
            }
            else if (length > 0 && buffer[length - 1] != ' ')
            {
                buffer[length++] = ' ';
            }
        }

        return buffer[..length].TrimEnd(' ');
    }

    /// <summary>
    /// Finds the characters of a line that belong to a key or a text of the request. Texts may overlap.
    /// </summary>
    private bool[] Find(ReadOnlySpan<char> line)
    {
        var isFound = new bool[line.Length];
        foreach (var key in new[] { progress.Key, progress.RefusedKey }.OfType<ApiKey>())
        {
            Mark(line, key.Text, isFound);
        }

        var buffer = ArrayPool<char>.Shared.Rent(LongestText);
        foreach (var text in request.ParameterTexts.Concat(settings.Headers.Values))
        {
            FindText(line, text, buffer, isFound);
        }

        if (request.Body is not null)
        {
            FindStrings(line, request.Body.Json, buffer, isFound);
        }

        ArrayPool<char>.Shared.Return(buffer);
        return isFound;
    }

    /// <summary>Finds the string values of a JSON text, without an allocation for each.</summary>
    private static void FindStrings(ReadOnlySpan<char> line, ReadOnlySpan<byte> json, char[] buffer, bool[] isFound)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= LongestText)
            {
                FindText(line, buffer.AsSpan(0, reader.CopyString(buffer)), buffer, isFound);
            }
        }
    }

    private static void FindText(ReadOnlySpan<char> line, ReadOnlySpan<char> text, char[] buffer, bool[] isFound)
    {
        // The beginning is enough to find a text that is too long to stand in the line as a whole.
        var folded = OneLine(text[..Math.Min(text.Length, LongestSearch / 2)], buffer);
        if (folded.Length >= ShortestText)
        {
            Mark(line, folded, isFound);
        }
    }

    private static void Mark(ReadOnlySpan<char> line, ReadOnlySpan<char> text, Span<bool> isFound)
    {
        for (var start = 0; ; start++)
        {
            var at = line[start..].IndexOf(text, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                return;
            }

            start += at;
            isFound.Slice(start, text.Length).Fill(true);
        }
    }
}
