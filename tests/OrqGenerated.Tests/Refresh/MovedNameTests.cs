using static OrqGenerated.Tests.Refresh.Refreshing;

namespace OrqGenerated.Tests.Refresh;

/// <summary>A C# name never silently changes its meaning.</summary>
public sealed class MovedNameTests
{
    private const string Removes = """
        openapi: 3.1.0
        servers: [{url: 'https://a.test'}]
        paths:
          /b/{id}: {delete: {operationId: remove, responses: {"204": {description: x}}}}
          /c/{id}: {delete: {operationId: remove, responses: {"204": {description: x}}}}

        """;

    private static readonly string RemovesMore = Removes.Replace(
        "paths:\n",
        "paths:\n  /a/{id}: {delete: {operationId: remove, responses: {\"204\": {description: x}}}}\n"
    );

    private static IEnumerable<TestCaseData> TakenOver =>
        [
            new(
                Document("{}", "{properties: {id: {type: string}}}"),
                Document("{}", "{properties: {id: {type: string}, _id: {type: string}}}"),
                "`Id` is `string?`, `_id` in JSON, was `string?`, `id` in JSON"
            ),
            new(
                Document("{properties: {first_name: {type: string}, firstName: {type: string}}}"),
                Document(
                    "{properties: {first_name: {type: string}, firstName: {type: string}, first-name: {type: string}}}"
                ),
                "`FirstName` is `string?`, `first-name` in JSON, was `string?`, `firstName` in JSON"
            ),
            new(
                Operation("parameters: [{in: query, name: x_y, schema: {type: string}}]"),
                Operation(
                    "parameters: [{in: query, name: x_y, schema: {type: string}}, "
                        + "{in: query, name: x-y, schema: {type: string}}]"
                ),
                "`XY` is `string?`, query parameter x-y, was `string?`, query parameter x_y"
            ),
            new(
                Operation("parameters: [{in: query, name: kind, schema: {enum: [a_b]}}]"),
                Operation("parameters: [{in: query, name: kind, schema: {enum: [a_b, a-b]}}]"),
                "`AB` is `a-b` in JSON, was `a_b` in JSON"
            ),
        ];

    [TestCaseSource(nameof(TakenOver))]
    public void Taking_over_the_name_of_another_property_parameter_or_enum_value_is_breaking(
        string before,
        string after,
        string line
    )
    {
        var refreshed = Change(before, after);

        Assert.That(refreshed.Report, Does.Contain($"- **Breaking:** {line}.\n"));
        Assert.That(refreshed.Code, Is.EqualTo(3));
    }

    [Test]
    public void Refuses_duplicate_operation_ids_until_the_configuration_names_each_operation()
    {
        const string Config =
            "{info: {title: T, version: V}, operations: "
            + "{'DELETE /b/{id}': {name: RemoveB}, 'DELETE /c/{id}': {name: RemoveC}}}";
        var refused = Run(Removes);
        var refreshed = Change(Removes, RemovesMore, Config);

        Assert.That(refused.Code, Is.EqualTo(2));
        Assert.That(
            refused.Errors,
            Is.EqualTo([
                "DELETE /b/{id} Remove is left out: one of its methods would have the name of one of DELETE /c/{id} "
                    + "(refresh.yaml can rename one by its route), and so are all others",
            ])
        );
        Assert.That((refreshed.Code, refreshed.Report), Is.EqualTo((0, "")));
        Assert.That(refreshed.Text, Does.Contain("operationId: RemoveB\n").And.Contain("operationId: RemoveC\n"));
    }

    [Test]
    public void An_ambiguous_operation_must_be_listed_by_its_route()
    {
        const string Config =
            "{info: {title: T, version: V}, operations: {KEY: {x-idempotent: It is gone either way.}}}";
        var byId = Run(Removes, Config.Replace("KEY", "remove"));
        var byRoute = Run(RemovesMore, Config.Replace("KEY", "'DELETE /b/{id}'"));

        Assert.That(byId.Code, Is.EqualTo(2));
        Assert.That(
            byId.Errors,
            Is.EqualTo([
                "remove is the operationId of DELETE /b/{id} and DELETE /c/{id}; "
                    + "refresh.yaml can name one by its route",
            ])
        );
        Assert.That(byRoute.Operation["x-idempotent"]!.GetValue<bool>(), Is.True);
        Assert.That(byRoute.Document["paths"]!.AsObject().Single().Key, Is.EqualTo("/b/{id}"));
    }

    [Test]
    public void Calling_another_route_is_breaking_and_questions_the_reason_for_retries()
    {
        const string Config =
            "{info: {title: T, version: V}, operations: {CallPet: {x-idempotent: It is gone either way.}}}";
        var refreshed = Change(Operation(""), Operation("", "/cats/{id}: {post"), Config);

        Assert.That(refreshed.Code, Is.EqualTo(3));
        Assert.That(
            refreshed.Report,
            Does.Contain(
                "- **Breaking:** its request is POST /cats/{id}, path parameter id, Accept application/json, "
                    + "was POST /pets/{id}, path parameter id, Accept application/json.\n"
                    + "- Not breaking: x-idempotent is for the reason given for POST /cats/{id}, "
                    + "so that any failure is retried, was for"
            )
        );
    }
}
