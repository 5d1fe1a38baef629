using System.Globalization;
using System.Numerics;

namespace OrqGenerated.Tests.Json;

/// <summary>The .NET values that metadata and unknown fields are read as.</summary>
internal sealed class IncomingValueTests
{
    private static IEnumerable<TestCaseData> Numbers =>
        [
            new("0", 0L),
            new("-1", -1L),
            new("9223372036854775807", long.MaxValue),
            new("-9223372036854775808", long.MinValue),
            new("9223372036854775808", new BigInteger(9223372036854775808UL)),
            new("1180591620717411303424", BigInteger.Pow(2, 70)),
            new("1E5", 100000m),
            new("1e-5", 0.00001m),
            new("0.1", 0.1m),
            new("0.1000000000000000000000000000", 0.1m),
            new("79228162514264337593543950335.0", decimal.MaxValue),
            new("7.9228162514264337593543950335", 7.9228162514264337593543950335m),
            new("0.0000000000000000000000000001", 0.0000000000000000000000000001m),
            new("0.00000000000000000000000000001", 1e-29),
            new("0.100000000000000000000000000001", 0.1),
            new("0.123456789012345678901234567890123", 0.12345678901234568),
            new("1e30", 1e30),
            new("1.7976931348623157e308", double.MaxValue),
            new("5e-324", double.Epsilon),
            new("1e-400", 0.0),
            new("0e999999999999", 0m),
            new("1e-999999999999", 0.0),
            new("1e400", "1e400"),
            new("-1e99999999999999999999999999", "-1e99999999999999999999999999"),
        ];

    [TestCaseSource(nameof(Numbers))]
    public async Task Reads_a_number_as_the_type_that_fits_it(string json, object expected)
    {
        var value = await Wire.ReadValueAsync(json);

        Assert.That(value, Is.EqualTo(expected).And.TypeOf(expected.GetType()));
    }

    [TestCase("1.10")]
    [TestCase("1.0")]
    public async Task A_decimal_keeps_its_trailing_zeros(string json) =>
        Assert.That(
            ((decimal)(await Wire.ReadValueAsync(json))!).ToString(CultureInfo.InvariantCulture),
            Is.EqualTo(json)
        );

    [TestCase("-0")]
    [TestCase("-0.0")]
    [TestCase("-0e1")]
    public async Task Minus_zero_keeps_its_sign(string json)
    {
        var value = await Wire.ReadValueAsync(json);

        Assert.That(value, Is.TypeOf<double>());
        Assert.That(double.IsNegative((double)value!), Is.True);
    }

    [Test]
    public async Task An_integer_of_4096_digits_keeps_them_all()
    {
        var digits = new string('7', 4096);

        Assert.That(
            await Wire.ReadValueAsync(digits),
            Is.EqualTo(BigInteger.Parse(digits, CultureInfo.InvariantCulture))
        );
    }

    [Test]
    public async Task An_integer_of_more_digits_is_kept_as_a_string()
    {
        var digits = new string('7', 4097);

        Assert.That(await Wire.ReadValueAsync(digits), Is.EqualTo(digits));
    }

    [Test]
    public async Task Reads_simple_values()
    {
        var value = await Wire.ReadValueAsync(
            """{"s":"2024-01-15T10:30:00Z","e":"","t":true,"f":false,"n":null,"a":[1,[]],"o":{}}"""
        );

        Assert.That(value, Is.InstanceOf<IReadOnlyDictionary<string, object?>>());
        var map = (IReadOnlyDictionary<string, object?>)value!;
        Assert.That(map["s"], Is.EqualTo("2024-01-15T10:30:00Z"));
        Assert.That(map["e"], Is.EqualTo(""));
        Assert.That(map["t"], Is.EqualTo(true));
        Assert.That(map["f"], Is.EqualTo(false));
        Assert.That(map["n"], Is.Null);
        Assert.That(map["a"], Is.InstanceOf<IReadOnlyList<object?>>());
        Assert.That(map["o"], Is.InstanceOf<IReadOnlyDictionary<string, object?>>());
    }

    [TestCase(@"""\ud800""", "\ufffd")]
    [TestCase(@"""a\uDC00b""", "a\ufffdb")]
    [TestCase(@"""\udc00\ud800""", "\ufffd\ufffd")]
    [TestCase(@"""\ud83d\ude00""", "😀")]
    [TestCase(@"""\b\f\n\r\t\""\\\/\ud800""", "\b\f\n\r\t\"\\/\ufffd")]
    [TestCase(@"""\u0000""", "\0")]
    public async Task Unescapes_strings_and_replaces_lone_surrogates(string json, string text) =>
        Assert.That(await Wire.ReadValueAsync(json), Is.EqualTo(text));

    [Test]
    public async Task Replaces_lone_surrogates_in_names()
    {
        var contact = await Wire.ReadWithAsync(
            """
            "metadata":{"\ud800":1},"\udc00":2
            """
        );

        Assert.That(contact.Metadata!["\ufffd"], Is.EqualTo(1));
        Assert.That(contact.AdditionalProperties["\ufffd"], Is.EqualTo(2));
    }

    [Test]
    public async Task The_last_of_duplicate_names_wins()
    {
        var contact = await Wire.ReadWithAsync(
            """ "_id":"a","_id":"b","metadata":{"x":1},"new":1,"metadata":{"y":1,"y":2},"new":2 """
        );

        Assert.That(contact.Id, Is.EqualTo("b"));
        Assert.That(contact.Metadata, Is.EqualTo(new Dictionary<string, object?> { ["y"] = 2L }));
        Assert.That(contact.AdditionalProperties["new"], Is.EqualTo(2));
    }

    [Test]
    public async Task Unescapes_names()
    {
        var contact = await Wire.ReadWithAsync(""" "\u005fid":"c","metadata":{"a\u0062c":1} """);

        Assert.That(contact.Id, Is.EqualTo("c"));
        Assert.That(contact.Metadata!["abc"], Is.EqualTo(1));
    }
}
