using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OrqGenerated.Refresh;

/// <summary>Builds the tree from parser events, which come without recursion, so depth and size can be watched.</summary>
internal sealed class YamlTree(IParser parser, string name)
{
    /// <summary>Ten times the largest known document, with every alias counted as often as it is used.</summary>
    private const int MaxNodes = 3_000_000;

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
            throw new BadInputException(
                $"{name} is nested deeper than {DocumentReader.MaxDepth} levels"
            );
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            if (!_anchors.TryGetValue(alias.Value, out var anchored))
            {
                throw new BadInputException(
                    $"{name}, line {alias.Start.Line}: the alias *{alias.Value} names nothing before it"
                );
            }

            Count(anchored.Size);
            return anchored.Node?.DeepClone();
        }

        var before = _nodes;
        Count(1);
        var anchor = (parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        JsonNode? node;
        if (parser.TryConsume<MappingStart>(out _))
        {
            node = Mapping(depth);
        }
        else if (parser.TryConsume<SequenceStart>(out _))
        {
            var array = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                array.Add(Node(depth + 1));
            }

            node = array;
        }
        else
        {
            var scalar = parser.Consume<Scalar>();
            var isText =
                scalar.Style != ScalarStyle.Plain
                || scalar.Tag.IsNonSpecific
                || (
                    !scalar.Tag.IsEmpty
                    && scalar.Tag.Value.EndsWith(":str", StringComparison.Ordinal)
                );
            node = isText ? JsonValue.Create(scalar.Value) : Scalars.Plain(scalar.Value);
        }

        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = (node, _nodes - before);
        }

        return node;
    }

    private JsonObject Mapping(int depth)
    {
        var mapping = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                throw new BadInputException(
                    $"{name}, line {parser.Current!.Start.Line}: a key has to be a plain value"
                );
            }

            if (!mapping.TryAdd(key.Value, Node(depth + 1)))
            {
                throw new BadInputException(
                    $"{name}, line {key.Start.Line}: the key '{key.Value}' is there twice"
                );
            }
        }

        return mapping;
    }

    private void Count(int nodes)
    {
        _nodes += nodes;
        if (_nodes > MaxNodes)
        {
            throw new BadInputException(
                $"{name} expands to more than {MaxNodes} values (aliases counted)"
            );
        }
    }
}
