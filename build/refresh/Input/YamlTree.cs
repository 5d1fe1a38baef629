using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OrqGenerated.Refresh;

/// <summary>Builds the tree from parser events, with a limit on depth and size.</summary>
internal sealed class YamlTree(IParser parser, string name)
{
    /// <summary>Ten times the largest known document, with every alias counted as often as it is used.</summary>
    private const int MaxNodes = 3_000_000;

    private static readonly Regex Number = new(
        "^-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][-+]?[0-9]+)?$",
        RegexOptions.NonBacktracking
    );

    private readonly Dictionary<AnchorName, (JsonNode? Node, int Size)> _anchors = [];
    private int _nodes;

    public JsonNode? Read()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            throw new BadInputException($"{name} is empty");
        }

        parser.Consume<DocumentStart>();
        var root = Node(0);
        parser.Consume<DocumentEnd>();
        return parser.Accept<StreamEnd>(out _)
            ? root
            : throw new BadInputException($"{name} holds more than one YAML document");
    }

    private JsonNode? Node(int depth)
    {
        if (depth > DocumentReader.MaxDepth)
        {
            throw new BadInputException($"{name} is nested deeper than {DocumentReader.MaxDepth} levels");
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            if (!_anchors.TryGetValue(alias.Value, out var anchored))
            {
                throw Error(alias, $"the alias *{alias.Value} names nothing before it");
            }

            Count(anchored.Size);
            return anchored.Node?.DeepClone();
        }

        var before = _nodes;
        Count(1);
        var anchor = (parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        var node =
            parser.TryConsume<MappingStart>(out _) ? Mapping(depth)
            : parser.TryConsume<SequenceStart>(out _) ? Sequence(depth)
            : Value(parser.Consume<Scalar>());
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = (node, _nodes - before);
        }

        return node;
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
        var merged = new List<JsonObject>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                throw Error(parser.Current!, "a key has to be a plain value");
            }

            var value = Node(depth + 1);
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                merged.AddRange(
                    (value as JsonArray ?? [value?.DeepClone()]).Select(m =>
                        m as JsonObject ?? throw Error(key, "only mappings can be merged by <<")
                    )
                );
            }
            else if (!mapping.TryAdd(key.Value, value))
            {
                throw Error(key, $"the key '{key.Value}' is there twice");
            }
        }

        // A mapping's own keys win over merged ones, and earlier merged ones over later ones.
        foreach (var (key, value) in merged.SelectMany(m => m))
        {
            mapping.TryAdd(key, value?.DeepClone());
        }

        return mapping;
    }

    private BadInputException Error(ParsingEvent place, string message) =>
        new($"{name}, line {place.Start.Line}: {message}");

    private void Count(int nodes)
    {
        _nodes += nodes;
        if (_nodes > MaxNodes)
        {
            throw new BadInputException($"{name} expands to more than {MaxNodes} values (aliases counted)");
        }
    }
}
