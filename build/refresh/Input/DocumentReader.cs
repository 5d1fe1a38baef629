using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OrqGenerated.Refresh;

/// <summary>
/// Reads YAML or JSON into one tree. Plain scalars have the types of YAML 1.2's core schema (section 10.3.2), so
/// <c>no</c> and <c>2024-01-15</c> are strings; numbers have one form each, so <c>1.10</c> and <c>1.1</c> are equal.
/// </summary>
internal static class DocumentReader
{
    /// <summary>Deeper than any real document; what lies beyond is an attack or an accident.</summary>
    private const int MaxDepth = 200;

    /// <summary>Ten times the largest known document, with every alias counted as often as it is used.</summary>
    private const int MaxNodes = 3_000_000;

    private static readonly Regex Whitespace = Linear(@"\s+");
    private static readonly Regex HexInteger = Linear("^0x[0-9a-fA-F]+$");
    private static readonly Regex OctalInteger = Linear("^0o[0-7]+$");
    private static readonly Regex DecimalNumber = Linear(
        @"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,9})?$"
    );

    private static Regex Linear(string pattern) => new(pattern, RegexOptions.NonBacktracking);

    public static string Decode(byte[] bytes, string name)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException)
        {
            throw new BadInputException($"{name} is not text in UTF-8");
        }
    }

    /// <summary>
    /// As <see cref="Read"/>, but YAML that does not end with a line break is refused: most places at which a file can be
    /// cut off leave valid YAML behind.
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
        // Flow-style YAML starts with a brace, too; so what is not JSON is tried as YAML.
        var root =
            (text.TrimStart().StartsWith('{') ? TryReadJson(text, name) : null)
            ?? ReadYaml(text, name);
        return root as JsonObject
            ?? throw new BadInputException(
                $"{name} is not a YAML or JSON mapping, so it is not an OpenAPI document"
            );
    }

    private static JsonNode? TryReadJson(string text, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(
                text,
                new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false }
            );
            return FromJson(json.RootElement);
        }
        catch (JsonException e) when (e.Message.Contains("Duplicate", StringComparison.Ordinal))
        {
            throw new BadInputException($"{name} cannot be read: {OneLine(e.Message)}", e);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonNode? FromJson(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => new JsonObject(
                element
                    .EnumerateObject()
                    .Select(p => KeyValuePair.Create(p.Name, FromJson(p.Value)))
            ),
            JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select(FromJson)]),
            JsonValueKind.Number => Number(element.GetRawText()),
            JsonValueKind.String => JsonValue.Create(element.GetString()),
            JsonValueKind.Null => null,
            _ => JsonValue.Create(element.GetBoolean()),
        };

    private static JsonNode? ReadYaml(string text, string name)
    {
        try
        {
            return new YamlTree(new Parser(new StringReader(text)), name).Read();
        }
        catch (YamlException e)
        {
            throw new BadInputException(
                $"{name} cannot be read at line {e.Start.Line}, column {e.Start.Column}: {OneLine(e.Message)}",
                e
            );
        }
    }

    private static string OneLine(string message) => Whitespace.Replace(message, " ").Trim();

    /// <summary>The value of a plain scalar under YAML 1.2's core schema.</summary>
    internal static JsonNode? PlainScalar(string text) =>
        text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when HexInteger.IsMatch(text) => Integer(Radix(text[2..], 16)),
            _ when OctalInteger.IsMatch(text) => Integer(Radix(text[2..], 8)),
            _ when DecimalNumber.IsMatch(text) => Number(text),
            _ => JsonValue.Create(text),
        };

    private static System.Numerics.BigInteger Radix(string digits, int radix) =>
        digits.Aggregate(
            System.Numerics.BigInteger.Zero,
            (sum, digit) =>
                (sum * radix)
                + int.Parse([digit], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        );

    private static JsonNode? Integer(System.Numerics.BigInteger value) =>
        JsonNode.Parse(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A JSON number in its shortest exact form; what decimal cannot hold keeps its digits.</summary>
    private static JsonNode? Number(string text)
    {
        var (mantissa, exponent) = text.Split('e', 'E') is [var m, var e] ? (m, e) : (text, "0");
        var sign = mantissa.StartsWith('-') ? "-" : "";
        var parts = mantissa.TrimStart('-', '+').Split('.');
        var whole = parts[0].TrimStart('0');
        var fraction = parts.Length > 1 ? parts[1].TrimEnd('0') : "";
        if (whole.Length + fraction.Length == 0)
        {
            return JsonValue.Create(0);
        }

        var shift = int.TryParse(
            exponent,
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var s
        )
            ? s
            : 0;
        if (shift == 0 || Math.Abs(shift) > 40)
        {
            var suffix = shift == 0 ? "" : "e" + shift.ToString(CultureInfo.InvariantCulture);
            whole = whole.Length == 0 ? "0" : whole;
            return JsonNode.Parse(
                sign + whole + (fraction.Length == 0 ? "" : "." + fraction) + suffix
            );
        }

        var digits = new string('0', 41) + whole + fraction + new string('0', 41);
        var point = 41 + whole.Length + shift;
        var shiftedWhole = digits[..point].TrimStart('0');
        var shiftedFraction = digits[point..].TrimEnd('0');
        return JsonNode.Parse(
            sign
                + (shiftedWhole.Length == 0 ? "0" : shiftedWhole)
                + (shiftedFraction.Length == 0 ? "" : "." + shiftedFraction)
        );
    }

    /// <summary>Builds the tree from parser events, which come without recursion, so depth and size can be watched.</summary>
    private sealed class YamlTree(IParser parser, string name)
    {
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
            if (depth > MaxDepth)
            {
                throw new BadInputException($"{name} is nested deeper than {MaxDepth} levels");
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
                node = isText ? JsonValue.Create(scalar.Value) : PlainScalar(scalar.Value);
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
}
