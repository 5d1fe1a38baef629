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

    /// <summary>Texts this short are common parts of other words, and only hidden where they stand alone.</summary>
    private const int ShortText = 3;

    private const string Hidden = "…";

    /// <summary>One line of at most 200 characters that holds none of the secrets.</summary>
    public static string Excerpt(string words, IEnumerable<string> secrets)
    {
        var text = Without(words, secrets);
        var line = Blank().Replace(text, " ").Trim();
        return line.Length <= LongestExcerpt ? line : line[..LongestExcerpt] + "…";
    }

    /// <summary>The words with each secret, also as it looks within JSON or a URL, replaced.</summary>
    public static string Without(string words, IEnumerable<string> secrets)
    {
        // The longest first: a secret within another would leave the rest of it standing.
        foreach (
            var secret in secrets
                .SelectMany(Spellings)
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(s => s.Length)
        )
        {
            words =
                secret.Length > ShortText
                    ? words.Replace(secret, Hidden, StringComparison.OrdinalIgnoreCase)
                    : Regex.Replace(
                        words,
                        $@"(?<!\w){Regex.Escape(secret)}(?!\w)",
                        Hidden,
                        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
                        TimeSpan.FromSeconds(1)
                    );
        }

        return words;
    }

    public static bool Holds(string words, IEnumerable<string> secrets) =>
        !string.Equals(words, Without(words, secrets), StringComparison.Ordinal);

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
                    strings.Add(JsonText.Value(ref reader));
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
        yield return JsonEncodedText.Encode(secret).Value;
        yield return Newtonsoft.Json.JsonConvert.ToString(secret)[1..^1];
        yield return System.Net.WebUtility.HtmlEncode(secret);
        var url = new StringBuilder();
        foreach (var rune in secret.EnumerateRunes())
        {
            url.Append(Uri.EscapeDataString(rune.ToString()));
        }

        yield return url.ToString();
    }

    [GeneratedRegex(@"[\s\p{C}]+", RegexOptions.NonBacktracking)]
    private static partial Regex Blank();
}
