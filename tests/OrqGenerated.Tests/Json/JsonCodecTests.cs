using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using Newtonsoft.Json;

namespace OrqGenerated.Tests.Json;

/// <summary>What generated code is made of: each codec reads, refuses, writes and checks its own kind of value.</summary>
internal sealed class JsonCodecTests
{
    private static IEnumerable<TestCaseData> Readable =>
        [
            Reads(JsonCodec.String, "\"a\"", "a"),
            Reads(JsonCodec.Boolean, "true", true),
            Reads(JsonCodec.Boolean, "false", false),
            Reads(JsonCodec.Integer, "5", 5L),
            Reads(JsonCodec.Integer, "-9223372036854775808", long.MinValue),
            Reads(JsonCodec.Integer, "9223372036854775807", long.MaxValue),
            Reads(JsonCodec.Integer, "-9223372036854775808.0", long.MinValue),
            Reads(JsonCodec.Integer, "9223372036854775807.0", long.MaxValue),
            Reads(JsonCodec.Integer, "1.0", 1L),
            Reads(JsonCodec.Integer, "1e3", 1000L),
            Reads(JsonCodec.Integer, "-0", 0L),
            Reads(JsonCodec.Integer, "-0.0e5", 0L),
            Reads(JsonCodec.Number, "1.5", 1.5),
            Reads(JsonCodec.Number, "-5", -5.0),
            Reads(JsonCodec.Number, "1e-400", 0.0),
            Reads(JsonCodec.Decimal, "5", 5m),
            Reads(JsonCodec.Decimal, "1.5", 1.5m),
            Reads(JsonCodec.Decimal, "-0.0", 0m),
            Reads(JsonCodec.Decimal, "9223372036854775808", 9223372036854775808m),
            Reads(JsonCodec.Decimal, "79228162514264337593543950335", decimal.MaxValue),
            Reads(JsonCodec.Decimal, "-79228162514264337593543950335", decimal.MinValue),
            Reads(
                JsonCodec.DateTime,
                "\"2024-01-15T10:30:00Z\"",
                new DateTimeOffset(2024, 1, 15, 10, 30, 0, TimeSpan.Zero)
            ),
            Reads(
                JsonCodec.DateTime,
                "\"2024-01-15T10:30:00+02:00\"",
                new DateTimeOffset(2024, 1, 15, 10, 30, 0, TimeSpan.FromHours(2))
            ),
            Reads(JsonCodec.Date, "\"2024-02-29\"", new DateOnly(2024, 2, 29)),
            Reads(JsonCodec.Bytes, "\"AQL/\"", new byte[] { 1, 2, 255 }),
            Reads(JsonCodec.Bytes, "\"AQ==\"", new byte[] { 1 }),
            Reads(JsonCodec.Bytes, "\"\"", Array.Empty<byte>()),
            Reads(JsonCodec.Any, "1.10", 1.10m),
            Reads(JsonCodec.OrNull(JsonCodec.String), "null", null),
            Reads(JsonCodec.OrNull(JsonCodec.String), "\"a\"", "a"),
            Reads(JsonCodec.OrNull(JsonCodec.Integer), "null", null),
            Reads(JsonCodec.OrNull(JsonCodec.Integer), "5", 5L),
            Reads(JsonCodec.List(JsonCodec.Integer), "[1,2]", new[] { 1L, 2L }),
            Reads(JsonCodec.MutableList(JsonCodec.String), "[]", Array.Empty<string>()),
            Reads(
                JsonCodec.List(JsonCodec.OrNull(JsonCodec.Integer)),
                "[null,1]",
                new long?[] { null, 1 }
            ),
            Reads(
                JsonCodec.Map(JsonCodec.Integer),
                """{"a":1,"b":2,"a":3}""",
                new Dictionary<string, long> { ["a"] = 3, ["b"] = 2 }
            ),
            Reads(JsonCodec.MutableMap(JsonCodec.Any), "{}", new Dictionary<string, object?>()),
        ];

    private static IEnumerable<TestCaseData> OfAnotherKind
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
                Fails(JsonCodec.Integer, "-1e-400", "", whole),
                Fails(JsonCodec.Number, "\"1\"", "", "a number"),
                Fails(JsonCodec.Number, "true", "", "a number"),
                Fails(JsonCodec.Number, "1e400", "", "a number"),
                Fails(JsonCodec.Decimal, "\"1\"", "", exact),
                Fails(JsonCodec.Decimal, "79228162514264337593543950336", "", exact),
                Fails(JsonCodec.Decimal, "-79228162514264337593543950336", "", exact),
                Fails(JsonCodec.Decimal, "1e-29", "", exact),
                Fails(JsonCodec.Decimal, "1e-400", "", exact),
                Fails(JsonCodec.Decimal, "-1e-400", "", exact),
                Fails(JsonCodec.DateTime, "\"yesterday\"", "", "a date and time"),
                Fails(JsonCodec.DateTime, "5", "", "a date and time"),
                Fails(JsonCodec.Date, "\"15/01/2024\"", "", "a date"),
                Fails(JsonCodec.Date, "\"2024-01-15T00:00:00Z\"", "", "a date"),
                Fails(JsonCodec.Date, "null", "", "a date"),
                Fails(JsonCodec.Bytes, "\"a\"", "", "base64 text"),
                Fails(JsonCodec.Bytes, "[1]", "", "base64 text"),
                Fails(JsonCodec.OrNull(JsonCodec.Integer), "\"a\"", "", whole),
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
                new ReadOnlyDictionary<string, long>(
                    new Dictionary<string, long> { ["a"] = 1, ["b"] = 2 }
                ),
                """{"a":1,"b":2}"""
            ),
        ];

    private static IEnumerable<TestCaseData> Checkable
    {
        get
        {
            var tooDeep = new Invalid("", "nests deeper than 64 levels, or contains itself");
            var probe = JsonCodec.Model<Probe>();
            return
            [
                Checks(JsonCodec.String, "", null),
                Checks(JsonCodec.String, null!, MustNotBeNull("")),
                Checks(JsonCodec.Boolean, false, null),
                Checks(JsonCodec.Number, 1.5, null),
                Checks(JsonCodec.Number, double.NaN, new("", "must be a finite number")),
                Checks(
                    JsonCodec.Number,
                    double.NegativeInfinity,
                    new("", "must be a finite number")
                ),
                Checks(JsonCodec.Bytes, [], null),
                Checks(JsonCodec.Bytes, null!, MustNotBeNull("")),
                Checks(JsonCodec.OrNull(JsonCodec.Number), null, null),
                Checks(
                    JsonCodec.OrNull(JsonCodec.Number),
                    double.NaN,
                    new("", "must be a finite number")
                ),
                Checks(JsonCodec.List(JsonCodec.String), ["a"], null),
                Checks(JsonCodec.List(JsonCodec.String), null!, MustNotBeNull("")),
                Checks(JsonCodec.List(JsonCodec.String), ["a", null!], MustNotBeNull("[1]")),
                Checks(
                    JsonCodec.Map(JsonCodec.String),
                    new Dictionary<string, string> { ["a"] = "b" },
                    null
                ),
                Checks(JsonCodec.Map(JsonCodec.String), null!, MustNotBeNull("")),
                Checks(
                    JsonCodec.Map(JsonCodec.String),
                    new Dictionary<string, string> { ["a"] = null! },
                    MustNotBeNull("a")
                ),
                Checks(probe, null!, MustNotBeNull("")),
                Checks(probe, new(), Probe.At(11), 10),
                Checks(probe, new(), Probe.At(64), 63),
                Checks(probe, new(), tooDeep, 64),
                Checks(JsonCodec.OrNull(probe), new Probe(), Probe.At(11), 10),
                Checks(JsonCodec.List(probe), [new()], Probe.At(12).Under("[0]"), 10),
                Checks(
                    JsonCodec.Map(probe),
                    new Dictionary<string, Probe> { ["a"] = new() },
                    Probe.At(12).Under("a"),
                    10
                ),
            ];
        }
    }

    [TestCaseSource(nameof(Readable))]
    public void Reads_its_own_kind(Func<object?> read, object? expected) =>
        Assert.That(read(), Is.EqualTo(expected));

    [TestCaseSource(nameof(OfAnotherKind))]
    public void Says_what_it_expects(Func<(string, string)> fail, string path, string expected) =>
        Assert.That(fail(), Is.EqualTo((path, expected)));

    [TestCaseSource(nameof(Writable))]
    public void Writes_its_own_kind(Func<string> write, string json) =>
        Assert.That(write(), Is.EqualTo(json));

    [TestCaseSource(nameof(Checkable))]
    public void Checks_its_own_kind(Func<object?> check, object? expected) =>
        Assert.That(check(), Is.EqualTo(expected));

    [Test]
    [SetCulture("th-TH")]
    public void A_date_knows_no_culture()
    {
        Assert.That(Read(JsonCodec.Date, "\"2024-01-15\""), Is.EqualTo(new DateOnly(2024, 1, 15)));
        Assert.That(
            Script.JsonOf(JsonCodec.Date, new DateOnly(2024, 1, 15)),
            Is.EqualTo("\"2024-01-15\"")
        );
    }

    [Test]
    public void Only_what_may_be_null_may_have_no_body()
    {
        Assert.That(JsonCodec.OrNull(JsonCodec.String).AllowsNothing, Is.True);
        Assert.That(JsonCodec.String.AllowsNothing, Is.False);
    }

    [Test]
    public void A_model_is_not_written_where_the_stack_ends() =>
        Assert.That(
            AtTheEndOfTheStack(() => Script.JsonOf(JsonCodec.Model<Probe>(), new())),
            Is.TypeOf<InsufficientExecutionStackException>()
        );

    private static TestCaseData Reads<T>(JsonCodec<T> codec, string json, object? expected) =>
        new TestCaseData(() => (object?)Read(codec, json), expected).SetArgDisplayNames(
            NameOf(codec),
            json
        );

    private static TestCaseData Fails<T>(
        JsonCodec<T> codec,
        string json,
        string path,
        string expected
    ) =>
        new TestCaseData(() => FailureOf(codec, json), path, expected).SetArgDisplayNames(
            NameOf(codec),
            json
        );

    private static TestCaseData Writes<T>(JsonCodec<T> codec, T value, string json) =>
        new TestCaseData(() => Script.JsonOf(codec, value), json).SetArgDisplayNames(
            NameOf(codec),
            json
        );

    private static TestCaseData Checks<T>(
        JsonCodec<T> codec,
        T value,
        Invalid? expected,
        int depth = 1
    ) =>
        new TestCaseData(() => (object?)codec.Check(value, depth), expected).SetArgDisplayNames(
            NameOf(codec),
            value is null ? "null" : "a value",
            expected is null ? "fine" : $"{expected.Path} {expected.Rule}"
        );

    private static string NameOf<T>(JsonCodec<T> codec) =>
        codec.GetType().Name.Split('`')[0]
        + string.Concat(codec.GetType().GenericTypeArguments.Select(type => " " + type.Name));

    private static Invalid MustNotBeNull(string path) => new(path, "must not be null");

    private static T? Read<T>(JsonCodec<T> codec, string json)
    {
        var reader = new OrqJsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        Assert.That(codec.TryRead(ref reader, out var value), Is.True);
        Assert.That(reader.Read(), Is.False, "the reader is at the value's last token");
        return value;
    }

    private static (string Path, string Expected) FailureOf<T>(JsonCodec<T> codec, string json)
    {
        var reader = new OrqJsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        Assert.That(codec.TryRead(ref reader, out _), Is.False);
        return reader.DescribeFailure();
    }

    /// <summary>What is thrown where only as much of the stack is left as .NET wants to be.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static Exception? AtTheEndOfTheStack(Action act)
    {
        // Large frames, so that there are few.
        Span<byte> frame = stackalloc byte[4096];
        frame.Clear();
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return AtTheEndOfTheStack(act);
        }

        try
        {
            act();
            return null;
        }
        catch (InsufficientExecutionStackException exception)
        {
            return exception;
        }
    }

    /// <summary>Says at which depth it is checked.</summary>
    private sealed class Probe : IJsonModel<Probe>
    {
        public static Invalid At(int depth) => new("", $"is at depth {depth}");

        static bool IJsonModel<Probe>.TryRead(
            ref OrqJsonReader reader,
            [MaybeNullWhen(false)] out Probe value
        ) => throw new NotSupportedException();

        void IJsonModel<Probe>.Write(JsonWriter writer) => writer.WriteNull();

        Invalid? IJsonModel<Probe>.Check(int depth) => At(depth);
    }
}
