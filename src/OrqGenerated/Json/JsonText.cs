using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>Strings of a JSON text, also those that no valid UTF-16 text equals.</summary>
internal static class JsonText
{
    private const int LongestKnownName = 40;

    /// <summary>Property names recur, so the last ones seen are kept: one slot each, the newer wins.</summary>
    private static readonly KnownName?[] KnownNames = new KnownName?[256];

    public static string Name(ref Utf8JsonReader reader)
    {
        var utf8 = reader.ValueSpan;
        if (reader.ValueIsEscaped || utf8.Length is 0 or > LongestKnownName)
        {
            return Value(ref reader);
        }

        ref var slot = ref KnownNames[
            (utf8[0] * 31 + utf8[^1] * 7 + utf8[utf8.Length / 2] + utf8.Length) & 255
        ];
        var known = slot;
        if (known is not null && utf8.SequenceEqual(known.Utf8))
        {
            return known.Name;
        }

        var name = Value(ref reader);
        slot = new KnownName(utf8.ToArray(), name);
        return name;
    }

    /// <summary>The current string; what is not Unicode in it becomes U+FFFD.</summary>
    public static string Value(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return WithoutLoneSurrogates(Unescaped(Encoding.UTF8.GetString(reader.ValueSpan)));
        }
    }

    /// <summary>The string that a JSON text begins with, lone surrogates and all.</summary>
    public static string Exact(string json) => Unescaped(json.AsSpan(1));

    /// <summary>A string without its escapes, which need not be quite UTF-16; it ends at a quotation mark.</summary>
    private static string Unescaped(ReadOnlySpan<char> text)
    {
        var builder = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length && text[i] != '"'; i++)
        {
            if (text[i] != '\\')
            {
                builder.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == 'u')
            {
                builder.Append(
                    (char)
                        ushort.Parse(
                            text.Slice(i + 1, 4),
                            NumberStyles.AllowHexSpecifier,
                            CultureInfo.InvariantCulture
                        )
                );
                i += 4;
            }
            else
            {
                builder.Append(
                    text[i] switch
                    {
                        'b' => '\b',
                        'f' => '\f',
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        var other => other,
                    }
                );
            }
        }

        return builder.ToString();
    }

    private static string WithoutLoneSurrogates(string text)
    {
        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            builder.Append(rune);
        }

        return builder.ToString();
    }

    private sealed record KnownName(byte[] Utf8, string Name);
}
