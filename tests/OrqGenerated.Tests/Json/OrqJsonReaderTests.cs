using System.Diagnostics.CodeAnalysis;
using System.Text;
using Newtonsoft.Json;

namespace OrqGenerated.Tests.Json;

/// <summary>A property of every form, as generated code reads it.</summary>
internal sealed class OrqJsonReaderTests
{
    [TestCase("required_text", "\"a\"", "a")]
    [TestCase("required_text", "null", "null")]
    [TestCase("required_text", "5", "null")]
    [TestCase("required_number", "5", "5")]
    [TestCase("required_number", "null", "null")]
    [TestCase("required_number", "\"a\"", "null")]
    [TestCase("nullable_text", "\"a\"", "set to a")]
    [TestCase("nullable_text", "null", "set to null")]
    [TestCase("nullable_text", "5", "unset")]
    [TestCase("nullable_number", "5", "set to 5")]
    [TestCase("nullable_number", "null", "set to null")]
    [TestCase("nullable_number", "\"a\"", "unset")]
    [TestCase("optional_text", "\"a\"", "a")]
    [TestCase("optional_text", "null", "null")]
    [TestCase("optional_text", "5", "null, kept as 5")]
    [TestCase("optional_number", "5", "5")]
    [TestCase("optional_number", "null", "null")]
    [TestCase("optional_number", "\"a\"", "null, kept as a")]
    [TestCase("tristate_text", "\"a\"", "set to a")]
    [TestCase("tristate_text", "null", "set to null")]
    [TestCase("tristate_text", "5", "unset, kept as 5")]
    [TestCase("tristate_number", "5", "set to 5")]
    [TestCase("tristate_number", "null", "set to null")]
    [TestCase("tristate_number", "\"a\"", "unset, kept as a")]
    public void Reads_a_property_by_its_form(string field, string json, string expected) =>
        Assert.That(Read(field, json), Is.EqualTo(expected));

    [Test]
    public void Names_the_property_that_still_fails_and_not_one_that_came_again()
    {
        var reader = Reader(
            """{"name":5,"contact":{"external_id":"u1","email":5},"name":"again"}"""
        );

        Assert.That(JsonCodec.Model<Holder>().TryRead(ref reader, out _), Is.False);
        Assert.That(reader.DescribeFailure(), Is.EqualTo(("contact.email", "a string")));
    }

    private static OrqJsonReader Reader(string json)
    {
        var reader = new OrqJsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return reader;
    }

    private static string Read(string field, string json)
    {
        var reader = Reader($$"""{"{{field}}":{{json}}}""");
        Assert.That(reader.ReadProperty(out var name), Is.True);
        Dictionary<string, object?>? others = null;
        var read = Read(ref reader, name!, ref others);
        Assert.That(reader.ReadProperty(out _), Is.False, "the value is read to its end");
        return others is null or { Count: 0 } ? read : $"{read}, kept as {others[field]}";
    }

    private static string Read(
        ref OrqJsonReader reader,
        string name,
        ref Dictionary<string, object?>? others
    )
    {
        string? text = null;
        long? number = null;
        Optional<string?> maybeText = default;
        Optional<long?> maybeNumber = default;
        switch (name)
        {
            case "required_text":
                reader.ReadRequired(JsonCodec.String, name, ref text);
                return text ?? "null";
            case "required_number":
                reader.ReadRequired(JsonCodec.Integer, name, ref number);
                return $"{(object?)number ?? "null"}";
            case "nullable_text":
                reader.ReadRequired(JsonCodec.String, name, ref maybeText);
                return Describe(maybeText);
            case "nullable_number":
                reader.ReadRequired(JsonCodec.Integer, name, ref maybeNumber);
                return Describe(maybeNumber);
            case "optional_text":
                reader.ReadOptional(JsonCodec.String, name, ref text, ref others);
                return text ?? "null";
            case "optional_number":
                reader.ReadOptional(JsonCodec.Integer, name, ref number, ref others);
                return $"{(object?)number ?? "null"}";
            case "tristate_text":
                reader.ReadOptional(JsonCodec.String, name, ref maybeText, ref others);
                return Describe(maybeText);
            default:
                reader.ReadOptional(JsonCodec.Integer, name, ref maybeNumber, ref others);
                return Describe(maybeNumber);
        }
    }

    private static string Describe<T>(Optional<T> value) =>
        value.IsSet ? $"set to {(object?)value.Value ?? "null"}" : "unset";

    /// <summary>A model with two properties that must be there.</summary>
    private sealed class Holder : IJsonModel<Holder>
    {
        static bool IJsonModel<Holder>.TryRead(
            ref OrqJsonReader reader,
            [MaybeNullWhen(false)] out Holder value
        )
        {
            value = null;
            string? text = null;
            CreateContactRequestBody? contact = null;
            while (reader.ReadProperty(out var name))
            {
                if (name == "name")
                {
                    reader.ReadRequired(JsonCodec.String, name, ref text);
                }
                else
                {
                    reader.ReadRequired(
                        JsonCodec.Model<CreateContactRequestBody>(),
                        name,
                        ref contact
                    );
                }
            }

            if (contact is null)
            {
                return reader.FailMissing("contact");
            }

            value = new Holder();
            return true;
        }

        void IJsonModel<Holder>.Write(JsonWriter writer) => throw new NotSupportedException();

        Invalid? IJsonModel<Holder>.Check(int depth) => null;
    }
}
