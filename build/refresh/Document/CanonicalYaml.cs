using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrqGenerated.Refresh;

/// <summary>
/// Writes a tree as YAML in one form only; what it writes reads back as the same tree under YAML 1.1 and 1.2.
/// </summary>
internal static class CanonicalYaml
{
    /// <summary>What some version of YAML takes for null or a boolean.</summary>
    private static readonly HashSet<string> Typed = new(
        "null true false yes no on off y n".Split(' '),
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly Regex Version = new(@"^[0-9]+[.][0-9]+[.][0-9]+\z", RegexOptions.NonBacktracking);

    private static readonly Regex Plain = new(
        """^[A-Za-z_/$](?:[^][{}"\\:#\p{C}\u2028\u2029]|:(?! |\z)|(?<! )#)*(?<! )\z""",
        RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(10)
    );

    public static string Write(JsonObject root)
    {
        var yaml = new StringBuilder();
        WriteMapping(yaml, root, 0);
        return yaml.ToString();
    }

    private static void WriteMapping(StringBuilder yaml, JsonObject mapping, int indent)
    {
        foreach (var (key, value) in mapping)
        {
            Indent(yaml, indent).Append(Text(key)).Append(':');
            WriteValue(yaml, value, indent, key == "type");
        }
    }

    private static void WriteValue(StringBuilder yaml, JsonNode? value, int indent, bool inOneLine)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } mapping:
                yaml.Append('\n');
                WriteMapping(yaml, mapping, indent + 2);
                break;
            case JsonArray { Count: > 0 } sequence when !inOneLine:
                yaml.Append('\n');
                WriteSequence(yaml, sequence, indent + 2);
                break;
            default:
                yaml.Append(' ').Append(Flow(value)).Append('\n');
                break;
        }
    }

    private static void WriteSequence(StringBuilder yaml, JsonArray sequence, int indent)
    {
        foreach (var item in sequence)
        {
            Indent(yaml, indent).Append('-');
            if (item is JsonObject { Count: > 0 } mapping)
            {
                // The first key stands on the line of the dash.
                var start = yaml.Length;
                WriteMapping(yaml, mapping, indent + 2);
                yaml.Remove(start, indent + 1);
            }
            else
            {
                WriteValue(yaml, item, indent, item is JsonArray);
            }
        }
    }

    private static string Flow(JsonNode? value, bool inFlow = false) =>
        value switch
        {
            null => "null",
            JsonArray array => "[" + string.Join(", ", array.Select(i => Flow(i, true))) + "]",
            JsonObject mapping => "{"
                + string.Join(", ", mapping.Select(p => Quoted(p.Key) + ": " + Flow(p.Value, true)))
                + "}",
            _ when value.GetValueKind() == JsonValueKind.String => Text(value.ToString(), inFlow),
            _ => value.ToJsonString(),
        };

    private static StringBuilder Indent(StringBuilder yaml, int indent) => yaml.Append(' ', indent);

    private static string Text(string text, bool inFlow = false) => IsPlain(text, inFlow) ? text : Quoted(text);

    /// <summary>
    /// Whether the text is a string without quotes, too: it starts with a letter and holds nothing that means something
    /// to YAML, or it is a version such as 1.2.3.
    /// </summary>
    private static bool IsPlain(string text, bool inFlow) =>
        (Plain.IsMatch(text) && !(inFlow && text.Contains(',', StringComparison.Ordinal)) && !Typed.Contains(text))
        || Version.IsMatch(text);

    private static bool IsSpecial(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF';

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                _ when IsSpecial(c) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
