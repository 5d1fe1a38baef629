using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Newtonsoft.Json.Linq;

namespace OrqGenerated.Tests.Json;

/// <summary>Values that JSON cannot express are refused, and the message never repeats them.</summary>
internal sealed class OutgoingRefusalTests
{
    private const string Secret = "jane.smith@example.com";

    private const string Unwritable = "cannot be written as JSON";

    private static IEnumerable<TestCaseData> NonFiniteNumbers =>
        [
            Case(double.NaN, "metadata.x"),
            Case(float.NegativeInfinity, "metadata.x"),
            Case(Half.PositiveInfinity, "metadata.x"),
            Case(NFloat.NaN, "metadata.x"),
            Case(new[] { 1, 2, double.NaN }, "metadata.x[2]"),
            Case(new[] { double.NaN }, "metadata.x[0]"),
            Case(new object[] { 1, new[] { double.NaN } }, "metadata.x[1][0]"),
            Case(
                new object[]
                {
                    new Dictionary<string, int> { ["a"] = 1 },
                    double.NaN,
                },
                "metadata.x[1]"
            ),
            Case(new object[] { new[] { 1 }, double.NaN }, "metadata.x[1]"),
            Case(new Dictionary<string, double> { ["a b"] = double.NaN }, "metadata.x.a b"),
            Case(new Dictionary<string, double> { [".a."] = double.NaN }, "metadata.x..a."),
            Case(new { v = new[] { float.NaN } }, "metadata.x.v[0]"),
            Case(new JArray(1.0, double.NaN), "metadata.x"),
            Case(new { v = new JValue(double.NaN) }, "metadata.x.v"),
        ];

    private static IEnumerable<TestCaseData> InexpressibleValues =>
        [
            Case(default(JsonElement), Unwritable),
            Case(DisposedDocument(), Unwritable),
            Case(JsonNode.Parse("""{"\udc00":1}""")!, Unwritable),
            Case(JsonDocument.Parse("""["\ud800"]""").RootElement, Unwritable),
            Case(JsonValue.Create(double.NaN), Unwritable),
            Case(new JRaw("{" + Secret), Unwritable),
            Case(new JRaw("1 2"), Unwritable),
            Case(new JProperty("a", Secret), Unwritable),
            Case(JValue.CreateUndefined(), Unwritable),
            Case(new { v = typeof(int) }, Unwritable),
            Case((1, Secret), "ValueTuple"),
            Case(new Throwing(), Unwritable),
            Case(new Node { Value = new Throwing() }, Unwritable),
            Case(new Node { Value = double.NaN }, Unwritable),
            Case(new int[1, 1], Unwritable),
            Case(Task.FromResult(Secret), "Task"),
            Case(new ValueTask(), "ValueTask"),
            Case(new ValueTask<string>(Secret), "ValueTask"),
            Case(new Func<string>(() => Secret), Unwritable),
            Case(new MemoryStream(), "MemoryStream"),
            Case(new Node { Value = Task.FromResult(Secret) }, "Task"),
            Case(new Node { Value = new Action(() => { }) }, Unwritable),
            Case(Optional.Of(Secret), "Optional"),
            Case(default(ImmutableArray<string>), "InvalidOperationException"),
        ];

    private static IEnumerable<TestCaseData> Cycles
    {
        get
        {
            var map = new Dictionary<string, object?>();
            map["a"] = map;
            var list = new List<object?> { 1 };
            list.Add(list);
            var mixed = new List<object?>();
            mixed.Add(new Dictionary<string, object?> { ["a"] = mixed });
            var node = new Node();
            node.Next = node;
            return
            [
                Case(map, "metadata.x.a.a"),
                Case(list, "metadata.x[1][1]"),
                Case(mixed, "metadata.x[0].a[0]"),
                Case(Endless(), "metadata.x[0][0]"),
                Case(node, "metadata.x"),
                Case(new { v = node }, "metadata.x"),
                Case(new Node { Value = map }, "metadata.x"),
            ];
        }
    }

    private static IEnumerable<TestCaseData> Deep =>
        [
            DeepCase(
                "dictionaries",
                depth => Nested(depth, new Dictionary<string, object?>(), map => new() { ["a"] = map })
            ),
            DeepCase("lists", depth => Lists(depth - 1, new List<object?>())),
            DeepCase("sets", depth => new HashSet<object> { Lists(depth - 2, new HashSet<object> { 1 }) }),
            DeepCase("JToken", Tokens),
            DeepCase("JsonElement", Element),
            DeepCase("JsonNode", depth => Nested(depth, new JsonArray(), array => new(array))),
            DeepCase("JRaw", depth => new JRaw(Brackets(depth))),
            DeepCase("objects", depth => Nested(depth, new Node(), node => new() { Next = node })),
            DeepCase("JsonElement within an object", depth => new { v = Element(depth - 1) }),
            DeepCase("JsonElement within lists", depth => Lists(30, Element(depth - 30))),
            DeepCase("JToken within lists", depth => Lists(30, Tokens(depth - 30))),
        ];

    [TestCaseSource(nameof(NonFiniteNumbers))]
    public async Task Refuses_NaN_and_infinity(object value, string path)
    {
        var refusal = await Wire.RefusalOfValueAsync(value);

        Assert.That(refusal.Message, Does.StartWith(path + " "));
        Assert.That(refusal.Message, Does.Contain("finite").Or.Contain(Unwritable));
        Assert.That(refusal.ToString(), Does.Not.Contain("NaN").And.Not.Contain("Infinity"));
    }

    [TestCaseSource(nameof(InexpressibleValues))]
    public async Task Refuses_values_that_JSON_cannot_express(object value, string reason)
    {
        var refusal = await Wire.RefusalOfValueAsync(value);

        Assert.That(refusal.Message, Does.Match(@"^metadata\.x(\[0\]|\.v|\.Value)? ").And.Contain(reason));
        Assert.That(refusal.ToString(), Does.Not.Contain(Secret));
    }

    [TestCaseSource(nameof(Cycles))]
    public async Task Refuses_a_cycle(object value, string path)
    {
        var refusal = await Wire.RefusalOfValueAsync(value);

        Assert.That(refusal.Message, Does.StartWith(path).And.Contain("64 levels, or contains itself"));
    }

    [TestCaseSource(nameof(Deep))]
    public async Task Sends_64_levels(Func<int, object> nest)
    {
        var json = await Wire.JsonOfAsync(nest(64));

        Assert.That(json.Count(character => character is '[' or '{'), Is.EqualTo(64), json);
    }

    [TestCaseSource(nameof(Deep))]
    public async Task Refuses_more_levels(Func<int, object> nest)
    {
        foreach (var levels in new[] { 65, 10_000 })
        {
            var refusal = await Wire.RefusalOfValueAsync(nest(levels));

            Assert.That(
                refusal.Message,
                Does.Match(@"^metadata\.x.* (64 levels|as JSON \(JsonReaderException\))"),
                $"{levels} levels"
            );
        }
    }

    private static TestCaseData Case(object? value, string path) =>
        new TestCaseData(value, path).SetArgDisplayNames(value!.GetType().Name, path);

    private static TestCaseData DeepCase(string name, Func<int, object> nest) =>
        new TestCaseData(nest).SetArgDisplayNames(name);

    private static JsonDocument DisposedDocument()
    {
        var document = JsonDocument.Parse("[1]");
        document.Dispose();
        return document;
    }

    private static T Nested<T>(int depth, T innermost, Func<T, T> wrap) =>
        Enumerable.Range(1, depth - 1).Aggregate(innermost, (inner, _) => wrap(inner));

    private static object Lists(int depth, object value) =>
        Enumerable.Range(0, depth).Aggregate(value, (inner, _) => new List<object?> { inner });

    private static object Tokens(int depth) => Nested(depth, new JArray(), token => new JArray { token });

    private static object Element(int depth) =>
        JsonDocument.Parse(Brackets(depth), new JsonDocumentOptions { MaxDepth = depth }).RootElement;

    private static string Brackets(int depth) => new string('[', depth) + new string(']', depth);

    private static IEnumerable<object> Endless()
    {
        yield return Endless();
    }

    private sealed class Node
    {
        public Node? Next { get; set; }

        public object? Value { get; set; }
    }

    private sealed class Throwing
    {
        private readonly string _email = Secret;

        public string Email => throw new ArgumentException($"{_email} is not an address");
    }
}
