using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace OrqGenerated.Refresh;

/// <summary>Reads YAML or JSON into one tree.</summary>
internal static class DocumentReader
{
    /// <summary>Deeper than any real document; anything beyond is an attack or an accident.</summary>
    internal const int MaxDepth = 200;

    private static readonly Regex BlankLine = new("^ +$", RegexOptions.NonBacktracking | RegexOptions.Multiline);
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
    /// Like <see cref="Read"/>, but refuses YAML that does not end with a line break: a file that was cut off is
    /// usually still valid YAML.
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
        // YAML in flow style starts with a brace, too, so text that is not JSON is tried as YAML.
        var root = (text.TrimStart().StartsWith('{') ? TryReadJson(text, name) : null) ?? ReadYaml(text, name);
        return root as JsonObject
            ?? throw new BadInputException($"{name} is not a YAML or JSON mapping, so it is not an OpenAPI document");
    }

    private static JsonNode? TryReadJson(string text, string name)
    {
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false };
            return JsonNode.Parse(text, documentOptions: options);
        }
        catch (JsonException e) when (e.Message.Contains("Duplicate", StringComparison.Ordinal))
        {
            throw new BadInputException($"{name} cannot be read: {OneLine(e.Message)}", e);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException e)
        {
            throw new BadInputException($"{name} cannot be read: a name holds half a surrogate pair", e);
        }
    }

    private static JsonNode? ReadYaml(string text, string name)
    {
        try
        {
            // YamlDotNet refuses block scalars that begin with a line of more blanks than their text is indented by.
            var trimmed = BlankLine.Replace(text, "");
            return new YamlTree(new Parser(new StringReader(trimmed)), name).Read();
        }
        catch (YamlException e)
        {
            throw new BadInputException(
                $"{name} cannot be read at line {e.Start.Line}, column {e.Start.Column}: {OneLine(e.Message)}",
                e
            );
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException)
        {
            // YamlDotNet's scanner runs into these at some plain scalars that end before they begin, and at half a
            // surrogate pair.
            throw new BadInputException($"{name} is not valid YAML", e);
        }
    }

    private static string OneLine(string message) => Whitespace.Replace(message, " ").Trim();
}
