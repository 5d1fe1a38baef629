using System.Text.RegularExpressions;

namespace OrqGenerated.Tests.Build;

/// <summary>A build that cannot generate names the file and the reason, and keeps the last output.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GenerationFailureTests : IDisposable
{
    private readonly GenerationWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

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
    public async Task Broken_input_fails_with_the_document_and_the_reason_and_keeps_the_last_good_output(
        string input,
        string? content,
        string reason
    )
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_workspace.Output)!);
        await File.WriteAllTextAsync(_workspace.Output, "good");
        File.Delete(_workspace[input]);
        if (content is not null)
            await File.WriteAllTextAsync(_workspace[input], content);

        var failed = (await _workspace.GenerateAsync()).MustFail();

        Assert.That(
            failed.Text,
            Does.Contain($"{_workspace["openapi/contacts.yaml"]} : error NSWAG: ").And.Contain(reason),
            "the document and the reason"
        );
        Assert.That(failed.Text, Does.Not.Contain("   at "), "no stack trace");
        Assert.That(await File.ReadAllTextAsync(_workspace.Output), Is.EqualTo("good"), "the last good output");
    }

    [Test]
    public async Task Every_build_names_a_broken_reference_until_it_is_fixed()
    {
        _workspace.Edit("openapi/contacts.yaml", "schemas/CreateContactResponseBody\"", "schemas/Nothing\"");
        (await _workspace.GenerateAsync()).MustFail();

        var failed = (await _workspace.GenerateAsync()).MustFail();

        Assert.That(
            failed.Text,
            Does.Contain("contacts.yaml : error NSWAG: ")
                .And.Contain("Could not resolve the path '#/components/schemas/Nothing'")
        );
        Assert.That(_workspace.Output, Does.Not.Exist, "there was no good output to keep");

        _workspace.Edit("openapi/contacts.yaml", "schemas/Nothing\"", "schemas/CreateContactResponseBody\"");
        (await _workspace.GenerateAsync()).MustSucceed();
        Assert.That(_workspace.Output, Does.Exist);
    }

    [TestCase("https://api.example", "servers: [{url: https://things.example}],", "id: {}", "servers:")]
    [TestCase("/relative", "", "id: {}", "servers: [{url: \"/relative\"}]")]
    [TestCase("https://{region}.example", "", "id: {}", "servers: [{url: \"https://{region}.example\"}]")]
    [TestCase("https://api.example", "", "id: {type: string, readOnly: true}", "readOnly: true")]
    [TestCase("https://api.example", "", "'id': {'type': 'string', 'writeOnly': true}", "writeOnly': true")]
    [TestCase("https://api.example", "", "id: {oneOf: [{type: string}, {type: integer}]}", "oneOf: [{type: string}")]
    [TestCase("https://api.example", "", "id: {type: [string, integer]}", "type: [string, integer]")]
    [TestCase("https://api.example", "", "id: {type: ['null', string, integer]}", "type: ['null', string, integer]")]
    [TestCase(
        "https://api.example",
        "put: {responses: {'200': {description: '', content: {text/csv: {}, application/json: {}}}}},",
        "id: {type: [string, 'null']}",
        "content: {text/csv: {}, application/json: {}"
    )]
    public async Task Refuses_what_only_the_refresh_tool_handles(
        string server,
        string item,
        string property,
        string named
    )
    {
        await File.WriteAllTextAsync(
            _workspace["openapi/contacts.yaml"],
            $$$"""
            openapi: 3.1.0
            info: {title: Things, version: "1"}
            servers: [{url: "{{{server}}}"}]
            paths:
              /things: { {{{item}}} get: {operationId: GetThing, responses: {"200": {description: A thing.} } } }
            components: {schemas: {Thing: {type: object, properties: { {{{property}}} } } } }

            """
        );

        var failed = (await _workspace.GenerateAsync()).MustFail();

        Assert.That(
            failed.Text,
            Does.Match($"\"{Regex.Escape(named)}.*\" needs a document that the refresh tool has written")
        );
    }

    [Test]
    public async Task A_path_may_be_named_servers()
    {
        await File.WriteAllTextAsync(
            _workspace["openapi/contacts.yaml"],
            """
            openapi: 3.1.0
            info: {title: Servers, version: "1"}
            paths:
              /servers:
                get: {responses: {"204": {description: Nothing.} } }

            """
        );

        (await _workspace.GenerateAsync()).MustSucceed();
    }

    [TestCase("u2028")]
    [TestCase("u2029")]
    [TestCase("u0085")]
    public async Task A_line_break_of_Unicode_does_not_end_a_comment(string lineBreak)
    {
        var document = _workspace["openapi/texts.json"];
        await File.WriteAllTextAsync(
            document,
            $$$"""
            {"openapi": "3.0.3", "info": {"title": "Texts", "version": "1"}, "paths": {"/texts": {"get": {
              "summary": "One\{{{lineBreak}}}public int X;", "responses": {"204": {"description": "Nothing."} } } } } }
            """
        );

        (await _workspace.GenerateAsync($"-p:NSwagDocument={document}")).MustSucceed();

        Assert.That(
            await File.ReadAllTextAsync(_workspace["src/OrqGenerated/obj/nswag/texts.g.cs"]),
            Does.Contain("/// One public int X;")
        );
    }

    [Test]
    public async Task The_compiler_names_what_the_templates_do_not_support()
    {
        await File.WriteAllTextAsync(
            _workspace["openapi/contacts.yaml"],
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
              /filter/{label}/{matrix}:
                get:
                  operationId: Find
                  parameters:
                    - {name: label, in: path, required: true, style: label, schema: {type: string}}
                    - {name: matrix, in: path, required: true, style: matrix, schema: {type: string}}
                    - {name: spaces, in: query, style: spaceDelimited, schema: {type: array, items: {type: string}}}
                    - {name: bars, in: query, style: pipeDelimited, schema: {type: array, items: {type: string}}}
                    - {name: fields, in: query, style: deepObject, schema: {additionalProperties: {type: string}}}
                    - {name: map, in: query, schema: {type: object, additionalProperties: {type: string}}}
                    - {name: session, in: cookie, schema: {type: string}}
                    - {name: thing, in: query, schema: {$ref: "#/components/schemas/One"}}
                    - {name: things, in: query, schema: {type: array, items: {$ref: "#/components/schemas/One"}}}
                    - {name: lists, in: query, schema: {type: array, items: {type: array, items: {type: string}}}}
                    - {name: json, in: query, content: {application/json: {schema: {type: string}}}}
                  responses: {"204": {description: Nothing.}}
                post:
                  operationId: AddText
                  requestBody: {content: {text/plain: {schema: {type: string}}}}
                  responses: {"204": {description: Nothing.}}
                put:
                  operationId: SendForm
                  requestBody: {content: {application/x-www-form-urlencoded: {schema: {properties: {a: {}}}}}}
                  responses: {"204": {description: Nothing.}}
                delete:
                  operationId: SendLines
                  requestBody: {content: {application/x-ndjson: {schema: {$ref: "#/components/schemas/One"}}}}
                  responses: {"204": {description: Nothing.}}
                patch:
                  operationId: SendParts
                  requestBody: {content: {multipart/form-data: {schema: {properties: {part: {type: string}}}}}}
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

        var document = $"-p:NSwagDocument={_workspace["openapi/contacts.yaml"]}";
        string[] options = ["-f", "net10.0", "-p:RunAnalyzers=false", "-p:NuGetAudit=false", document];
        var failed = (await _workspace.RunAsync("build", options)).MustFail();

        string[] reasons =
        [
            "ReadText has the success text/plain.",
            "Fail declares no success.",
            "ReadTwo has different success responses.",
            "Remove has a path with a parameter that is not declared.",
            "Level is an enum of something other than strings.",
            "Maybe has no properties, as a union has none.",
            "Animal has a discriminator.",
            "Both has a property twice.",
        ];
        string[] parameters =
        [
            "label",
            "matrix",
            "spaces",
            "bars",
            "fields",
            "map",
            "session",
            "thing",
            "things",
            "lists",
            "json",
        ];
        string[] bodies = ["body of AddText", "body of SendForm", "body of SendLines", "part of SendParts"];
        var unsupported = parameters
            .Select(name => $"{name} of Find")
            .Concat(bodies)
            .Select(what => $"{what} has a place, style or type that is not supported.");
        foreach (var reason in reasons.Concat(unsupported))
            Assert.That(failed.Text, Does.Contain($"#error: '{reason}'"));

        Assert.That(failed.Text, Does.Not.Match("error CS(?!1029)"), "no error besides the reasons");
    }

    [TestCase("ssv")]
    [TestCase("tsv")]
    [TestCase("pipes")]
    public async Task Does_not_support_other_separators_of_lists_than_commas(string format)
    {
        await File.WriteAllTextAsync(
            _workspace["openapi/contacts.yaml"],
            $$$"""
            swagger: "2.0"
            info: {title: Lists, version: "1"}
            host: api.example
            paths:
              /lists:
                get:
                  operationId: Find
                  parameters:
                    - {name: csv, in: query, type: array, items: {type: string}, collectionFormat: csv}
                    - {name: other, in: query, type: array, items: {type: string}, collectionFormat: {{{format}}} }
                  responses: {"204": {description: Nothing.}}

            """
        );

        (await _workspace.GenerateAsync()).MustSucceed();

        Assert.That(
            await File.ReadAllTextAsync(_workspace.Output),
            Does.Contain("#error other of Find has a place, style or type that is not supported.")
                .And.Not.Contain("#error csv")
        );
    }

    [Test]
    public async Task A_design_time_build_only_warns_and_does_not_regenerate_existing_code()
    {
        await File.WriteAllTextAsync(_workspace["openapi/contacts.yaml"], "paths: [");

        var first = (await _workspace.GenerateAsync("-p:DesignTimeBuild=true")).MustSucceed();
        Assert.That(first.Text, Does.Contain("contacts.yaml : warning NSWAG: "));

        await File.WriteAllTextAsync(_workspace.Output, "good");
        var next = (await _workspace.GenerateAsync("-p:DesignTimeBuild=true")).MustSucceed();
        Assert.That(next.NSwagRuns, Is.Zero, "runs of NSwag when there is code");
    }
}
