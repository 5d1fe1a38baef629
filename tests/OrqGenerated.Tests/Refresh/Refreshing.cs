using System.Text;
using System.Text.Json.Nodes;
using OrqGenerated.Refresh;

namespace OrqGenerated.Tests.Refresh;

/// <summary>The outcome of one run of the command.</summary>
/// <param name="Text">The document afterwards; null if there is none.</param>
/// <param name="Errors">The lines of standard error.</param>
internal sealed record RefreshResult(int Code, string? Text, string Report, IReadOnlyList<string> Errors)
{
    public JsonObject Document =>
        DocumentReader.Read(Text ?? throw new InvalidOperationException(string.Join('\n', Errors)), "output");

    public JsonObject Schemas => Document["components"]!["schemas"]!.AsObject();

    public JsonNode Operation => Document["paths"]!.AsObject().Single().Value!.AsObject().Single().Value!;
}

/// <summary>Runs the command on small documents.</summary>
internal static class Refreshing
{
    /// <summary>The smallest <c>refresh.yaml</c> that includes every operation.</summary>
    public const string EveryOperation = """
        info: {title: Shop, version: "1"}
        operations: {"*": }
        """;

    /// <summary>The servers of the small documents here.</summary>
    public const string Servers = "servers: [{url: 'https://a.test'}]\n";

    /// <param name="before">The existing document, or null for none.</param>
    public static RefreshResult Run(string upstream, string config = EveryOperation, string? before = null) =>
        Run(Encoding.UTF8.GetBytes(upstream), config, before);

    public static RefreshResult Run(byte[] upstream, string config = EveryOperation, string? before = null)
    {
        var folder = Directory.CreateTempSubdirectory("refresh").FullName;
        try
        {
            var output = Path.Combine(folder, "contacts.yaml");
            File.WriteAllText(Path.Combine(folder, "refresh.yaml"), config);
            if (before is not null)
                File.WriteAllText(output, before);

            var (code, report, errors) = Command(upstream, "-", "--config", Path.Combine(folder, "refresh.yaml"));
            var text = File.Exists(output) ? File.ReadAllText(output) : null;
            var lines = errors
                .Replace(folder + Path.DirectorySeparatorChar, "")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return new(code, text, report, lines);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Refreshes from one upstream document to another.</summary>
    public static RefreshResult Change(string before, string after, string config = EveryOperation) =>
        Run(after, config, Run(before, config).Text!);

    public static (int Code, string Output, string Errors) Command(byte[] input, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = OrqGenerated.Refresh.Program.Run(arguments, () => new MemoryStream(input), output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>A document with POST /pets and these schemas, in YAML's flow style.</summary>
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

            """.Replace("REQUEST", request).Replace("RESPONSE", response).Replace("COMPONENTS", components);

    /// <summary>A document with one operation, which has these keys besides operationId and responses.</summary>
    public static string Operation(string keys, string route = "/pets/{id}: {post", string content = "{}") =>
        $"openapi: 3.1.0\n{Servers}paths:\n"
        + $"  {route}: {{operationId: CallPet, "
        + $"responses: {{\"200\": {{description: OK, content: {content}}}}}, {keys}}}}}\n";

    /// <summary>The written schema, as JSON, of a request with the published one.</summary>
    public static string Request(string schema, string components = "{}") =>
        Run(Document(schema, components: components)).Operation["requestBody"].ContentSchema()!.ToJsonString();

    /// <summary>The written schema, as JSON, of a response with the published one.</summary>
    public static string Response(string schema, string components = "{}") =>
        Run(Document("{}", schema, components)).Operation["responses"]!["200"].ContentSchema()!.ToJsonString();
}
