using System.Text.Json.Nodes;
using FsCheck;
using OrqGenerated.Refresh;

namespace OrqGenerated.Tests.Refresh;

/// <summary>The written form reads back as what it was.</summary>
public sealed class CanonicalYamlTests
{
    [TestCase("yes")]
    [TestCase("null")]
    [TestCase("200")]
    [TestCase("2026-06-02")]
    [TestCase("a: b")]
    [TestCase("a #b")]
    [TestCase("a:")]
    [TestCase("- a")]
    [TestCase("")]
    [TestCase(" a")]
    [TestCase("a ")]
    [TestCase("a\nb")]
    [TestCase("[a]")]
    [TestCase("say \"a\\b\"")]
    [TestCase("tab\tand \u2028 and \uFEFF")]
    [TestCase("1.2.3")]
    [TestCase("it's plain, with: colons#and hashes")]
    public void A_string_comes_back_as_it_was(string text)
    {
        var tree = new JsonObject
        {
            ["key"] = text,
            [text] = new JsonArray(text, new JsonArray(text), new JsonObject { [text] = text }),
        };

        Assert.That(
            JsonNode.DeepEquals(DocumentReader.Read(CanonicalYaml.Write(tree), "x"), tree),
            Is.True,
            CanonicalYaml.Write(tree)
        );
    }

    [FsCheck.NUnit.Property]
    public bool Any_string_comes_back_as_it_was(NonNull<string> text)
    {
        var valid = new string([.. text.Get.Where(c => !char.IsSurrogate(c) && c < '\uFFFE')]);
        var tree = new JsonObject
        {
            ["key"] = valid,
            ["list"] = new JsonArray(new JsonArray(valid)),
        };
        return JsonNode.DeepEquals(DocumentReader.Read(CanonicalYaml.Write(tree), "x"), tree);
    }

    [Test]
    public void Types_and_nested_lists_stand_on_one_line_and_everything_else_in_blocks() =>
        Assert.That(
            CanonicalYaml.Write(
                JsonNode
                    .Parse(
                        """{"type":["string","null"],"examples":[["a","b, c"],{"x":1,"z":{}}],"empty":[],"none":null,"half":1.5,"$ref":"#/a"}"""
                    )!
                    .AsObject()
            ),
            Is.EqualTo(
                """
                type: [string, "null"]
                examples:
                  - [a, "b, c"]
                  - x: 1
                    z: {}
                empty: []
                none: null
                half: 1.5
                $ref: "#/a"

                """
            )
        );
}
