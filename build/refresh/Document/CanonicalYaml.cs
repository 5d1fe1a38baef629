using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OrqGenerated.Refresh;

/// <summary>Writes a tree as YAML in exactly one form, which YAML 1.1 and 1.2 read back as the same tree.</summary>
internal static class CanonicalYaml
{
    /// <summary>
    /// Strings that need no quotes: those that start with a letter and contain nothing special to YAML, and versions
    /// such as 1.2.3.
    /// </summary>
    private static readonly Regex Plain = new(
        """^(?:[A-Za-z_/$](?:[^][{}"\\:#\p{C}\u2028\u2029]|:(?! |\z)|(?<! )#)*(?<! )|[0-9]+[.][0-9]+[.][0-9]+)\z""",
        RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(10)
    );

    /// <summary>Words that some version of YAML reads as null or a boolean.</summary>
    private static readonly HashSet<string> Keywords = new(
        "null true false yes no on off y n".Split(' '),
        StringComparer.OrdinalIgnoreCase
    );

    public static string Write(JsonObject root)
    {
        using var yaml = new StringWriter();
        var settings = new EmitterSettings()
            .WithBestWidth(int.MaxValue)
            .WithMaxSimpleKeyLength(int.MaxValue)
            .WithIndentedSequences()
            .WithNewLine("\n");
        var emitter = new Emitter(yaml, settings);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Write(emitter, root, isInline: false);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return yaml.ToString();
    }

    private static void Write(Emitter emitter, JsonNode? node, bool isInline)
    {
        switch (node)
        {
            case JsonObject mapping:
                emitter.Emit(new MappingStart());
                foreach (var (key, value) in mapping)
                {
                    WriteString(emitter, key, isInline);
                    Write(emitter, value, isInline || (key == "type" && value is JsonArray));
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray sequence:
                var style = isInline ? SequenceStyle.Flow : SequenceStyle.Block;
                emitter.Emit(new SequenceStart(default, default, isImplicit: true, style));
                foreach (var item in sequence)
                    Write(emitter, item, isInline || item is JsonArray);

                emitter.Emit(new SequenceEnd());
                break;
            case not null when node.GetValueKind() == JsonValueKind.String:
                WriteString(emitter, node.ToString(), isInline);
                break;
            default:
                emitter.Emit(new Scalar(node?.ToJsonString() ?? "null"));
                break;
        }
    }

    private static void WriteString(Emitter emitter, string text, bool isInline)
    {
        var isPlain = Plain.IsMatch(text) && !Keywords.Contains(text) && !(isInline && text.Contains(','));
        var style = isPlain ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted;
        emitter.Emit(new Scalar(default, default, text, style, isPlainImplicit: true, isQuotedImplicit: true));
    }
}
