using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OrqGenerated.Refresh;

/// <summary>Builds the tree from parser events, and refuses what YAML has beyond trees, such as aliases.</summary>
internal sealed class YamlTree(IParser parser)
{
    /// <summary>Deeper than any real document; anything beyond is an attack or an accident.</summary>
    public const int MaxDepth = 200;

    private static readonly Regex Number = new(
        "^-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][-+]?[0-9]+)?$",
        RegexOptions.NonBacktracking
    );

    public JsonNode? Read()
    {
        parser.Consume<StreamStart>();
        parser.Consume<DocumentStart>();
        var root = Node(0);
        parser.Consume<DocumentEnd>();
        parser.Consume<StreamEnd>();
        return root;
    }

    private JsonNode? Node(int depth)
    {
        if (depth > MaxDepth)
        {
            throw new YamlException(parser.Current!.Start, parser.Current.End, $"deeper than {MaxDepth} levels");
        }

        return parser.TryConsume<MappingStart>(out _) ? Mapping(depth)
            : parser.TryConsume<SequenceStart>(out _) ? Sequence(depth)
            : Value(parser.Consume<Scalar>());
    }

    /// <summary>
    /// The types of YAML 1.2's core schema, so <c>no</c> and <c>2024-01-15</c> are strings; numbers as in JSON.
    /// </summary>
    private static JsonNode? Value(Scalar scalar) =>
        scalar.Style != ScalarStyle.Plain || !scalar.Tag.IsEmpty
            ? JsonValue.Create(scalar.Value)
            : scalar.Value switch
            {
                "" or "~" or "null" or "Null" or "NULL" => null,
                "true" or "True" or "TRUE" => JsonValue.Create(true),
                "false" or "False" or "FALSE" => JsonValue.Create(false),
                var text when Number.IsMatch(text) => JsonNode.Parse(text),
                var text => JsonValue.Create(text),
            };

    private JsonArray Sequence(int depth)
    {
        var sequence = new JsonArray();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            sequence.Add(Node(depth + 1));
        }

        return sequence;
    }

    private JsonObject Mapping(int depth)
    {
        var mapping = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            var obstacle =
                key is { Value: "<<", Style: ScalarStyle.Plain } ? "the merge key << is not supported"
                : mapping.TryAdd(key.Value, Node(depth + 1)) ? null
                : $"the key '{key.Value}' is there twice";
            if (obstacle is not null)
            {
                throw new YamlException(key.Start, key.End, obstacle);
            }
        }

        return mapping;
    }
}
