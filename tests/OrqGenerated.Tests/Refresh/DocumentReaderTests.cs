using System.Text;
using OrqGenerated.Refresh;

namespace OrqGenerated.Tests.Refresh;

/// <summary>YAML 1.2 and JSON are read for what they mean, and nothing is read for what it might have meant.</summary>
public sealed class DocumentReaderTests
{
    [TestCase("no", "\"no\"")]
    [TestCase("2024-01-15", "\"2024-01-15\"")]
    [TestCase("\"200\"", "\"200\"")]
    [TestCase("'true'", "\"true\"")]
    [TestCase("!!str 12", "\"12\"")]
    [TestCase("1.2.3", "\"1.2.3\"")]
    [TestCase("12:30:00", "\"12:30:00\"")]
    [TestCase("true", "true")]
    [TestCase("~", "null")]
    [TestCase("", "null")]
    [TestCase("017", "17")]
    [TestCase("0o17", "15")]
    [TestCase("0x1F", "31")]
    [TestCase("1.10", "1.1")]
    [TestCase("+1.50e2", "150")]
    [TestCase("-.5", "-0.5")]
    [TestCase("12e-3", "0.012")]
    [TestCase("-0", "0")]
    [TestCase("1e400", "1e400")]
    [TestCase("123456789012345678901234567890", "123456789012345678901234567890")]
    [TestCase("0.1234567890123456789012345678901", "0.1234567890123456789012345678901")]
    public void A_scalar_has_the_type_of_the_core_schema(string scalar, string json) =>
        Assert.That(
            DocumentReader.Read($"a: {scalar}\n", "x")["a"]?.ToJsonString() ?? "null",
            Is.EqualTo(json)
        );

    [Test]
    public void Numbers_are_the_same_in_JSON_and_YAML() =>
        Assert.That(
            DocumentReader
                .Read("""{"a": [1.0, 1.50, 2e1, 12345678901234567890123]}""", "x")
                .ToJsonString(),
            Is.EqualTo(
                DocumentReader.Read("a: [1, 1.5, 20, 12345678901234567890123]", "x").ToJsonString()
            )
        );

    [Test]
    public void An_alias_stands_for_what_it_names() =>
        Assert.That(
            DocumentReader.Read("a: &x {b: 1}\nc: *x\n", "x").ToJsonString(),
            Is.EqualTo("""{"a":{"b":1},"c":{"b":1}}""")
        );

    [TestCase("", "x is empty")]
    [TestCase("just text", "x is not a YAML or JSON mapping, so it is not an OpenAPI document")]
    [TestCase("a: 1\n---\nb: 2", "x holds more than one YAML document")]
    [TestCase("a: 1\nb: 2\na: 3", "x, line 3: the key 'a' is there twice")]
    [TestCase("200: 1\n\"200\": 2", "x, line 2: the key '200' is there twice")]
    [TestCase("? [a]\n: 1", "x, line 1: a key has to be a plain value")]
    [TestCase("a: *b", "x, line 1: the alias *b names nothing before it")]
    [TestCase("a: &b [*b]", "x, line 1: the alias *b names nothing before it")]
    public void What_cannot_be_read_is_an_error_of_one_line(string yaml, string message) =>
        Assert.That(
            () => DocumentReader.Read(yaml, "x"),
            Throws.TypeOf<BadInputException>().With.Message.EqualTo(message)
        );

    [TestCase("a: \"cut off")]
    [TestCase("a: [1, 2")]
    [TestCase("{\"a\": {\"b\": ")]
    [TestCase("{\"a\": 1, \"a\": 2}")]
    [TestCase("a: b: c")]
    public void Broken_syntax_is_an_error_of_one_line(string yaml) =>
        Assert.That(
            () => DocumentReader.Read(yaml, "x"),
            Throws
                .TypeOf<BadInputException>()
                .With.Message.StartsWith("x cannot be read")
                .And.Message.Not.Contains('\n')
        );

    [Test]
    public void YAML_that_ends_within_a_line_may_be_cut_off_and_is_refused()
    {
        Assert.That(
            () => DocumentReader.ReadWhole("a: 1\nb: tru", "x"),
            Throws.Exception.With.Message.EqualTo(
                "x does not end with a line break; is it cut off?"
            )
        );
        Assert.That(DocumentReader.ReadWhole("a: 1\n", "x").Count, Is.EqualTo(1));
        Assert.That(
            DocumentReader.ReadWhole("{\"a\": 1}", "x").Count,
            Is.EqualTo(1),
            "JSON says itself where it ends"
        );
    }

    [Test]
    public void Aliases_that_multiply_are_refused()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (var i = 1; i < 30; i++)
        {
            bomb.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]\n"
            );
        }

        Assert.That(
            () => DocumentReader.Read(bomb.ToString(), "x"),
            Throws.Exception.With.Message.Contains("aliases counted")
        );
    }

    [TestCase("[", "]")]
    [TestCase("{a: ", "}")]
    public void Nesting_without_end_is_refused(string open, string close) =>
        Assert.That(
            () =>
                DocumentReader.Read(
                    "a: "
                        + string.Concat(Enumerable.Repeat(open, 5000))
                        + string.Concat(Enumerable.Repeat(close, 5000)),
                    "x"
                ),
            Throws.Exception.With.Message.EqualTo("x is nested deeper than 200 levels")
        );

    [Test]
    public void Bytes_that_are_no_UTF8_are_refused_and_a_byte_order_mark_is_not()
    {
        Assert.That(
            () => DocumentReader.Decode([0xC3, 0x28], "x"),
            Throws.Exception.With.Message.EqualTo("x is not text in UTF-8")
        );
        Assert.That(DocumentReader.Decode([0xEF, 0xBB, 0xBF, (byte)'a'], "x"), Is.EqualTo("a"));
    }
}
