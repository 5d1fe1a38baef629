using System.Text.Json.Nodes;
using OrqGenerated.Refresh;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Short ways into the refresh tool, on small documents written for these tests.</summary>
internal static class Refreshing
{
    /// <summary>The part of <c>refresh.yaml</c> that must be there, for every operation.</summary>
    public const string EveryOperation = """
        info: {title: Shop, version: "1"}
        operations: {"*": }
        """;

    public static Upstream Upstream(string yaml) =>
        new(DocumentReader.Read(yaml, "upstream.yaml"), "upstream.yaml");

    public static Refreshed Refresh(string yaml, string config = EveryOperation) =>
        Refresher.Refresh(Upstream(yaml), RefreshConfig.Read(config, "refresh.yaml"));

    /// <summary>The canonical text of the refreshed document.</summary>
    public static string Text(string yaml, string config = EveryOperation) =>
        CanonicalYaml.Write(Refresh(yaml, config).Document);

    /// <summary>A document with POST /pets, of which the schemas are given in YAML's flow style.</summary>
    public static string Document(
        string request,
        string response = "{}",
        string components = "{}"
    ) =>
        """
            openapi: 3.1.0
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

    /// <summary>What becomes of a schema where a request uses it, as JSON; named schemas stand as references.</summary>
    public static string Request(string schema, string components = "{}") =>
        BodySchema(Refresh(Document(schema, components: components))).ToJsonString();

    /// <summary>What becomes of a schema where a response uses it.</summary>
    public static string Response(string schema, string components = "{}") =>
        Refresh(Document("{}", schema, components)).Document["paths"]!["/pets"]!["post"]![
            "responses"
        ]!["200"]!["content"]!["application/json"]!["schema"]!.ToJsonString();

    /// <summary>The named schemas of a document with the given request and response, as JSON.</summary>
    public static JsonObject Schemas(
        string request,
        string response = "{}",
        string components = "{}"
    ) =>
        Refresh(Document(request, response, components)).Document["components"]![
            "schemas"
        ]!.AsObject();

    /// <summary>The lines of the report on a change from one document to another.</summary>
    public static string Report(string before, string after, string config = EveryOperation) =>
        new ChangeReport(Refresh(before, config).Document, Refresh(after, config)).ToMarkdown();

    private static JsonNode BodySchema(Refreshed refreshed) =>
        refreshed.Document["paths"]!["/pets"]!["post"]!["requestBody"]!["content"]![
            "application/json"
        ]!["schema"]!;
}
