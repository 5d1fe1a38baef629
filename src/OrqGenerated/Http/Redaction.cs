using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OrqGenerated.Internal;

/// <summary>
/// Takes the key and every text of the request out of a server's words, so that they can stand in a message or a log.
/// </summary>
internal static partial class Redaction
{
    private const int LongestExcerpt = 200;

    /// <summary>Where an excerpt is looked for: a request can hold thousands of texts, and an answer a million characters.</summary>
    private const int LongestSearch = 1000;

    /// <summary>Texts this short are common parts of other words, and only hidden where they stand alone.</summary>
    private const int ShortText = 3;

    private const char Hidden = '…';

    /// <summary>One line of at most 200 characters that holds none of the secrets.</summary>
    public static string Excerpt(string words, IEnumerable<string> secrets)
    {
        var line = OneLine(words);
        line = Without(line, Math.Min(line.Length, LongestSearch), secrets).Trim();
        if (line.Length <= LongestExcerpt)
        {
            return line;
        }

        var end = char.IsHighSurrogate(line[LongestExcerpt - 1])
            ? LongestExcerpt - 1
            : LongestExcerpt;
        return line[..end] + "…";
    }

    public static bool Holds(string words, IEnumerable<string> secrets)
    {
        var line = OneLine(words);
        return FindAll(line, line.Length, secrets).Any();
    }

    /// <summary>Words that are folded where a page or a terminal would fold them.</summary>
    private static string OneLine(string words) => Blank().Replace(words, " ").Trim();

    /// <summary>The first characters of the words, with each secret in or across them replaced.</summary>
    private static string Without(string words, int length, IEnumerable<string> secrets)
    {
        // Each character by itself, since secrets may overlap.
        var isHidden = new bool[length];
        foreach (var (start, end) in FindAll(words, length, secrets))
        {
            isHidden.AsSpan(start..Math.Min(end, length)).Fill(true);
        }

        var text = new StringBuilder(length);
        for (var i = 0; i < length; i++)
        {
            if (!isHidden[i])
            {
                text.Append(words[i]);
            }
            else if (i == 0 || !isHidden[i - 1])
            {
                text.Append(Hidden);
            }
        }

        return text.ToString();
    }

    /// <summary>Where the secrets stand, also as they look within JSON, HTML or a URL, if they begin within the length.</summary>
    private static IEnumerable<(int Start, int End)> FindAll(
        string words,
        int length,
        IEnumerable<string> secrets
    )
    {
        int Find(string secret, int from, int to) =>
            words.IndexOf(secret, from, to - from, StringComparison.OrdinalIgnoreCase);

        foreach (var secret in secrets.SelectMany(Spellings).ToHashSet(StringComparer.Ordinal))
        {
            var last = Math.Min(words.Length, length + secret.Length - 1);
            var start = Find(secret, 0, last);
            while (start >= 0)
            {
                var end = start + secret.Length;
                if (secret.Length > ShortText || StandsAlone(words, start, end))
                {
                    yield return (start, end);
                }

                start = Find(secret, start + 1, last);
            }
        }
    }

    private static bool StandsAlone(string words, int start, int end) =>
        (start == 0 || !char.IsLetterOrDigit(words[start - 1]))
        && (end == words.Length || !char.IsLetterOrDigit(words[end]));

    /// <summary>Every string value of a JSON text.</summary>
    public static List<string> StringsOf(ReadOnlySpan<byte> json)
    {
        var strings = new List<string>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 512 });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String)
                {
                    strings.Add(reader.GetString()!);
                }
            }
        }
        catch (JsonException)
        {
            // Only raw values of a caller's can be at fault; what was read so far is hidden.
        }

        return strings;
    }

    private static IEnumerable<string> Spellings(string secret)
    {
        if (string.IsNullOrWhiteSpace(secret))
        {
            yield break;
        }

        yield return secret;
        if (secret.All(char.IsAsciiLetterOrDigit))
        {
            yield break;
        }

        yield return OneLine(secret);
        yield return JsonEncodedText.Encode(secret).Value;
        yield return Newtonsoft.Json.JsonConvert.ToString(secret)[1..^1];
        var html = WebUtility.HtmlEncode(secret);
        yield return html;
        yield return html.Replace("&#39;", "&#x27;", StringComparison.Ordinal);
        yield return html.Replace("&#39;", "&apos;", StringComparison.Ordinal);
        yield return WebUtility.UrlEncode(secret);
        yield return Uri.EscapeDataString(secret);
    }

    [GeneratedRegex(@"[\s\p{Cc}\p{Cf}]+", RegexOptions.NonBacktracking)]
    private static partial Regex Blank();
}
