using System.CodeDom.Compiler;
using System.Runtime.CompilerServices;
using OrqGenerated.Refresh;

namespace OrqGenerated.Tests.Refresh;

/// <summary>The names that schemas get, and which of them are shared.</summary>
public sealed class SchemaNamesTests
{
    [Test]
    public void Inline_schemas_are_named_after_the_operation_and_the_properties_that_lead_to_them()
    {
        var schemas = Refreshing.Schemas(
            "{properties: {home_address: {properties: {city: {type: string}}}, size: {enum: [s]}}}",
            "{properties: {data: {items: {properties: {id: {type: string}}}}, by_id: {additionalProperties: {properties: {n: {type: string}}}}}}"
        );

        Assert.That(
            schemas.Select(s => s.Key),
            Is.EqualTo(
                new[]
                {
                    "CreatePetRequestBody",
                    "CreatePetRequestBodyHomeAddress",
                    "CreatePetRequestBodySize",
                    "CreatePetResponseBody",
                    "CreatePetResponseBodyByIdValue",
                    "CreatePetResponseBodyDataItem",
                }
            )
        );
    }

    [Test]
    public void Identical_inline_schemas_share_the_name_nearest_to_an_operation()
    {
        var schemas = Refreshing.Schemas(
            "{}",
            "{properties: {first: {properties: {a: {type: string, description: one}}}, list: {items: {properties: {a: {type: string, example: two}}}}}}"
        );

        Assert.That(
            schemas.Select(s => s.Key),
            Is.EqualTo(new[] { "CreatePetResponseBody", "CreatePetResponseBodyFirst" })
        );
    }

    [Test]
    public void A_class_for_requests_is_none_for_responses_but_an_enum_is_for_both()
    {
        const string Schema = "{properties: {size: {enum: [s, l]}}}";

        Assert.That(
            Refreshing.Schemas(Schema, Schema).Select(s => s.Key),
            Is.EqualTo(
                new[]
                {
                    "CreatePetRequestBody",
                    "CreatePetRequestBodySize",
                    "CreatePetResponseBody",
                }
            )
        );
    }

    [Test]
    public void Names_that_would_collide_in_CSharp_are_numbered()
    {
        var schemas = Refreshing.Schemas(
            "{properties: {foo_bar: {properties: {a: {type: string}}}, fooBar: {properties: {b: {type: string}}}, FOO_BAR: {properties: {c: {type: string}}}}}"
        );

        Assert.That(
            schemas.Select(s => s.Key).Skip(1).Distinct(StringComparer.OrdinalIgnoreCase).Count(),
            Is.EqualTo(3),
            "three classes, three names, also for whoever ignores case"
        );
    }

    [Test]
    public void The_documents_own_names_are_kept_unless_they_hide_a_type_of_NET()
    {
        const string Components =
            "{pet-shop.File: {properties: {a: {type: string}}}, Task: {properties: {b: {type: string}}}}";

        Assert.That(
            Refreshing
                .Schemas(
                    "{$ref: '#/components/schemas/pet-shop.File'}",
                    "{$ref: '#/components/schemas/Task'}",
                    Components
                )
                .Select(s => s.Key),
            Is.EqualTo(new[] { "PetShopFile", "TaskModel" })
        );
    }

    [TestCase("external_id", "ExternalId")]
    [TestCase("_id", "Id")]
    [TestCase("get /v2/contacts/{id}", "GetV2ContactsId")]
    [TestCase("ExternalId", "ExternalId")]
    [TestCase("3d", "N3d")]
    [TestCase("$", "Value")]
    public void Names_are_PascalCase(string name, string expected) =>
        Assert.That(Names.Pascal(name), Is.EqualTo(expected));

    [Test]
    public void No_schema_takes_the_name_of_a_handwritten_type()
    {
        var free = typeof(OrqClientOptions)
            .Assembly.GetTypes()
            .Where(t =>
                !t.IsNested && !t.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
            )
            .Where(t =>
                !t.IsDefined(typeof(GeneratedCodeAttribute), inherit: false)
                && t.Namespace == nameof(OrqGenerated)
            )
            .Select(t => t.Name.Split('`')[0])
            .Where(n =>
                Names.ForClass(n) == n
                && !n.StartsWith('<')
                && !n.EndsWith("Client", StringComparison.Ordinal)
            )
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

        Assert.That(
            string.Join(' ', free),
            Is.Empty,
            "these belong into build/refresh/Schemas/ReservedNames.cs"
        );
    }
}
