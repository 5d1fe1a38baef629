using System.Text;
using System.Text.Json.Nodes;
using OrqGenerated.Refresh;

namespace OrqGenerated.Tests.Refresh;

/// <summary>What one run of the command did.</summary>
/// <param name="Text">The document afterwards, null if there is none.</param>
/// <param name="Errors">The lines of standard error.</param>
internal sealed record Refreshed(int Code, string? Text, string Report, IReadOnlyList<string> Errors)
{
    public JsonObject Document =>
        DocumentReader.Read(Text ?? throw new InvalidOperationException(string.Join('\n', Errors)), "output");

    public JsonObject Schemas => Document["components"]!["schemas"]!.AsObject();

    public JsonNode Operation => Document["paths"]!.AsObject().Single().Value!.AsObject().Single().Value!;
}

/// <summary>
/// Runs the command on small documents: document and refresh.yaml in; document, report and exit code out.
/// </summary>
internal static class Refreshing
{
    /// <summary>The part of <c>refresh.yaml</c> that must be there, for every operation.</summary>
    public const string EveryOperation = """
        info: {title: Shop, version: "1"}
        operations: {"*": }
        """;

    /// <summary>The servers of the small documents here.</summary>
    public const string Servers = "servers: [{url: 'https://a.test'}]\n";

    /// <param name="before">The document that the command finds, or null for none.</param>
    public static Refreshed Run(string upstream, string config = EveryOperation, string? before = null) =>
        Run(Encoding.UTF8.GetBytes(upstream), config, before);

    public static Refreshed Run(byte[] upstream, string config = EveryOperation, string? before = null)
    {
        var folder = Directory.CreateTempSubdirectory("refresh").FullName;
        try
        {
            var output = Path.Combine(folder, "contacts.yaml");
            File.WriteAllText(Path.Combine(folder, "refresh.yaml"), config);
            if (before is not null)
            {
                File.WriteAllText(output, before);
            }

            var (code, report, errors) = Command(upstream, "-", "--config", Path.Combine(folder, "refresh.yaml"));
            var text = File.Exists(output) ? File.ReadAllText(output) : null;
            var lines = errors
                .Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return new(code, text, report, lines);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The report on the way from one document to another, which must not be refused.</summary>
    public static Refreshed Change(string before, string after, string config = EveryOperation) =>
        Run(after, config, Run(before, config).Text!);

    public static (int Code, string Output, string Errors) Command(byte[] input, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = OrqGenerated.Refresh.Program.Run(arguments, () => new MemoryStream(input), output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>A document with POST /pets, of which the schemas are given in YAML's flow style.</summary>
    public static string Document(string request, string response = "{}", string components = "{}") =>
        """
            openapi: 3.1.0
            servers: [{url: 'https://a.test'}]
            paths:
              /pets:
                post:
                  operationId: CreatePet
                  requestBody: {required: true, content: {application/json: {schema: REQUEST}}}
                  responses: {"200": {description: OK, content: {application/json: {schema: RESPONSE}}}}
            components: {schemas: COMPONENTS}

            """.Replace("REQUEST", request, StringComparison.Ordinal).Replace(
            "RESPONSE",
            response,
            StringComparison.Ordinal
        ).Replace("COMPONENTS", components, StringComparison.Ordinal);

    /// <summary>A document with one operation, whose keys besides operationId and responses are given.</summary>
    public static string Operation(string keys, string route = "/pets/{id}: {post", string content = "{}") =>
        $"openapi: 3.1.0\n{Servers}paths:\n"
        + $"  {route}: {{operationId: CallPet, "
        + $"responses: {{\"200\": {{description: OK, content: {content}}}}}, {keys}}}}}\n";

    /// <summary>What becomes of a schema where a request uses it, as JSON; named schemas stand as references.</summary>
    public static string Request(string schema, string components = "{}") =>
        Run(Document(schema, components: components)).Operation["requestBody"]!["content"]!["application/json"]![
            "schema"
        ]!.ToJsonString();

    /// <summary>What becomes of a schema where a response uses it.</summary>
    public static string Response(string schema, string components = "{}") =>
        Run(Document("{}", schema, components)).Operation["responses"]!["200"]!["content"]!["application/json"]![
            "schema"
        ]!.ToJsonString();
}
