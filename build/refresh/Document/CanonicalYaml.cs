using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OrqGenerated.Refresh;

/// <summary>
/// Writes a tree as YAML in one form only; what it writes reads back as the same tree under YAML 1.1 and 1.2.
/// </summary>
internal static class CanonicalYaml
{
    /// <summary>
    /// Texts that are strings without quotes, too: they start with a letter and hold nothing that means something to
    /// YAML, or they are a version such as 1.2.3.
    /// </summary>
    private static readonly Regex Plain = new(
        """^(?:[A-Za-z_/$](?:[^][{}"\\:#\p{C}\u2028\u2029]|:(?! |\z)|(?<! )#)*(?<! )|[0-9]+[.][0-9]+[.][0-9]+)\z""",
        RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(10)
    );

    /// <summary>What some version of YAML takes for null or a boolean.</summary>
    private static readonly HashSet<string> Typed = new(
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
        Write(emitter, root, isInLine: false);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return yaml.ToString();
    }

    private static void Write(Emitter emitter, JsonNode? node, bool isInLine)
    {
        switch (node)
        {
            case JsonObject mapping:
                emitter.Emit(new MappingStart());
                foreach (var (key, value) in mapping)
                {
                    WriteText(emitter, key, isInLine);
                    Write(emitter, value, isInLine || (key == "type" && value is JsonArray));
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray sequence:
                var style = isInLine ? SequenceStyle.Flow : SequenceStyle.Block;
                emitter.Emit(new SequenceStart(default, default, isImplicit: true, style));
                foreach (var item in sequence)
                {
                    Write(emitter, item, isInLine || item is JsonArray);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case not null when node.GetValueKind() == JsonValueKind.String:
                WriteText(emitter, node.ToString(), isInLine);
                break;
            default:
                emitter.Emit(new Scalar(node?.ToJsonString() ?? "null"));
                break;
        }
    }

    private static void WriteText(Emitter emitter, string text, bool isInLine)
    {
        var isPlain =
            Plain.IsMatch(text) && !Typed.Contains(text) && !(isInLine && text.Contains(',', StringComparison.Ordinal));
        var style = isPlain ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted;
        emitter.Emit(new Scalar(default, default, text, style, isPlainImplicit: true, isQuotedImplicit: true));
    }
}
