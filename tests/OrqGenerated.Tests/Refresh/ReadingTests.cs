using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using OrqGenerated.Tests.Support;
using YamlDotNet.RepresentationModel;
using static OrqGenerated.Tests.Refresh.Refreshing;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Reads YAML and JSON, and writes YAML that reads back unchanged.</summary>
public sealed class ReadingTests
{
    [TestCase(
        "",
        "standard input cannot be read at line 1, column 1: Expected 'DocumentStart', "
            + "got 'StreamEnd' (at Line: 1, Col: 1, Idx: 0)."
    )]
    [TestCase("just text", "standard input is not a YAML or JSON mapping, so it is not an OpenAPI document")]
    [TestCase(
        "a: 1\n---\nb: 2",
        "standard input cannot be read at line 2, column 1: Expected 'StreamEnd', "
            + "got 'DocumentStart' (at Line: 2, Col: 1, Idx: 5)."
    )]
    [TestCase("a: 1\nb: 2\na: 3", "standard input cannot be read at line 3, column 1: the key 'a' is there twice")]
    [TestCase("200: 1\n\"200\": 2", "standard input cannot be read at line 2, column 1: the key '200' is there twice")]
    [TestCase("{\"a\": 1, \"a\": 2}", "standard input cannot be read at line 1, column 10: the key 'a' is there twice")]
    [TestCase(
        "? [a]\n: 1",
        "standard input cannot be read at line 1, column 3: Expected 'Scalar', "
            + "got 'SequenceStart' (at Line: 1, Col: 3, Idx: 2)."
    )]
    [TestCase("a: &b 1\nc: *b", "standard input cannot be read at line 2, column 4: aliases are not supported")]
    [TestCase(
        "a: {<<: {b: 1}}",
        "standard input cannot be read at line 1, column 5: the merge key << is not supported"
    )]
    [TestCase("a: 1\nb: tru", "standard input does not end with a line break; is it cut off?")]
    public void Refuses_unreadable_YAML_in_one_line(string yaml, string line) =>
        Assert.That(Run(yaml).Errors, Is.EqualTo([line]));

    [TestCase("a: \"cut off")]
    [TestCase("{\"openapi\": \"\\ud800\"}")]
    public void Refuses_broken_syntax_in_one_line(string yaml) =>
        Assert.That(Run(yaml).Errors.Single(), Does.StartWith("standard input cannot be read"));

    [TestCase("\n")]
    [TestCase("\r\n")]
    public void A_block_scalar_may_start_with_a_longer_blank_line(string lineBreak) =>
        Assert.That(
            Run(
                (Document("{}") + "x-more:\n  example: |+\n          \n  next: 1\n").ReplaceLineEndings(lineBreak)
            ).Code,
            Is.Zero
        );

    [Test]
    public void Reads_plain_words_and_dates_as_strings_like_YAML_1_2() =>
        Assert.That(
            Run(Document("{enum: [no, 2024-01-15, 'true', 1.2.3]}")).Schemas["CreatePetRequestBody"]![
                "enum"
            ]!.ToJsonString(),
            Is.EqualTo("""["1.2.3","2024-01-15","no","true"]""")
        );

    [TestCase("[", "]")]
    [TestCase("{a: ", "}")]
    public void Refuses_excessive_nesting(string open, string close)
    {
        var nested = string.Concat(Enumerable.Repeat(open, 5000)) + string.Concat(Enumerable.Repeat(close, 5000));

        Assert.That(
            Run($"a: {nested}\n").Errors.Single(),
            Does.Match("^standard input cannot be read at line 1, column [0-9]+: deeper than 200 levels$")
        );
    }

    [Test]
    public void Refuses_invalid_UTF8_but_accepts_a_byte_order_mark()
    {
        byte[] marked = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Document("{}"))];

        foreach (byte[] bytes in new byte[][] { [0xC3, 0x28], [.. marked, 0xC3, 0x28] })
        {
            Assert.That(
                Run(bytes).Errors.Single(),
                Does.StartWith("standard input cannot be used: Unable to translate bytes [C3]")
            );
        }

        Assert.That(Run(marked).Code, Is.Zero);
    }

    [TestCase("yes")]
    [TestCase("null")]
    [TestCase("200")]
    [TestCase("1.5")]
    [TestCase("2026-06-02")]
    [TestCase("a: b")]
    [TestCase("a #b")]
    [TestCase("a:")]
    [TestCase("- a")]
    [TestCase("")]
    [TestCase(" a ")]
    [TestCase("a\nb")]
    [TestCase("a\n")]
    [TestCase("1.2.3\n")]
    [TestCase("[a]")]
    [TestCase("say \"a\\b\"")]
    [TestCase("tab\tand \u2028 and \uFEFF", TestName = "A_string_survives_writing_and_reading(special characters)")]
    [TestCase("it's plain, with: colons#and hashes")]
    public void A_string_survives_writing_and_reading(string text)
    {
        var config = new JsonObject
        {
            ["info"] = new JsonObject
            {
                ["title"] = "T",
                ["version"] = "V",
                ["description"] = text,
            },
            ["operations"] = new JsonObject { ["*"] = null },
            ["schemas"] = new JsonObject
            {
                ["CreatePetRequestBody"] = new JsonObject
                {
                    ["properties"] = new JsonObject
                    {
                        ["a"] = new JsonObject { ["examples"] = new JsonArray(text, new JsonArray(text)) },
                    },
                },
            },
        };
        var refreshed = Run(Document("{properties: {a: {}}}"), config.ToJsonString());

        // An independent reader, of YAML 1.1.
        var yaml = new YamlStream();
        yaml.Load(new StringReader(refreshed.Text!));
        var document = yaml.Documents[0].RootNode;
        var examples = document["components"]["schemas"]["CreatePetRequestBody"]["properties"]["a"]["examples"];
        Assert.That(document["info"]["description"].ToString(), Is.EqualTo(text));
        Assert.That(examples[0].ToString(), Is.EqualTo(text));
        Assert.That(examples[1][0].ToString(), Is.EqualTo(text));
        Assert.That(refreshed.Document["info"]!["description"]!.ToString(), Is.EqualTo(text));
    }

    [SeededProperty(MaxTest = 100)]
    public void Any_string_survives_writing_and_reading(NonNull<string> text) =>
        A_string_survives_writing_and_reading(new([.. text.Get.Where(c => !char.IsSurrogate(c) && c < '\uFFFE')]));

    [Test]
    public void Writes_types_and_nested_lists_inline_and_everything_else_in_blocks() =>
        Assert.That(
            Run(
                Document("{properties: {a: {type: [array, 'null']}}}"),
                """
                info: {title: T, version: V}
                operations: {"*": }
                schemas: {CreatePetRequestBody: {properties: {a: {examples: [[a, "b, c"], {x: 1.50, z: {}}]}}}}
                """
            ).Text,
            Does.Contain(
                """
                        a:
                          type: [array, "null"]
                          items: {}
                          examples:
                            - [a, "b, c"]
                            - x: 1.50
                              z: {}

                """
            )
        );
}
