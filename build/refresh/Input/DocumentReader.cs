using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace OrqGenerated.Refresh;

/// <summary>Reads YAML or JSON into one tree.</summary>
internal static class DocumentReader
{
    private static readonly Regex BlankLine = new(
        "^ +(?<end>\r?)$",
        RegexOptions.NonBacktracking | RegexOptions.Multiline
    );

    public static string Decode(Stream bytes, string name)
    {
        try
        {
            using var reader = new StreamReader(bytes, new UTF8Encoding(true, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
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
        try
        {
            // YAML in flow style starts with a brace, too, so text that is not JSON is read as YAML. YamlDotNet refuses
            // block scalars that begin with a line of more blanks than their text is indented by.
            var root =
                (text.TrimStart().StartsWith('{') ? TryReadJson(text) : null)
                ?? new YamlTree(new Parser(new StringReader(BlankLine.Replace(text, "${end}")))).Read();
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
        catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException)
        {
            // YamlDotNet's scanner runs into these at some plain scalars that end before they begin, and at half a
            // surrogate pair.
            throw new BadInputException($"{name} is not valid YAML", e);
        }
    }

    private static JsonNode? TryReadJson(string text)
    {
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = YamlTree.MaxDepth, AllowDuplicateProperties = false };
            return JsonNode.Parse(text, documentOptions: options);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter is half a surrogate pair in a name.
            return null;
        }
    }
}
