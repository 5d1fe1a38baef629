using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using OrqGenerated.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Documents are read for what they mean, and what is written reads back as what it was.</summary>
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
    public void What_cannot_be_read_has_one_line(string yaml, string line) =>
        Assert.That(Refreshing.Run(yaml).Errors, Is.EqualTo(new[] { line }));

    [TestCase("a: \"cut off")]
    [TestCase("a: [1, 2")]
    [TestCase("{\"a\": {\"b\": ")]
    [TestCase("{\"\\ud800\": 1}")]
    [TestCase("{\"openapi\": \"\\ud800\"}")]
    [TestCase("a: b: c")]
    public void Broken_syntax_has_one_line(string yaml) =>
        Assert.That(Refreshing.Run(yaml).Errors.Single(), Does.StartWith("standard input cannot be read"));

    [TestCase("\n")]
    [TestCase("\r\n")]
    public void A_block_scalar_may_begin_with_a_line_of_more_blanks_than_its_own(string lineBreak) =>
        Assert.That(
            Refreshing
                .Run(
                    (Refreshing.Document("{}") + "x-more:\n  example: |+\n          \n  next: 1\n").ReplaceLineEndings(
                        lineBreak
                    )
                )
                .Code,
            Is.Zero
        );

    [Test]
    public void Plain_words_and_dates_are_strings_as_in_YAML_1_2() =>
        Assert.That(
            Refreshing.Run(Refreshing.Document("{enum: [no, 2024-01-15, 'true', 1.2.3]}")).Schemas[
                "CreatePetRequestBody"
            ]!["enum"]!.ToJsonString(),
            Is.EqualTo("""["1.2.3","2024-01-15","no","true"]""")
        );

    [TestCase("[", "]")]
    [TestCase("{a: ", "}")]
    public void Nesting_without_end_is_refused(string open, string close)
    {
        var nested = string.Concat(Enumerable.Repeat(open, 5000)) + string.Concat(Enumerable.Repeat(close, 5000));

        Assert.That(
            Refreshing.Run($"a: {nested}\n").Errors.Single(),
            Does.Match("^standard input cannot be read at line 1, column [0-9]+: deeper than 200 levels$")
        );
    }

    [Test]
    public void Bytes_that_are_no_UTF8_are_refused_and_a_byte_order_mark_is_not()
    {
        byte[] marked = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Refreshing.Document("{}"))];

        foreach (byte[] bytes in new byte[][] { [0xC3, 0x28], [.. marked, 0xC3, 0x28] })
        {
            Assert.That(
                Refreshing.Run(bytes).Errors.Single(),
                Does.StartWith("standard input cannot be used: Unable to translate bytes [C3]")
            );
        }

        Assert.That(Refreshing.Run(marked).Code, Is.Zero);
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
    [TestCase("tab\tand \u2028 and \uFEFF", TestName = "Every_text_is_written_as_it_is_read(special characters)")]
    [TestCase("it's plain, with: colons#and hashes")]
    public void Every_text_is_written_as_it_is_read(string text)
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
        var refreshed = Refreshing.Run(Refreshing.Document("{properties: {a: {}}}"), config.ToJsonString());

        // A reader of YAML 1.1 and not ours.
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
    public void Any_text_is_written_as_it_is_read(NonNull<string> text) =>
        Every_text_is_written_as_it_is_read(new([.. text.Get.Where(c => !char.IsSurrogate(c) && c < '\uFFFE')]));

    [Test]
    public void Types_and_nested_lists_stand_on_one_line_and_everything_else_in_blocks() =>
        Assert.That(
            Refreshing
                .Run(
                    Refreshing.Document("{properties: {a: {type: [array, 'null']}}}"),
                    """
                    info: {title: T, version: V}
                    operations: {"*": }
                    schemas: {CreatePetRequestBody: {properties: {a: {examples: [[a, "b, c"], {x: 1.50, z: {}}]}}}}
                    """
                )
                .Text,
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
