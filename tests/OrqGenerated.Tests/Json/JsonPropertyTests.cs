using Newtonsoft.Json;

namespace OrqGenerated.Tests.Json;

/// <summary>A property of every form, as generated code writes it: its name comes escaped already.</summary>
internal sealed class JsonPropertyTests
{
    private const string Name = """
        a\"b
        """;

    private static IEnumerable<TestCaseData> Properties =>
        [
            Case("a required text", w => w.WriteRequired(Name, JsonCodec.String, "x"), "\"x\""),
            Case("no required text", w => w.WriteRequired(Name, JsonCodec.String, null), "null"),
            Case("a required number", w => w.WriteRequired(Name, JsonCodec.Integer, 5), "5"),
            Case("no required number", w => w.WriteRequired(Name, JsonCodec.Integer, null), "null"),
            Case("a text", w => w.WriteOptional(Name, JsonCodec.String, "x"), "\"x\""),
            Case("no text", w => w.WriteOptional(Name, JsonCodec.String, (string?)null), null),
            Case("a number", w => w.WriteOptional(Name, JsonCodec.Integer, (long?)5), "5"),
            Case("no number", w => w.WriteOptional(Name, JsonCodec.Integer, (long?)null), null),
            Case("a set text", w => w.WriteOptional(Name, JsonCodec.String, Set("x")), "\"x\""),
            Case(
                "a text set to null",
                w => w.WriteOptional(Name, JsonCodec.String, Set<string?>(null)),
                "null"
            ),
            Case(
                "an unset text",
                w => w.WriteOptional(Name, JsonCodec.String, default(Optional<string?>)),
                null
            ),
            Case("a set number", w => w.WriteOptional(Name, JsonCodec.Integer, Set<long?>(5)), "5"),
            Case(
                "a number set to null",
                w => w.WriteOptional(Name, JsonCodec.Integer, Set<long?>(null)),
                "null"
            ),
            Case(
                "an unset number",
                w => w.WriteOptional(Name, JsonCodec.Integer, default(Optional<long?>)),
                null
            ),
        ];

    [TestCaseSource(nameof(Properties))]
    public void Is_written_by_its_form(Action<JsonWriter> write, string? value)
    {
        var json = Script.JsonOf(writer =>
        {
            writer.WriteStartObject();
            write(writer);
            writer.WritePropertyName("after");
            writer.WriteValue(1);
            writer.WriteEndObject();
        });

        Assert.That(
            json,
            Is.EqualTo(
                value is null
                    ? """{"after":1}"""
                    : $$"""
                    {"a\"b":{{value}},"after":1}
                    """
            )
        );
    }

    private static TestCaseData Case(string name, Action<JsonWriter> write, string? value) =>
        new TestCaseData(write, value).SetArgDisplayNames(name);

    private static Optional<T?> Set<T>(T? value) => new(value);
}
