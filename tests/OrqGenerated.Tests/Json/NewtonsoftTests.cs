using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;

namespace OrqGenerated.Tests.Json;

/// <summary>Newtonsoft's serializer writes and reads the API's own JSON under a user's settings.</summary>
internal sealed class NewtonsoftTests
{
    private static IEnumerable<TestCaseData> Settings =>
        [
            Case("defaults", new()),
            Case("dates", new() { DateParseHandling = DateParseHandling.DateTimeOffset, DateFormatString = "yyyy" }),
            Case(
                "no nulls",
                new()
                {
                    NullValueHandling = NullValueHandling.Ignore,
                    DefaultValueHandling = DefaultValueHandling.Ignore,
                }
            ),
            Case("camel case", new() { ContractResolver = new CamelCasePropertyNamesContractResolver() }),
            Case("missing members", new() { MissingMemberHandling = MissingMemberHandling.Error }),
            Case("culture", new() { Culture = new CultureInfo("de-DE") }),
            Case(
                "type names",
                new()
                {
                    TypeNameHandling = TypeNameHandling.All,
                    PreserveReferencesHandling = PreserveReferencesHandling.All,
                }
            ),
        ];

    private static CreateContactRequestBody Request =>
        new()
        {
            ExternalId = "u1",
            DisplayName = "Jane \"J\" 😀",
            Email = null,
            Tags = ["a", "b"],
            Metadata = new Dictionary<string, object?>
            {
                ["element"] = JsonDocument.Parse("""{"n":1.5,"s":"x"}""").RootElement,
                ["node"] = JsonNode.Parse("[1]"),
                ["big"] = BigInteger.Pow(2, 70),
                ["date"] = "2024-01-15T10:30:00Z",
                ["null"] = null,
            },
        };

    [TestCaseSource(nameof(Settings))]
    public async Task Writes_a_request_as_the_client_does(JsonSerializerSettings settings)
    {
        var sent = await Wire.SentAsync(Request);

        Assert.That(JsonConvert.SerializeObject(Request, settings), Is.EqualTo(Wire.Plain(sent)));
    }

    [TestCaseSource(nameof(Settings))]
    public async Task Reads_a_request_back(JsonSerializerSettings settings)
    {
        var sent = await Wire.SentAsync(Request);

        var read = JsonConvert.DeserializeObject<CreateContactRequestBody>(sent, settings)!;

        Assert.That(read.Email.IsSet, Is.True, "null is not absent");
        Assert.That(read.AvatarUrl.IsSet, Is.False, "absent is not null");
        Assert.That(await Wire.SentAsync(read), Is.EqualTo(sent));
    }

    [TestCaseSource(nameof(Settings))]
    public async Task Writes_a_response_as_it_was_received(JsonSerializerSettings settings) =>
        Assert.That(
            Members(JsonConvert.SerializeObject(await Wire.ReadAsync(Wire.Response), settings)),
            Is.EquivalentTo(Members(Wire.Response))
        );

    [TestCaseSource(nameof(Settings))]
    public void Reads_a_response_as_the_client_does(JsonSerializerSettings settings)
    {
        var read = JsonConvert.DeserializeObject<CreateContactResponseBody>(Wire.Response, settings)!;

        Assert.That(read.Metadata!["t"], Is.EqualTo("2024-01-15T10:30:00Z"));
        Assert.That(read.AdditionalProperties["since"], Is.EqualTo("2024-01-15T10:30:00Z"));
        Assert.That(read.Created!.Value.Offset, Is.EqualTo(TimeSpan.FromHours(2)));
        Assert.That(read.Metadata["b"], Is.EqualTo(BigInteger.Pow(2, 70)));
    }

    [Test]
    public void Metadata_may_nest_64_levels_deep()
    {
        var value = Enumerable.Range(0, 63).Aggregate((object)"x", (inner, _) => new List<object?> { inner });
        var contact = new CreateContactRequestBody
        {
            ExternalId = "u",
            Metadata = new Dictionary<string, object?> { ["deep"] = value },
        };

        Assert.That(JsonConvert.SerializeObject(contact), Does.Contain(new string('[', 63) + "\"x\""));
    }

    [Test]
    public void Indentation_changes_only_whitespace()
    {
        var indented = JsonConvert.SerializeObject(Request, Formatting.Indented);

        Assert.That(indented, Does.Contain("\n  \"tags\": ["));
        Assert.That(Compact(indented), Is.EqualTo(JsonConvert.SerializeObject(Request)));
    }

    [Test]
    public void A_nested_model_is_the_same_JSON()
    {
        var holder = new Holder
        {
            Before = 1,
            Request = Request,
            Requests = [Request],
            After = new DateTime(2024, 1, 15, 0, 0, 0, DateTimeKind.Utc),
        };
        var inner = JsonConvert.SerializeObject(Request);

        var json = JsonConvert.SerializeObject(holder);

        Assert.That(
            json,
            Is.EqualTo(
                $$"""
                {"Before":1,"Request":{{inner}},"None":null,"Requests":[{{inner}}],
                "After":"2024-01-15T00:00:00Z"}
                """.ReplaceLineEndings("")
            )
        );
        var read = JsonConvert.DeserializeObject<Holder>(json)!;
        Assert.That(JsonConvert.SerializeObject(read), Is.EqualTo(json));
        Assert.That(read.None, Is.Null);
        Assert.That(read.After, Is.EqualTo(holder.After), "dates after a model are parsed again");
    }

    [Test]
    public void JObject_FromObject_creates_proper_tokens()
    {
        var json = JObject.FromObject(Request);

        Assert.That((string?)json["metadata"]!["element"]!["s"], Is.EqualTo("x"));
        Assert.That((decimal)json["metadata"]!["element"]!["n"]!, Is.EqualTo(1.5m));
        Assert.That((int)json["metadata"]!["node"]![0]!, Is.EqualTo(1));
        Assert.That(json["email"]!.Type, Is.EqualTo(JTokenType.Null));
        Assert.That(json.ContainsKey("avatar_url"), Is.False);
        Assert.That(json.ToString(Formatting.None), Is.EqualTo(JsonConvert.SerializeObject(Request)));
    }

    [Test]
    public void JObject_ToObject_restores_the_model()
    {
        var read = JObject.FromObject(Request).ToObject<CreateContactRequestBody>()!;

        Assert.That(JsonConvert.SerializeObject(read), Is.EqualTo(JsonConvert.SerializeObject(Request)));
    }

    [TestCase("null")]
    [TestCase(" null ")]
    public void Reads_null(string json) =>
        Assert.That(JsonConvert.DeserializeObject<CreateContactRequestBody>(json), Is.Null);

    [Test]
    public void Skips_comments_as_Newtonsoft_does() =>
        Assert.That(
            JsonConvert
                .DeserializeObject<CreateContactRequestBody>(
                    """/*a*/{/*b*/"external_id":/*c*/"u1"/*d*/,"tags":[/*e*/"a"]}//f"""
                )!
                .Tags,
            Is.EqualTo(new[] { "a" })
        );

    [TestCase("{}", "external_id: expected a value, since it is required.")]
    [TestCase("""{"external_id":5}""", "external_id: expected a string.")]
    [TestCase("""{"external_id":"u1","email":5}""", "email: expected a string.")]
    [TestCase("""{"external_id":"u1","tags":["a",5]}""", "tags[1]: expected a string.")]
    [TestCase("""{"external_id":"u1","metadata":[]}""", "metadata: expected an object.")]
    [TestCase("[]", "CreateContactRequestBody: expected an object.")]
    public void The_exception_names_the_path_and_the_expected_value(string json, string message) =>
        Assert.That(
            () => JsonConvert.DeserializeObject<CreateContactRequestBody>(json),
            Throws.TypeOf<JsonSerializationException>().With.Message.EqualTo(message)
        );

    [Test]
    public void Reads_a_value_type_and_a_nullable_one()
    {
        Assert.That(JsonConvert.DeserializeObject<Word>("\"a\"").Text, Is.EqualTo("a"));
        Assert.That(JsonConvert.DeserializeObject<Word?>("\"a\"")?.Text, Is.EqualTo("a"));
        Assert.That(JsonConvert.DeserializeObject<Word?>("null"), Is.Null);
    }

    [Test]
    public void Rejects_null_for_a_value_type() =>
        Assert.That(
            () => JsonConvert.DeserializeObject<Word>("null"),
            Throws.TypeOf<JsonSerializationException>().With.Message.EqualTo("Word: expected a string.")
        );

    [TestCase(typeof(Word), true)]
    [TestCase(typeof(string), false)]
    [TestCase(typeof(int?), false)]
    public void A_converter_converts_only_its_own_model(Type type, bool expected) =>
        Assert.That(new NewtonsoftModelConverter<Word>().CanConvert(type), Is.EqualTo(expected));

    [Test]
    public void Rejects_deep_nesting()
    {
        var json =
            "{\"external_id\":\"u1\",\"metadata\":{\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}}";

        Assert.That(
            () =>
                JsonConvert.DeserializeObject<CreateContactRequestBody>(
                    json,
                    new JsonSerializerSettings { MaxDepth = null }
                ),
            Throws.InstanceOf<Newtonsoft.Json.JsonException>()
        );
    }

    [Test]
    public void Refuses_values_that_JSON_cannot_express()
    {
        var body = new CreateContactRequestBody
        {
            ExternalId = "u1",
            Metadata = new Dictionary<string, object?> { ["x"] = double.NaN },
        };

        Assert.That(
            () => JsonConvert.SerializeObject(new { body }),
            Throws.TypeOf<ArgumentException>().With.Message.StartsWith("metadata.x ")
        );
    }

    private static TestCaseData Case(string name, JsonSerializerSettings settings) =>
        new TestCaseData(settings).SetArgDisplayNames(name);

    /// <summary>The members, whose order is up to the document.</summary>
    private static IEnumerable<string> Members(string json) =>
        JsonNode.Parse(json)!.AsObject().Select(member => $"{member.Key}: {member.Value!.ToJsonString()}");

    private static string Compact(string json)
    {
        using var reader = new JsonTextReader(new StringReader(json))
        {
            DateParseHandling = DateParseHandling.None,
            FloatParseHandling = FloatParseHandling.Decimal,
        };
        return JToken.ReadFrom(reader).ToString(Formatting.None);
    }

    /// <summary>A model that is a value type, as enumerations are.</summary>
    [JsonConverter(typeof(NewtonsoftModelConverter<Word>))]
    private readonly record struct Word(string Text) : IJsonModel<Word>
    {
        static JsonCodec<Word> IJsonModel<Word>.Codec { get; } = new EnumCodec<Word>(text => new Word(text));

        public override string ToString() => Text;
    }

    private sealed class Holder
    {
        public int Before { get; set; }

        public CreateContactRequestBody? Request { get; set; }

        public CreateContactResponseBody? None { get; set; }

        public List<CreateContactRequestBody>? Requests { get; set; }

        public object? After { get; set; }
    }
}
