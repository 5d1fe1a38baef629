using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace OrqGenerated.Refresh;

/// <summary>
/// Reads YAML or JSON into one tree. Plain scalars have the types of YAML 1.2's core schema (section 10.3.2), so
/// <c>no</c> and <c>2024-01-15</c> are strings; numbers have one form each, so <c>1.10</c> and <c>1.1</c> are equal.
/// </summary>
internal static class DocumentReader
{
    /// <summary>Deeper than any real document; what lies beyond is an attack or an accident.</summary>
    internal const int MaxDepth = 200;

    private static readonly Regex Whitespace = new(@"\s+", RegexOptions.NonBacktracking);

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
            JsonValueKind.Number => Scalars.Number(element.GetRawText()),
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
}
