using System.Text.RegularExpressions;

namespace OrqGenerated.Tests.Build;

/// <summary>A build that cannot generate names the file and the reason, and keeps what it had.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GenerationFailureTests : IDisposable
{
    private readonly GenerationWorkspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [TestCase("openapi/contacts.yaml", "paths: [", "While parsing a node, did not find expected node content")]
    [TestCase("openapi/contacts.yaml", "openapi: 3.1.0", "The document has no operation")]
    [TestCase("openapi/contacts.yaml", null, "Could not find file")]
    [TestCase("nswag.json", "{", "Error reading JObject")]
    [TestCase("nswag.json", """{"runtime": "Net80"}""", "differs from the current process runtime (Net100)")]
    [TestCase(
        "nswag.json",
        """{"runtime": "Net100", "documentGenerator": {"fromDocument": {"url": "openapi/contacts.yaml"}}}""",
        "nothing was written to %NSWAG_OUTPUT%"
    )]
    [TestCase("build/templates/Class.liquid", "{% nonsense %}", "Unknown tag 'nonsense'")]
    public async Task A_broken_input_fails_with_the_document_and_the_reason_and_leaves_the_last_good_output(
        string input,
        string? content,
        string reason
    )
    {
        Directory.CreateDirectory(Path.GetDirectoryName(workspace.Output)!);
        await File.WriteAllTextAsync(workspace.Output, "good");
        File.Delete(workspace[input]);
        if (content is not null)
        {
            await File.WriteAllTextAsync(workspace[input], content);
        }

        var failed = (await workspace.GenerateAsync()).MustFail();

        Assert.That(
            failed.Text,
            Does.Contain($"{workspace["openapi/contacts.yaml"]} : error NSWAG: ").And.Contain(reason),
            "the build says what is wrong with which document"
        );
        Assert.That(failed.Text, Does.Not.Contain("   at "), "no stack trace");
        Assert.That(await File.ReadAllTextAsync(workspace.Output), Is.EqualTo("good"), "the last good output");
    }

    [Test]
    public async Task A_reference_to_nothing_is_named_by_every_build_until_it_is_repaired()
    {
        workspace.Edit("openapi/contacts.yaml", "schemas/CreateContactResponseBody\"", "schemas/Nothing\"");
        (await workspace.GenerateAsync()).MustFail();

        var failed = (await workspace.GenerateAsync()).MustFail();

        Assert.That(
            failed.Text,
            Does.Contain("contacts.yaml : error NSWAG: ")
                .And.Contain("Could not resolve the path '#/components/schemas/Nothing'")
        );
        Assert.That(workspace.Output, Does.Not.Exist, "there was no good output to leave");

        workspace.Edit("openapi/contacts.yaml", "schemas/Nothing\"", "schemas/CreateContactResponseBody\"");
        (await workspace.GenerateAsync()).MustSucceed();
        Assert.That(workspace.Output, Does.Exist);
    }

    [TestCase("https://api.example", "servers: [{url: https://things.example}],", "id: {}", "servers:")]
    [TestCase("/relative", "", "id: {}", "servers: [{url: \"/relative\"}]")]
    [TestCase("https://{region}.example", "", "id: {}", "servers: [{url: \"https://{region}.example\"}]")]
    [TestCase("https://api.example", "", "id: {type: string, readOnly: true}", "readOnly: true")]
    [TestCase("https://api.example", "", "'id': {'type': 'string', 'writeOnly': true}", "writeOnly': true")]
    [TestCase("https://api.example", "", "id: {oneOf: [{type: string}, {type: integer}]}", "oneOf: [{type: string}")]
    public async Task What_only_the_refresh_tool_sees_to_is_refused(
        string server,
        string servers,
        string property,
        string named
    )
    {
        await File.WriteAllTextAsync(
            workspace["openapi/contacts.yaml"],
            $$$"""
            openapi: 3.1.0
            info: {title: Things, version: "1"}
            servers: [{url: "{{{server}}}"}]
            paths:
              /things: { {{{servers}}} get: {operationId: GetThing, responses: {"200": {description: A thing.} } } }
            components: {schemas: {Thing: {type: object, properties: { {{{property}}} } } } }

            """
        );

        var failed = (await workspace.GenerateAsync()).MustFail();

        Assert.That(
            failed.Text,
            Does.Match($"\"{Regex.Escape(named)}.*\" needs a document that the refresh tool has written")
        );
    }

    [Test]
    public async Task A_path_may_be_called_servers()
    {
        await File.WriteAllTextAsync(
            workspace["openapi/contacts.yaml"],
            """
            openapi: 3.1.0
            info: {title: Servers, version: "1"}
            paths:
              /servers:
                get: {responses: {"204": {description: Nothing.} } }

            """
        );

        (await workspace.GenerateAsync()).MustSucceed();
    }

    [TestCase("u2028")]
    [TestCase("u0085")]
    public async Task A_text_that_would_end_its_comment_is_refused(string lineBreak)
    {
        var document = workspace["openapi/texts.json"];
        await File.WriteAllTextAsync(
            document,
            $$$"""
            {"openapi": "3.0.3", "info": {"title": "Texts", "version": "1"}, "paths": {"/texts": {"get": {
              "summary": "One\{{{lineBreak}}}public int X;", "responses": {"204": {"description": "Nothing."} } } } } }
            """
        );

        var failed = (await workspace.GenerateAsync($"-p:NSwagDocument={document}")).MustFail();

        Assert.That(
            failed.Text,
            Does.Contain("public int X;").And.Contain("stands behind a line break that only Unicode knows")
        );
    }

    [Test]
    public async Task What_the_templates_cannot_generate_right_is_named_by_the_compiler()
    {
        await File.WriteAllTextAsync(
            workspace["openapi/contacts.yaml"],
            """
            openapi: 3.1.0
            info: {title: Refused, version: "1"}
            paths:
              /text: {get: {operationId: ReadText, responses: {"200": {$ref: "#/components/responses/Text"}}}}
              /error: {get: {operationId: Fail, responses: {default: {description: An error.}}}}
              /two:
                get:
                  operationId: ReadTwo
                  responses:
                    "200": {description: Text, content: {application/json: {schema: {type: string}}}}
                    "201": {description: All, content: {application/json: {schema: {$ref: "#/components/schemas/All"}}}}
              /things/{id}: {delete: {operationId: Remove, responses: {"204": {description: Gone.}}}}
              /filter:
                get:
                  operationId: Find
                  parameters:
                    - {name: thing, in: query, schema: {$ref: "#/components/schemas/One"}}
                    - {name: things, in: query, schema: {type: array, items: {$ref: "#/components/schemas/One"}}}
                    - {name: matrix, in: query, schema: {type: array, items: {type: array, items: {type: string}}}}
                    - {name: json, in: query, content: {application/json: {schema: {type: string}}}}
                  responses: {"204": {description: Nothing.}}
            components:
              responses: {Text: {description: Text., content: {text/plain: {schema: {type: string}}}}}
              schemas:
                Level: {type: integer, enum: [1, 2]}
                One: {type: object, properties: {id: {type: string}}}
                Maybe: {anyOf: [{type: string}, {type: "null"}]}
                Animal: {type: object, properties: {kind: {}, name: {}}, discriminator: {propertyName: kind}}
                Both: {allOf: [{$ref: "#/components/schemas/One"}, {$ref: "#/components/schemas/Other"}, {}]}
                Other: {type: object, properties: {id: {type: string}}}
                All:
                  type: object
                  properties:
                    level: {$ref: "#/components/schemas/Level"}
                    maybe: {$ref: "#/components/schemas/Maybe"}
                    animal: {$ref: "#/components/schemas/Animal"}
                    both: {$ref: "#/components/schemas/Both"}

            """
        );

        var failed = (await CompileAsync()).MustFail();

        string[] reasons =
        [
            "ReadText has the success text/plain.",
            "Fail declares no success.",
            "ReadTwo has different success responses.",
            "Remove has a path with a parameter that is not declared.",
            "thing of Find has a place, style or type that is not supported.",
            "things of Find has a place, style or type that is not supported.",
            "matrix of Find has a place, style or type that is not supported.",
            "json of Find has a place, style or type that is not supported.",
            "Level is an enum of something other than strings.",
            "Maybe has no properties, as a union has none.",
            "Animal has a discriminator.",
            "Both has a property twice.",
        ];
        foreach (var reason in reasons)
        {
            Assert.That(failed.Text, Does.Contain($"#error: '{reason}'"));
        }
    }

    [Test]
    public async Task A_parameter_that_a_request_cannot_hold_is_named_by_the_compiler()
    {
        await File.WriteAllTextAsync(
            workspace["openapi/contacts.yaml"],
            """
            openapi: 3.1.0
            info: {title: Parameters, version: "1"}
            paths:
              /things/{label}/{matrix}:
                get:
                  operationId: ListThings
                  parameters:
                    - {name: label, in: path, required: true, style: label, schema: {type: string}}
                    - {name: matrix, in: path, required: true, style: matrix, schema: {type: string}}
                    - {name: spaces, in: query, style: spaceDelimited, schema: {type: array, items: {type: string}}}
                    - {name: bars, in: query, style: pipeDelimited, schema: {type: array, items: {type: string}}}
                    - {name: fields, in: query, style: deepObject, schema: {additionalProperties: {type: string}}}
                    - {name: map, in: query, schema: {type: object, additionalProperties: {type: string}}}
                    - {name: session, in: cookie, schema: {type: string}}
                  responses: {"204": {description: Nothing.}}
                post:
                  operationId: AddText
                  requestBody: {content: {text/plain: {schema: {type: string}}}}
                  responses: {"204": {description: Nothing.}}
                put:
                  operationId: SendForm
                  requestBody: {content: {application/x-www-form-urlencoded: {schema: {properties: {a: {}}}}}}
                  responses: {"204": {description: Nothing.}}
                patch:
                  operationId: SendParts
                  requestBody: {content: {multipart/form-data: {schema: {properties: {part: {type: string}}}}}}
                  responses: {"204": {description: Nothing.}}

            """
        );

        var failed = (await CompileAsync()).MustFail();

        string[] listed = ["label", "matrix", "spaces", "bars", "fields", "map", "session"];
        string[] sent = ["body of AddText", "body of SendForm", "part of SendParts"];
        foreach (var parameter in listed.Select(name => $"{name} of ListThings").Concat(sent))
        {
            Assert.That(
                failed.Text,
                Does.Contain($"#error: '{parameter} has a place, style or type that is not supported.'")
            );
        }
    }

    [Test]
    public async Task An_IDE_gets_a_warning_while_there_is_no_code_and_waits_for_nothing_when_there_is()
    {
        await File.WriteAllTextAsync(workspace["openapi/contacts.yaml"], "paths: [");

        var first = (await workspace.GenerateAsync("-p:DesignTimeBuild=true")).MustSucceed();
        Assert.That(first.Text, Does.Contain("contacts.yaml : warning NSWAG: "));

        await File.WriteAllTextAsync(workspace.Output, "good");
        var next = (await workspace.GenerateAsync("-p:DesignTimeBuild=true")).MustSucceed();
        Assert.That(next.NSwagRuns, Is.Zero, "runs of NSwag when there is code");
    }

    private Task<BuildResult> CompileAsync() =>
        workspace.RunAsync(
            "build",
            "-f",
            "net10.0",
            "-p:RunAnalyzers=false",
            "-p:NuGetAudit=false",
            $"-p:NSwagDocument={workspace["openapi/contacts.yaml"]}"
        );
}
