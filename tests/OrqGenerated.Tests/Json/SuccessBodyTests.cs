using System.Text;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Json;

/// <summary>Which success bodies are read, and the exceptions for the others.</summary>
internal sealed class SuccessBodyTests
{
    private const string Contact = StoredContact.Json;

    /// <summary>JSON values in all forms of RFC 8259.</summary>
    private static readonly string[] Valid =
    [
        "null",
        "true",
        "0",
        "1.5",
        "1E+5",
        "\"\"",
        "\"a\"",
        @"""\""\\\/\b\f\n\r\t\u0020\u00e4""",
        "\"😀\"",
        "[]",
        "{}",
        "[\t1\r\n,\n2 ]",
        "{\"\":0}",
        "{\"a\":{\"a\":[{\"a\":[]}]}}",
        "{\"a\":1,\"a\":1}",
    ];

    /// <summary>Strings that are almost JSON.</summary>
    private static readonly string[] Invalid =
    [
        "",
        "nul",
        "NaN",
        "01",
        "\"",
        "\"a",
        "\"\t\"",
        @"""\x""",
        @"""\u12""",
        @"""\u12g4""",
        @"""\U0020""",
        "\"\\",
        "[1,]",
        "[1}",
        "{\"a\":1,}",
        "/**/1",
        "1//",
        "\u00a01",
        "\ufeff1",
    ];

    /// <summary>Bodies that are not a contact, each with the path of the mismatch and what is expected there.</summary>
    private static IEnumerable<TestCaseData> NotAContact =>
        [
            new("", "", "JSON, but the body is empty"),
            new(" \r\n\t", "", "JSON, but the body is empty"),
            new("null", "", "an object"),
            new("[]", "", "an object"),
            new("\"contact\"", "", "an object"),
            new("<html>502</html>", "", "JSON that is whole and valid"),
            new(Contact + Contact, "", "JSON that is whole and valid"),
            new(Contact + "\0", "", "JSON that is whole and valid"),
        ];

    [TestCaseSource(nameof(Valid))]
    [TestCase("\"\u007f\u0080\u2028\u2029\ufeff\uffff\"", TestName = "{m}(odd characters)")]
    public async Task Reads_valid_JSON(string json)
    {
        var contact = await Wire.ReadWithAsync(
            $"\"metadata\":{{\"x\":{json}}},\"new\":{json},\"tags\":{json},\"created\":{json}"
        );

        Assert.That(contact.AdditionalProperties, Does.ContainKey("new"));
        Assert.That(contact.Metadata, Does.ContainKey("x"));
    }

    [TestCaseSource(nameof(Invalid))]
    public async Task Rejects_invalid_JSON(string json) =>
        await AssertNotJsonAsync("{\"_id\":\"c1\",\"external_id\":\"u1\",\"metadata\":{\"x\":" + json + "}}");

    [TestCase("""{"_id":"c1","new":nul,"external_id":"u1"}""")]
    [TestCase("""{"_id":"c1","tags":[5,nul],"external_id":"u1"}""")]
    public async Task Rejects_invalid_JSON_in_a_field_that_is_unknown_or_of_the_wrong_kind(string body) =>
        await AssertNotJsonAsync(body);

    [TestCaseSource(nameof(NotAContact))]
    public async Task Rejects_anything_but_a_contact(string body, string path, string expected)
    {
        var failure = await Wire.FailureOfAsync(body);

        Assert.That(failure.StatusCode, Is.EqualTo(200));
        Assert.That(failure.Headers["X-Orq-Trace-Id"], Is.EqualTo("trace-1"));
        Assert.That(failure.Body, Is.EqualTo(body));
        Assert.That(failure.Path, Is.EqualTo(path));
        Assert.That(failure.Expected, Does.Contain(expected));
        Assert.That(failure.MayHaveBeenApplied, Is.True);
    }

    [Test]
    public async Task Rejects_a_body_cut_off_anywhere()
    {
        const string whole = """
            {"_id":"c1","external_id":"\ud800\n","tags":["\uD83D\ude00","😀"],"metadata":{"n":-1.5e3},"new":null}
            """;
        for (var length = 0; length < Encoding.UTF8.GetByteCount(whole); length++)
        {
            var cut = Encoding.UTF8.GetBytes(whole)[..length];

            var failure = await Wire.FailureOfAsync(cut);

            Assert.That(failure.StatusCode, Is.EqualTo(200), $"cut after {length} bytes");
        }
    }

    [TestCase("application/json; charset=utf-16")]
    [TestCase("application/json; charset=klingon")]
    [TestCase(null)]
    public async Task Reads_UTF_8_whatever_the_content_type_says(string? contentType)
    {
        var contact = await Wire.ReadAsync(
            Encoding.UTF8.GetBytes(StoredContact.With("\"external_id\":\"ü😀\"")),
            contentType
        );

        Assert.That(contact.ExternalId, Is.EqualTo("ü😀"));
    }

    [Test]
    public async Task Skips_a_byte_order_mark() =>
        Assert.That((await Wire.ReadAsync("\ufeff" + Contact)).Id, Is.EqualTo("c1"));

    [Test]
    public async Task Skips_only_one_byte_order_mark() => await Wire.FailureOfAsync("\ufeff\ufeff" + Contact);

    [Test]
    public async Task Skips_whitespace_around_the_value() =>
        Assert.That((await Wire.ReadAsync($"\r\n\t {Contact} \n")).Id, Is.EqualTo("c1"));

    [TestCase(new byte[] { 0xff })]
    [TestCase(new byte[] { 0xc3 })]
    [TestCase(new byte[] { 0xed, 0xa0, 0x80 })]
    [TestCase(new byte[] { 0xf4, 0x90, 0x80, 0x80 })]
    [TestCase(new byte[] { 0xc0, 0x80 })]
    public async Task Replaces_invalid_UTF_8_within_a_string(byte[] wrong)
    {
        var parts = StoredContact.With("\"external_id\":\"a#b\",\"metadata\":{\"n#\":1}").Split('#');
        byte[] body =
        [
            .. Encoding.UTF8.GetBytes(parts[0]),
            .. wrong,
            .. Encoding.UTF8.GetBytes(parts[1]),
            .. wrong,
            .. Encoding.UTF8.GetBytes(parts[2]),
        ];

        var contact = await Wire.ReadAsync(body);

        Assert.That(contact.ExternalId, Does.Match("^a\ufffd+b$"));
        Assert.That(contact.Metadata!.Keys.Single(), Does.Match("^n\ufffd+$"));
    }

    [Test]
    public async Task Rejects_invalid_UTF_8_outside_a_string() =>
        await Wire.FailureOfAsync([.. Encoding.UTF8.GetBytes(Contact), 0xff]);

    [TestCase(201)]
    [TestCase(299)]
    public async Task Any_2xx_is_a_success(int status) =>
        Assert.That((await Wire.ReadAsync(Encoding.UTF8.GetBytes(Contact), status: status)).Id, Is.EqualTo("c1"));

    [Test]
    public async Task Reads_a_body_of_16_MiB() =>
        Assert.That((await Wire.ReadAsync(Contact.PadRight(16 * 1024 * 1024))).Id, Is.EqualTo("c1"));

    [TestCase("[", "]")]
    [TestCase("{\"a\":", "}")]
    public async Task Reads_a_hundred_levels(string open, string close)
    {
        var json = Nested(open, close, 100);

        Assert.That(await Wire.ReadValueAsync(json), Is.Not.Null);
    }

    [TestCase("[", "]", 200)]
    [TestCase("[", "]", 1_000_000)]
    [TestCase("{\"a\":", "}", 1_000_000)]
    [TestCase("[{\"a\":", "}]", 1_000_000)]
    public async Task Rejects_deep_nesting_without_overflowing_the_stack(string open, string close, int depth)
    {
        var failure = await Wire.FailureOfAsync(
            "{\"_id\":\"c1\",\"metadata\":{\"x\":" + Nested(open, close, depth) + "}}"
        );

        Assert.That(failure.Expected, Is.EqualTo("JSON that nests at most 128 levels deep"));
    }

    private static async Task AssertNotJsonAsync(string body)
    {
        var failure = await Wire.FailureOfAsync(body);

        Assert.That(failure.Expected, Does.Match("^JSON that is whole and valid.* byte [0-9]+"));
        Assert.That(failure.Body, Is.EqualTo(body));
    }

    private static string Nested(string open, string close, int depth) =>
        string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
}
