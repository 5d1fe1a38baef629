using static OrqGenerated.Tests.Refresh.Refreshing;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Which texts of the previous document the report lists as lost.</summary>
public sealed class LostTextTests
{
    [Test]
    public void Reports_text_typed_into_the_document_as_lost()
    {
        var upstream = Document("{properties: {tags: {type: string}, description: {type: string}}}");
        var typed = Run(upstream)
            .Text!.Replace(
                "        tags:\n          type: string\n",
                "        tags:\n          type: string\n          description: Success\n          examples: [a]\n"
                    + "          example: b\n"
            )
            .Replace("x-orq-direction: request", "x-orq-direction: response");
        var refreshed = Run(upstream, before: typed);

        Assert.That(
            refreshed.Report,
            Does.EndWith(
                "## Lost, because only refresh.yaml holds texts\n\n"
                    + "- `components.schemas.CreatePetRequestBody.properties.tags`: description was \"Success\"\n"
                    + "- `components.schemas.CreatePetRequestBody.properties.tags`: examples was [\"a\"]\n"
                    + "- `components.schemas.CreatePetRequestBody.properties.tags`: example was \"b\"\n"
            )
        );
    }

    [Test]
    public void Does_not_report_a_default_description_as_lost()
    {
        var config = Contacts.Config.Replace("\"200\"", "\"201\"");

        var refreshed = Run(Contacts.In2025, config, Run(Contacts.In2025, Contacts.Config).Text);

        Assert.That(refreshed.Report, Is.Not.Empty.And.Not.Contain("Lost"));
    }

    [Test]
    public void Reports_the_lost_description_of_a_moved_parameter_but_not_of_a_removed_one()
    {
        const string A = "{name: a, in: query, schema: {type: string}}, ";
        const string Config =
            "{info: {title: T, version: V}, operations: {CallPet: {parameters: {a: Of a., b: Of b.}}}}";
        var both = Operation($"parameters: [{A}{{name: b, in: query, schema: {{type: string}}}}]");

        var report = Run(both.Replace(A, ""), before: Run(both, Config).Text).Report;

        Assert.That(
            report,
            Does.EndWith("texts\n\n- `paths./pets/{id}.post.parameters.b`: description was \"Of b.\"\n")
        );
    }
}
