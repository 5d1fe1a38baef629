using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Newtonsoft.Json.Linq;

namespace OrqGenerated.Tests.Json;

/// <summary>System.Text.Json's serializer writes and reads the API's own JSON under a user's options.</summary>
internal sealed partial class SystemTextJsonTests
{
    private static IEnumerable<TestCaseData> Options =>
        [
            Case("defaults", new()),
            Case("web", new(JsonSerializerDefaults.Web)),
            Case("indented", new() { WriteIndented = true }),
            Case(
                "snake case, no nulls",
                new()
                {
                    PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                }
            ),
            Case("a custom context", new() { TypeInfoResolver = Context.Default }),
        ];

    private static readonly JsonSerializerOptions Lenient = new()
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        DefaultBufferSize = 1,
    };

    private static CreateContactRequestBody Request =>
        new()
        {
            ExternalId = "u1",
            DisplayName = "Jane \"J\" 😀",
            Email = null,
            Metadata = new Dictionary<string, object?> { ["number"] = 1.10m, ["token"] = JToken.Parse("[1.5,null]") },
        };

    [TestCaseSource(nameof(Options))]
    public async Task Writes_a_request_as_the_client_does(JsonSerializerOptions options)
    {
        var json = JsonSerializer.Serialize(Request, options);

        Assert.That(Compact(json), Is.EqualTo(Compact(await Wire.SentAsync(Request))));
        Assert.That(json.Contains('\n', StringComparison.Ordinal), Is.EqualTo(options.WriteIndented));
    }

    [TestCaseSource(nameof(Options))]
    public async Task Reads_a_request_back(JsonSerializerOptions options)
    {
        var sent = await Wire.SentAsync(Request);

        var read = JsonSerializer.Deserialize<CreateContactRequestBody>(sent, options)!;

        Assert.That(read.Email.IsSet, Is.True, "null is not absent");
        Assert.That(read.AvatarUrl.IsSet, Is.False, "absent is not null");
        Assert.That(await Wire.SentAsync(read), Is.EqualTo(sent));
    }

    [TestCaseSource(nameof(Options))]
    public async Task Writes_a_response_as_it_was_received(JsonSerializerOptions options)
    {
        var json = JsonSerializer.Serialize(await Wire.ReadAsync(Wire.Response), options);

        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(Wire.Response)), Is.True, json);
    }

    [TestCaseSource(nameof(Options))]
    public async Task Reads_a_response_as_the_client_does(JsonSerializerOptions options)
    {
        var read = JsonSerializer.Deserialize<CreateContactResponseBody>(Wire.Response, options);

        Assert.That(
            JsonSerializer.Serialize(read, options),
            Is.EqualTo(JsonSerializer.Serialize(await Wire.ReadAsync(Wire.Response), options))
        );
    }

    [Test]
    public void A_nested_model_is_the_same_JSON()
    {
        var json = JsonSerializer.Serialize(new Holder(Request, [Request], null));

        var inner = JsonSerializer.Serialize(Request);
        Assert.That(json, Is.EqualTo($$"""{"Request":{{inner}},"Requests":[{{inner}}],"None":null}"""));
        Assert.That(JsonSerializer.Serialize(JsonSerializer.Deserialize<Holder>(json)), Is.EqualTo(json));
    }

    [Test]
    public async Task Reads_a_stream_byte_by_byte()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes($"[{Wire.Response},{Wire.Response}]"));

        var read = await JsonSerializer.DeserializeAsync<CreateContactResponseBody[]>(stream, Lenient);

        Assert.That(read!.Select(contact => contact.Id), Is.EqualTo(new[] { "c1", "c1" }));
    }

    [Test]
    public void The_options_control_comments_and_trailing_commas()
    {
        const string json = """
            {/*a*/"external_id":"u1",//b
            "tags":["a",],}
            """;

        Assert.That(
            () => JsonSerializer.Deserialize<CreateContactRequestBody>(json),
            Throws.InstanceOf<JsonException>()
        );
        Assert.That(
            JsonSerializer.Deserialize<CreateContactRequestBody>(json, Lenient)!.Tags,
            Is.EqualTo(new[] { "a" })
        );
    }

    [TestCase("null", null)]
    [TestCase("""{"external_id":"\ud800"}""", "\ufffd")]
    public void Reads_null_and_replaces_lone_surrogates(string json, string? id) =>
        Assert.That(JsonSerializer.Deserialize<CreateContactRequestBody>(json)?.ExternalId, Is.EqualTo(id));

    [TestCase("{}", "external_id: expected a value, since it is required.")]
    [TestCase("""{"external_id":5}""", "external_id: expected a string.")]
    [TestCase("""{"external_id":"u1","tags":["a",5]}""", "tags[1]: expected a string.")]
    [TestCase("[]", "CreateContactRequestBody: expected an object.")]
    public void The_exception_names_the_path_and_the_expected_value(string json, string message) =>
        Assert.That(
            () => JsonSerializer.Deserialize<CreateContactRequestBody>(json),
            Throws.TypeOf<JsonException>().With.Message.StartsWith(message)
        );

    [Test]
    public void Refuses_values_that_JSON_cannot_express()
    {
        var body = Request;
        body.Metadata = new Dictionary<string, object?> { ["x"] = double.NaN };
        Assert.That(
            () => JsonSerializer.Serialize(new Holder(body, [], null)),
            Throws.ArgumentException.With.Message.StartsWith("metadata.x ")
        );

        var deep = Enumerable.Range(0, 65).Aggregate(new JsonArray(), (inner, _) => new JsonArray(inner));
        body.Metadata = new Dictionary<string, object?> { ["x"] = deep };
        Assert.That(() => JsonSerializer.Serialize(body), Throws.ArgumentException.With.Message.Contains("64 levels"));
    }

    [TestCase(5, false)]
    [TestCase(4, true)]
    public void MaxDepth_applies_to_JSON_in_metadata(int limit, bool isRefused)
    {
        var body = Request;
        body.Metadata = new Dictionary<string, object?> { ["x"] = JsonDocument.Parse("[[[1]]]").RootElement };
        var options = new JsonSerializerOptions { MaxDepth = limit };

        Assert.That(
            () => JsonSerializer.Serialize(body, options),
            isRefused ? Throws.InstanceOf<JsonException>() : Throws.Nothing
        );
    }

    private static TestCaseData Case(string name, JsonSerializerOptions options) =>
        new TestCaseData(options).SetArgDisplayNames(name);

    private static string Compact(string json) => JsonNode.Parse(json)!.ToJsonString();

    private sealed record Holder(
        CreateContactRequestBody Request,
        List<CreateContactRequestBody> Requests,
        CreateContactResponseBody? None
    );

    [JsonSerializable(typeof(CreateContactRequestBody))]
    [JsonSerializable(typeof(CreateContactResponseBody))]
    private sealed partial class Context : JsonSerializerContext;
}
