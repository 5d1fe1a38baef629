using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OrqGenerated.Refresh;

/// <summary>Reads YAML, and so JSON, into a tree. Refuses YAML features beyond trees, such as aliases.</summary>
internal static class DocumentReader
{
    /// <summary>More than any real document needs; deeper nesting is an attack or an accident.</summary>
    private const int MaxDepth = 200;

    private static readonly Regex BlankLine = new(
        "^ +(?<end>\r?)$",
        RegexOptions.NonBacktracking | RegexOptions.Multiline
    );

    private static readonly Regex Number = new(
        "^-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][-+]?[0-9]+)?$",
        RegexOptions.NonBacktracking
    );

    /// <summary>
    /// Refuses YAML that does not end with a line break: a truncated file is usually still valid YAML.
    /// </summary>
    public static JsonObject ReadWhole(string text, string name)
    {
        var root = Read(text, name);
        return text.EndsWith('\n') || text.TrimEnd().EndsWith('}')
            ? root
            : throw new BadInputException($"{name} does not end with a line break; is it cut off?");
    }

    public static JsonObject Read(string text, string name)
    {
        try
        {
            // YamlDotNet refuses block scalars that start with a blank line longer than their indentation.
            var parser = new Parser(new StringReader(BlankLine.Replace(text, "${end}")));
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            var root = Node(parser, 0);
            parser.Consume<DocumentEnd>();
            parser.Consume<StreamEnd>();
            return root as JsonObject
                ?? throw new BadInputException(
                    $"{name} is not a YAML or JSON mapping, so it is not an OpenAPI document"
                );
        }
        catch (YamlException e)
        {
            throw new BadInputException(
                $"{name} cannot be read at line {e.Start.Line}, column {e.Start.Column}: {e.Message}",
                e
            );
        }
    }

    private static JsonNode? Node(Parser parser, int depth)
    {
        if (parser.Accept<AnchorAlias>(out var alias))
            throw Refusal(alias, "aliases are not supported");

        if (depth > MaxDepth)
            throw Refusal(parser.Current!, $"deeper than {MaxDepth} levels");

        if (parser.TryConsume<MappingStart>(out _))
            return Mapping(parser, depth);

        if (!parser.TryConsume<SequenceStart>(out _))
            return Value(parser.Consume<Scalar>());

        var sequence = new JsonArray();
        while (!parser.TryConsume<SequenceEnd>(out _))
            sequence.Add(Node(parser, depth + 1));

        return sequence;
    }

    private static JsonObject Mapping(Parser parser, int depth)
    {
        var mapping = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
                throw Refusal(key, "the merge key << is not supported");

            if (!mapping.TryAdd(key.Value, Node(parser, depth + 1)))
                throw Refusal(key, $"the key '{key.Value}' is there twice");
        }

        return mapping;
    }

    private static YamlException Refusal(ParsingEvent at, string reason) => new(at.Start, at.End, reason);

    /// <summary>YAML 1.2's core schema, so <c>no</c> and <c>2024-01-15</c> are strings; numbers as in JSON.</summary>
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
}
