using System.Collections.ObjectModel;
using System.Text;

namespace OrqGenerated.Tests.Json;

/// <summary>Each codec of generated code reads and writes its own kind of value, and rejects others.</summary>
internal sealed class JsonCodecTests
{
    private static IEnumerable<TestCaseData> Readable =>
        [
            Reads(JsonCodec.String, "\"a\"", "a"),
            Reads(JsonCodec.Boolean, "true", true),
            Reads(JsonCodec.Boolean, "false", false),
            Reads(JsonCodec.Integer, "5", 5L),
            Reads(JsonCodec.Integer, "9223372036854775807", long.MaxValue),
            Reads(JsonCodec.Integer, "-9223372036854775808.0", long.MinValue),
            Reads(JsonCodec.Integer, "9223372036854775807.0", long.MaxValue),
            Reads(JsonCodec.Integer, "1e3", 1000L),
            Reads(JsonCodec.Integer, "-0", 0L),
            Reads(JsonCodec.Number, "1.5", 1.5),
            Reads(JsonCodec.Number, "-5", -5.0),
            Reads(JsonCodec.Number, "1e-400", 0.0),
            Reads(JsonCodec.Number, "5e-324", double.Epsilon),
            Reads(JsonCodec.Number, "18446744073709553665", 18446744073709555712.0),
            Reads(JsonCodec.Number, "0.100000000000000000000000000001", 0.1),
            Reads(JsonCodec.Decimal, "1.5", 1.5m),
            Reads(JsonCodec.Decimal, "-0.0", 0m),
            Reads(JsonCodec.Decimal, "79228162514264337593543950335", decimal.MaxValue),
            Reads(JsonCodec.Decimal, "-79228162514264337593543950335", decimal.MinValue),
            Reads(JsonCodec.Date, "\"2024-02-29\"", new DateOnly(2024, 2, 29)),
            Reads(JsonCodec.Bytes, "\"AQL/\"", new byte[] { 1, 2, 255 }),
            Reads(JsonCodec.Bytes, "\"\"", Array.Empty<byte>()),
            Reads(JsonCodec.OrNull(JsonCodec.String), "null", null),
            Reads(JsonCodec.OrNull(JsonCodec.String), "\"a\"", "a"),
            Reads(JsonCodec.OrNull(JsonCodec.Integer), "null", null),
            Reads(JsonCodec.OrNull(JsonCodec.Integer), "5", 5L),
            Reads(JsonCodec.List(JsonCodec.Integer), "[1,2]", new[] { 1L, 2L }),
            Reads(JsonCodec.MutableList(JsonCodec.String), "[]", Array.Empty<string>()),
            Reads(JsonCodec.List(JsonCodec.OrNull(JsonCodec.Integer)), "[null,1]", new long?[] { null, 1 }),
            Reads(
                JsonCodec.Map(JsonCodec.Integer),
                """{"a":1,"b":2,"a":3}""",
                new Dictionary<string, long> { ["a"] = 3, ["b"] = 2 }
            ),
            Reads(JsonCodec.MutableMap(JsonCodec.Any), "{}", new Dictionary<string, object?>()),
        ];

    private static IEnumerable<TestCaseData> Mismatches
    {
        get
        {
            const string whole = "a whole number of 64 bits";
            const string exact = "a number that a decimal can hold";
            return
            [
                Fails(JsonCodec.String, "5", "", "a string"),
                Fails(JsonCodec.Boolean, "null", "", "true or false"),
                Fails(JsonCodec.Boolean, "\"true\"", "", "true or false"),
                Fails(JsonCodec.Integer, "\"5\"", "", whole),
                Fails(JsonCodec.Integer, "1.5", "", whole),
                Fails(JsonCodec.Integer, "9223372036854775808", "", whole),
                Fails(JsonCodec.Integer, "9223372036854775808.0", "", whole),
                Fails(JsonCodec.Integer, "-9223372036854775809.0", "", whole),
                Fails(JsonCodec.Integer, "1e-400", "", whole),
                Fails(JsonCodec.Number, "\"1\"", "", "a number"),
                Fails(JsonCodec.Number, "true", "", "a number"),
                Fails(JsonCodec.Number, "1e400", "", "a number"),
                Fails(JsonCodec.Decimal, "\"1\"", "", exact),
                Fails(JsonCodec.Decimal, "79228162514264337593543950336", "", exact),
                Fails(JsonCodec.Decimal, "-79228162514264337593543950336", "", exact),
                Fails(JsonCodec.Decimal, "1e-29", "", exact),
                Fails(JsonCodec.Decimal, "1e-400", "", exact),
                Fails(JsonCodec.DateTime, "\"yesterday\"", "", "a date and time"),
                Fails(JsonCodec.DateTime, "5", "", "a date and time"),
                Fails(JsonCodec.Date, "\"15/01/2024\"", "", "a date"),
                Fails(JsonCodec.Date, "\"2024-01-15T00:00:00Z\"", "", "a date"),
                Fails(JsonCodec.Date, "null", "", "a date"),
                Fails(JsonCodec.Bytes, "\"a\"", "", "base64 text"),
                Fails(JsonCodec.OrNull(JsonCodec.Integer), "\"a\"", "", whole),
                Fails(new EnumCodec<int>(text => text.Length), "5", "", "a string"),
                Fails(JsonCodec.List(JsonCodec.String), "{}", "", "an array"),
                Fails(JsonCodec.List(JsonCodec.String), "[5]", "[0]", "a string"),
                Fails(JsonCodec.List(JsonCodec.String), "[\"a\",null]", "[1]", "a string"),
                Fails(JsonCodec.Map(JsonCodec.String), "[]", "", "an object"),
                Fails(JsonCodec.Map(JsonCodec.String), """{"a":"b","c":5}""", "c", "a string"),
            ];
        }
    }

    private static IEnumerable<TestCaseData> Writable =>
        [
            Writes(JsonCodec.String, "a", "\"a\""),
            Writes(JsonCodec.String, "Zoë's <b> & +", "\"Zoë's <b> & +\""),
            Writes(JsonCodec.Text(2, 3), "ab", "\"ab\""),
            Writes(JsonCodec.Boolean, true, "true"),
            Writes(JsonCodec.Integer, -5, "-5"),
            Writes(JsonCodec.Number, 1.5, "1.5"),
            Writes(JsonCodec.Decimal, 1.10m, "1.10"),
            Writes(
                JsonCodec.DateTime,
                new DateTimeOffset(2024, 1, 15, 10, 30, 0, TimeSpan.Zero),
                "\"2024-01-15T10:30:00Z\""
            ),
            Writes(JsonCodec.Date, new DateOnly(2024, 2, 29), "\"2024-02-29\""),
            Writes(JsonCodec.Bytes, [1, 2, 255], "\"AQL/\""),
            Writes(JsonCodec.List(JsonCodec.OrNull(JsonCodec.String)), [null, "a"], "[null,\"a\"]"),
            Writes(JsonCodec.List(JsonCodec.OrNull(JsonCodec.Integer)), [null, 1], "[null,1]"),
            Writes(JsonCodec.MutableList(JsonCodec.Integer), [1, 2], "[1,2]"),
            Writes(JsonCodec.MutableMap(JsonCodec.Integer), new() { ["a"] = 1 }, """{"a":1}"""),
            Writes(
                JsonCodec.Map(JsonCodec.Integer),
                new ReadOnlyDictionary<string, long>(new Dictionary<string, long> { ["a"] = 1, ["b"] = 2 }),
                """{"a":1,"b":2}"""
            ),
        ];

    private static IEnumerable<TestCaseData> Unwritable
    {
        get
        {
            const string notNull = "must not be null";
            const string finite = "must be a finite number";
            return
            [
                Refuses(JsonCodec.Number, double.NaN, "body", finite),
                Refuses(JsonCodec.Number, double.NegativeInfinity, "body", finite),
                Refuses(JsonCodec.OrNull(JsonCodec.Number), double.NaN, "body", finite),
                Refuses(JsonCodec.List(JsonCodec.String), null!, "body", notNull),
                Refuses(JsonCodec.Map(JsonCodec.String), null!, "body", notNull),
                Refuses(JsonCodec.MutableMap(JsonCodec.String), new() { ["a"] = null! }, "a", notNull),
                Refuses(
                    JsonCodec.Map(JsonCodec.List(JsonCodec.Number)),
                    new ReadOnlyDictionary<string, IReadOnlyList<double>>(
                        new Dictionary<string, IReadOnlyList<double>> { ["a"] = [1, double.NaN] }
                    ),
                    "a[1]",
                    finite
                ),
                Refuses(JsonCodec.MutableMap(JsonCodec.Number), new() { ["a"] = double.NaN, ["b"] = 1 }, "a", finite),
                Refuses(
                    JsonCodec.Map(JsonCodec.Number),
                    new SortedDictionary<string, double> { ["a"] = double.NaN, ["b"] = 1 }.AsReadOnly(),
                    "a",
                    finite
                ),
                Refuses(JsonCodec.Text(2, 3), "😀", "body", "must have at least 2 characters, but has 1"),
            ];
        }
    }

    [TestCaseSource(nameof(Readable))]
    public void Reads_valid_values(Func<object?> read, object? expected) => Assert.That(read(), Is.EqualTo(expected));

    [TestCaseSource(nameof(Mismatches))]
    public void A_mismatch_names_the_path_and_the_expected_value(
        Func<(string, string)> fail,
        string path,
        string expected
    ) => Assert.That(fail(), Is.EqualTo((path, expected)));

    [TestCaseSource(nameof(Writable))]
    public void Writes_valid_values(Func<string> write, string json) => Assert.That(write(), Is.EqualTo(json));

    [TestCaseSource(nameof(Unwritable))]
    public void Refuses_to_write_an_invalid_value(Action write, string path, string rule) =>
        Assert.That(() => write(), Throws.ArgumentException.With.Message.EqualTo($"{path} {rule}. (Parameter 'body')"));

    [Test]
    [SetCulture("th-TH")]
    public void Dates_do_not_depend_on_the_culture()
    {
        Assert.That(Read(JsonCodec.Date, "\"2024-01-15\""), Is.EqualTo(new DateOnly(2024, 1, 15)));
        Assert.That(JsonOf(JsonCodec.Date, new DateOnly(2024, 1, 15)), Is.EqualTo("\"2024-01-15\""));
    }

    private static TestCaseData Reads<T>(JsonCodec<T> codec, string json, object? expected) =>
        new TestCaseData(() => (object?)Read(codec, json), expected).SetArgDisplayNames(NameOf(codec), json);

    private static TestCaseData Fails<T>(JsonCodec<T> codec, string json, string path, string expected) =>
        new TestCaseData(() => FailureOf(codec, json), path, expected).SetArgDisplayNames(NameOf(codec), json);

    private static TestCaseData Writes<T>(JsonCodec<T> codec, T value, string json) =>
        new TestCaseData(() => JsonOf(codec, value), json).SetArgDisplayNames(NameOf(codec), json);

    private static TestCaseData Refuses<T>(JsonCodec<T> codec, T value, string path, string rule) =>
        new TestCaseData((Action)(() => JsonOf(codec, value)), path, rule).SetArgDisplayNames(
            NameOf(codec),
            path,
            rule
        );

    private static string NameOf<T>(JsonCodec<T> codec) =>
        codec.GetType().Name.Split('`')[0]
        + string.Concat(codec.GetType().GenericTypeArguments.Select(type => " " + type.Name));

    private static string JsonOf<T>(JsonCodec<T> codec, T value) =>
        Encoding.UTF8.GetString(JsonCodec.Write(codec, value));

    private static T? Read<T>(JsonCodec<T> codec, string json)
    {
        Assert.That(JsonCodec.Read(codec, Encoding.UTF8.GetBytes(json), out var value), Is.Null);
        return value;
    }

    private static (string Path, string Expected) FailureOf<T>(JsonCodec<T> codec, string json)
    {
        var mismatch = JsonCodec.Read(codec, Encoding.UTF8.GetBytes(json), out _)!;
        return (mismatch.Path, mismatch.Expected);
    }
}
