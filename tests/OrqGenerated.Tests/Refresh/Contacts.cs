namespace OrqGenerated.Tests.Refresh;

/// <summary>Upstream documents in the forms that the API's own had over the years; every word is ours.</summary>
internal static class Contacts
{
    /// <summary>A <c>refresh.yaml</c> for them.</summary>
    public const string Config = """
        info: {title: T, version: "2026-06-02"}
        servers: {https://my.orq.ai: The API's own server.}
        operations:
          CreateContact:
            summary: Create or update a contact
            x-idempotent: The API upserts by external_id.
            responses: {"200": The contact as it is stored now.}
        schemas:
          CreateContactRequestBody:
            description: A contact to create or update.
            properties:
              external_id: {description: The id in your own system., examples: [user_12345]}
              email: The e-mail address.
          CreateContactResponseBody: {properties: {_id: The contact's id at orq.ai.}}
        """;

    /// <summary>The last form, with build times as defaults and unrelated operations.</summary>
    public static string Latest(string builtAt = "2026-06-02T06:47:23.997Z", string words = "Some words") =>
        """
            info: {title: Everything, version: "2.0", description: "WORDS"}
            security: [{ApiKey: []}]
            servers: [{url: "https://my.orq.ai", description: "WORDS"}]
            openapi: "3.1.0"
            components:
              securitySchemes: {ApiKey: {type: http, scheme: bearer, bearerFormat: JWT},
                Other: {type: http, scheme: basic}}
              schemas:
                Unrelated: {type: object, properties: {a: {type: string, default: "BUILT-AT"}}}
            paths:
              /v2/contacts:
                post:
                  tags: [Contacts]
                  operationId: CreateContact
                  summary: "WORDS"
                  requestBody:
                    required: true
                    content:
                      application/json:
                        schema:
                          type: object
                          properties:
                            external_id: {type: string, minLength: 1, maxLength: 120, description: "WORDS",
                              example: "WORDS"}
                            display_name: {type: [string, "null"]}
                            email: {type: [string, "null"], format: email}
                            avatar_url: {type: [string, "null"], format: uri}
                            tags: {type: array, items: {type: string}, example: [a, b]}
                            metadata: {type: object, additionalProperties: {}}
                          required: [external_id]
                  responses:
                    "200":
                      description: "WORDS"
                      content:
                        application/json:
                          schema:
                            type: object
                            properties:
                              _id: {type: string, format: ulid}
                              external_id: {type: string, minLength: 1, maxLength: 120}
                              display_name: {type: [string, "null"]}
                              email: {type: [string, "null"], format: email}
                              avatar_url: {type: [string, "null"], format: uri}
                              tags: {type: array, items: {type: string}}
                              metadata: {type: object, additionalProperties: {}}
                              created:
                                anyOf: [{type: string, format: date-time}, {type: string, format: date-time}]
                                default: "BUILT-AT"
                                readOnly: true
                                format: date-time
                              updated:
                                anyOf: [{type: string, format: date-time, default: "BUILT-AT"}, {type: string}]
                                readOnly: true
                                format: date-time
                            required: [_id, external_id]
                  security: [{ApiKey: []}]
              /v2/identities:
                post:
                  operationId: CreateIdentity
                  requestBody: {content: {application/json: {schema: {type: object,
                    properties: {external_id: {type: string}, email: {type: string}, tags: {type: array}}}}}}
                  responses: {"200": {description: OK}}
              /v2/contracts:
                post:
                  operationId: CreateContract
                  requestBody: {content: {application/json: {schema: {type: object,
                    properties: {title: {type: string}}}}}}
                  responses: {"200": {description: OK}}


            """.Replace("BUILT-AT", builtAt).Replace("WORDS", words);

    /// <summary>The document that the command writes for <see cref="Latest"/>.</summary>
    public static string Made { get; } = Refreshing.Run(Latest(), Config).Text!;

    /// <summary>The form of 2025: the status is 201, and the response has a workspace.</summary>
    public static string In2025 =>
        Latest()
            .Replace("\"200\":\n", "\"201\":\n")
            .Replace("required: [_id, external_id]", "required: [_id, external_id, workspace_id]")
            .Replace(
                "_id: {type: string, format: ulid}",
                "_id: {type: string}\n                  workspace_id: {type: string}"
            );

    /// <summary>The first form: another name for the id, no maximum length, ids as tags.</summary>
    public static string First =>
        Latest()
            .Replace("_id: {type: string, format: ulid}", "id: {type: string}")
            .Replace("required: [_id, external_id]", "required: [id, external_id]")
            .Replace(", maxLength: 120", "")
            .Replace("items: {type: string}", "items: {type: string, format: uuid}");

    /// <summary>The form published since, without contacts.</summary>
    public static string Gone => Latest().Replace("/v2/contacts:", "x-contacts:");
}
