using System.Collections.Immutable;
using System.Dynamic;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Newtonsoft.Json.Linq;

namespace OrqGenerated.Tests.Json;

/// <summary>The JSON that each kind of metadata value is sent as.</summary>
internal sealed class OutgoingValueTests
{
    private static readonly string LoneSurrogate = "\ud800";

    private static IEnumerable<TestCaseData> Numbers =>
        [
            Case((sbyte)-5, "-5"),
            Case((byte)5, "5"),
            Case((short)-5, "-5"),
            Case((ushort)5, "5"),
            Case(-5, "-5"),
            Case(5U, "5"),
            Case(long.MinValue, "-9223372036854775808"),
            Case(ulong.MaxValue, "18446744073709551615"),
            Case(Int128.MaxValue, "170141183460469231731687303715884105727"),
            Case(UInt128.MaxValue, "340282366920938463463374607431768211455"),
            Case((nint)(-7), "-7"),
            Case((nuint)7, "7"),
            Case(BigInteger.Pow(2, 70), "1180591620717411303424"),
            Case(1.10m, "1.10"),
            Case(decimal.MaxValue, "79228162514264337593543950335"),
            Case(0.1, "0.1"),
            Case(-0.0, "-0"),
            Case(1e300, "1E+300"),
            Case(double.Epsilon, "5E-324"),
            Case(0.1f, "0.1"),
            Case((Half)0.5, "0.5"),
            Case(new NFloat(0.5), "0.5"),
        ];

    private static IEnumerable<TestCaseData> SimpleValues =>
        [
            Case(null, "null"),
            Case(DBNull.Value, "null"),
            Case(true, "true"),
            Case("2024-01-15T10:30:00Z", "\"2024-01-15T10:30:00Z\""),
            Case('ä', "\"ä\""),
            Case(
                "a\"b\\c\u0000\u001f\n",
                """
                "a\"b\\c\u0000\u001F\n"
                """
            ),
            Case("😀", "\"😀\""),
            Case(Guid.Empty, "\"00000000-0000-0000-0000-000000000000\""),
            Case(new Uri("https://example.com/ä?x=1"), "\"https://example.com/ä?x=1\""),
            Case(new byte[] { 1, 2, 255 }, "\"AQL/\""),
            Case(new Memory<byte>([1, 2, 255]), "\"AQL/\""),
            Case(new ReadOnlyMemory<byte>([1, 2, 255]), "\"AQL/\""),
            Case(TimeSpan.FromMinutes(90), "\"01:30:00\""),
            Case(new DateOnly(2024, 2, 29), "\"2024-02-29\""),
            Case(new TimeOnly(1, 2, 3), "\"01:02:03\""),
            Case(new DateTime(2024, 1, 15, 10, 30, 0, DateTimeKind.Utc), "\"2024-01-15T10:30:00Z\""),
            Case(new DateTime(2024, 1, 15, 10, 30, 0, DateTimeKind.Unspecified), "\"2024-01-15T10:30:00\""),
            Case(new DateTimeOffset(2024, 1, 15, 10, 30, 0, TimeSpan.FromHours(2)), "\"2024-01-15T10:30:00+02:00\""),
            Case(
                new DateTimeOffset(2024, 1, 15, 10, 30, 0, TimeSpan.Zero).AddTicks(1),
                "\"2024-01-15T10:30:00.0000001Z\""
            ),
            Case(DayOfWeek.Friday, "5"),
            Case(Named.SecondOne, "\"second\""),
        ];

    private static IEnumerable<TestCaseData> Collections =>
        [
            Case(new Dictionary<string, object?> { ["a"] = 1, ["b"] = null }, """{"a":1,"b":null}"""),
            Case(new Dictionary<string, int> { ["a"] = 1 }, """{"a":1}"""),
            Case(new GenericOnly<int>(("a", 1)), """{"a":1}"""),
            Case(new GenericOnly<object?>(("a", JsonDocument.Parse("[1.10]").RootElement)), """{"a":[1.10]}"""),
            Case(new Dictionary<int, string> { [5] = "five" }, """{"5":"five"}"""),
            Case(new Dictionary<DayOfWeek, int> { [DayOfWeek.Monday] = 1 }, """{"Monday":1}"""),
            Case(
                new Dictionary<DateTime, int> { [new DateTime(2024, 1, 15, 0, 0, 0, DateTimeKind.Utc)] = 1 },
                """{"2024-01-15T00:00:00Z":1}"""
            ),
            Case(new List<object?> { 1, "a", null, true }, """[1,"a",null,true]"""),
            Case(new[] { 1, 2 }, "[1,2]"),
            Case(new[] { new Dictionary<DateOnly, int> { [new DateOnly(2024, 1, 15)] = 1 } }, """[{"2024-01-15":1}]"""),
            Case(new HashSet<string> { "a" }, """["a"]"""),
            Case(new HashSet<object> { (nint)1, (nuint)2, BigInteger.One, DBNull.Value }, "[1,2,1,null]"),
            Case(ImmutableArray.Create(1, 2), "[1,2]"),
            Case(Enumerable.Range(1, 3).Select(i => i * i), "[1,4,9]"),
            Case(new List<KeyValuePair<string, int>> { new("a", 1) }, """[{"Key":"a","Value":1}]"""),
            Case(Expando(), """{"a":1,"b":{"c":[true]}}"""),
        ];

    private static IEnumerable<TestCaseData> JsonTypes
    {
        get
        {
            var json = """
                {"s":"2024-01-15T10:30:00Z","n":1.10,"e":1E5,"big":123456789012345678901234567890,"z":-0,
                "a":[true,false,null,{}]}
                """.ReplaceLineEndings("");
            return
            [
                Case(JsonDocument.Parse(json), json),
                Case(JsonDocument.Parse(json).RootElement, json),
                Case(JsonNode.Parse(json), json),
                Case(
                    new JsonObject { ["a"] = new JsonArray(1, "b", null, JsonValue.Create(1.5m)) },
                    """{"a":[1,"b",null,1.5]}"""
                ),
                Case(JsonValue.Create("😀"), "\"😀\""),
                Case(JsonDocument.Parse("""{"a":1,"a":2}""").RootElement, """{"a":1,"a":2}"""),
                Case(new JRaw(json), json),
                Case(new JRaw(" [ 1 , 2 ] "), "[1,2]"),
                Case(new JRaw("\"" + LoneSurrogate + "\""), "\"\ufffd\""),
                Case(new JObject { ["a"] = new JArray(1, "b", JValue.CreateNull()) }, """{"a":[1,"b",null]}"""),
                Case(new JValue(1.10m), "1.10"),
                Case(new JRaw(1.5), "1.5"),
                Case(new JArray(1, JValue.CreateComment("c"), 2), "[1,2]"),
                Case(JToken.Parse("""{"d":"2024-01-15T10:30:00Z"}"""), """{"d":"2024-01-15T10:30:00Z"}"""),
            ];
        }
    }

    private static IEnumerable<TestCaseData> Objects =>
        [
            Case(new { a = 1, b = new { c = "d" } }, """{"a":1,"b":{"c":"d"}}"""),
            Case(new Point(1, 2), """{"X":1,"Y":2}"""),
            Case(new Renamed { Name = "n" }, """{"the_name":"n"}"""),
            Case(new { v = JsonDocument.Parse("""{"n":1.10}""").RootElement }, """{"v":{"n":1.10}}"""),
            Case(new { v = JsonDocument.Parse("[1]") }, """{"v":[1]}"""),
            Case(new { v = JsonNode.Parse("""{"n":1.10}""") }, """{"v":{"n":1.10}}"""),
            Case(new { v = (JsonNode?)null, w = JObject.Parse("""{"n":1}""") }, """{"v":null,"w":{"n":1}}"""),
            Case(new { v = new JRaw("[1.10]") }, """{"v":[1.10]}"""),
            Case(new { v = BigInteger.Pow(2, 70), w = 1.10m }, """{"v":1180591620717411303424,"w":1.10}"""),
            Case(new { v = new object[] { 1, JsonDocument.Parse("{}").RootElement } }, """{"v":[1,{}]}"""),
            Case(
                new { v = new Dictionary<string, object> { ["a"] = JsonDocument.Parse("1").RootElement } },
                """{"v":{"a":1}}"""
            ),
            Case(
                new { v = new CreateContactRequestBody { ExternalId = "u", Email = null } },
                """{"v":{"external_id":"u","email":null}}"""
            ),
            Case(new List<object> { new { a = JsonValue.Create(1) } }, """[{"a":1}]"""),
        ];

    [TestCaseSource(nameof(Numbers))]
    public async Task Sends_every_number(object value, string json) =>
        Assert.That(await Wire.JsonOfAsync(value), Is.EqualTo(json));

    [TestCaseSource(nameof(SimpleValues))]
    public async Task Sends_every_simple_value(object? value, string json) =>
        Assert.That(await Wire.JsonOfAsync(value), Is.EqualTo(json));

    [TestCaseSource(nameof(Collections))]
    public async Task Sends_every_dictionary_and_sequence(object value, string json) =>
        Assert.That(await Wire.JsonOfAsync(value), Is.EqualTo(json));

    [TestCaseSource(nameof(JsonTypes))]
    public async Task Sends_JSON_of_both_libraries_unchanged(object value, string json) =>
        Assert.That(await Wire.JsonOfAsync(value), Is.EqualTo(json));

    [TestCaseSource(nameof(Objects))]
    public async Task Sends_objects_of_custom_types(object value, string json) =>
        Assert.That(await Wire.JsonOfAsync(value), Is.EqualTo(json));

    [Test]
    public async Task Sends_a_local_time_with_its_offset()
    {
        var time = new DateTime(2024, 1, 15, 10, 30, 0, DateTimeKind.Local);

        var offset = new DateTimeOffset(time).ToString("zzz", CultureInfo.InvariantCulture);
        Assert.That(await Wire.JsonOfAsync(time), Is.EqualTo($"\"2024-01-15T10:30:00{offset}\""));
    }

    [Test]
    public async Task Replaces_lone_surrogates_in_values_and_names()
    {
        var json = await Wire.JsonOfAsync(
            new Dictionary<string, object?> { [LoneSurrogate + "n"] = "a" + LoneSurrogate + "😀" }
        );

        Assert.That(json, Is.EqualTo("{\"\ufffdn\":\"a\ufffd😀\"}"));
    }

    [Test]
    public async Task Replaces_lone_surrogates_in_every_field()
    {
        var body = new CreateContactRequestBody
        {
            ExternalId = LoneSurrogate,
            DisplayName = LoneSurrogate + LoneSurrogate,
            Tags = [LoneSurrogate],
        };

        Assert.That(
            Wire.Plain(await Wire.SentAsync(body)),
            Is.EqualTo("{\"external_id\":\"\ufffd\",\"display_name\":\"\ufffd\ufffd\",\"tags\":[\"\ufffd\"]}")
        );
    }

    [TestCase("th-TH")]
    [TestCase("sv-SE")]
    public async Task Does_not_depend_on_the_culture(string name)
    {
        CultureInfo.CurrentCulture = new CultureInfo(name);

        var json = await Wire.JsonOfAsync(
            new object[] { -1.5, 1.5m, (DayOfWeek)(-1), new DateTime(2024, 1, 15, 0, 0, 0, DateTimeKind.Utc) }
        );

        Assert.That(json, Is.EqualTo("""[-1.5,1.5,-1,"2024-01-15T00:00:00Z"]"""));
    }

    [Test]
    public async Task Sends_a_body_larger_than_any_buffer()
    {
        var text = new string('ä', 1_000_000);

        var json = await Wire.JsonOfAsync(new[] { text, LoneSurrogate, text });

        Assert.That(json, Is.EqualTo($"[\"{text}\",\"\ufffd\",\"{text}\"]"));
    }

    private static TestCaseData Case(object? value, string json) =>
        new TestCaseData(value, json).SetArgDisplayNames(value?.GetType().Name ?? "null", json.Trim());

    private static ExpandoObject Expando()
    {
        dynamic expando = new ExpandoObject();
        expando.a = 1;
        expando.b = new ExpandoObject();
        expando.b.c = new List<object> { true };
        return expando;
    }

    [JsonConverter(typeof(JsonStringEnumConverter<Named>))]
    private enum Named
    {
        [JsonStringEnumMemberName("second")]
        SecondOne,
    }

    private sealed record Point(int X, int Y);

    private sealed class Renamed
    {
        [JsonPropertyName("the_name")]
        public string Name { get; set; } = "";

        [JsonIgnore]
        public string Secret { get; set; } = "hidden";
    }

    /// <summary>A dictionary that implements only the generic interface.</summary>
    private sealed class GenericOnly<T>(params (string Name, T Value)[] entries) : IReadOnlyDictionary<string, T>
    {
        public IEnumerable<string> Keys => entries.Select(e => e.Name);

        public IEnumerable<T> Values => entries.Select(e => e.Value);

        public int Count => entries.Length;

        public T this[string key] => entries.Single(e => e.Name == key).Value;

        public bool ContainsKey(string key) => entries.Any(e => e.Name == key);

        public bool TryGetValue(string key, out T value)
        {
            value = this[key];
            return true;
        }

        public IEnumerator<KeyValuePair<string, T>> GetEnumerator() =>
            entries.Select(e => new KeyValuePair<string, T>(e.Name, e.Value)).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
