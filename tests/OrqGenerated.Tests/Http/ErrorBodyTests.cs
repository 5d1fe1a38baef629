using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace OrqGenerated.Tests.Http;

/// <summary>What is found in the bodies of errors.</summary>
internal sealed class ErrorBodyTests
{
    [TestCase(
        """{"code":"invalid_api_key","message":"no such key"}""",
        "invalid_api_key",
        "no such key"
    )]
    [TestCase("""{"message":"no such key"}""", null, "no such key")]
    [TestCase("""{"error":"Contact not found"}""", null, "Contact not found")]
    [TestCase(
        """{"code":7,"message":"not authorized for this endpoint"}""",
        "7",
        "not authorized for this endpoint"
    )]
    [TestCase(
        """{"error":{"message":"slow down","type":"rate_limit","param":null,"code":"rate_limit_exceeded"}}""",
        "rate_limit_exceeded",
        "slow down"
    )]
    [TestCase(
        """{"error":{"message":"slow down","type":"rate_limit","code":null}}""",
        "rate_limit",
        "slow down"
    )]
    [TestCase("""{"error":{"code":"a","message":"b","doc_url":"https://docs.orq.ai"}}""", "a", "b")]
    [TestCase(
        """{"code":"a","message":"b","doc_url":"c","details":{"issues":[{"path":"d","message":"e"}]}}""",
        "a",
        "b"
    )]
    [TestCase(
        """{"code":"a","details":{"issues":[{"path":["tags",0],"message":"is no string"}]}}""",
        "a",
        "tags.0: is no string"
    )]
    [TestCase(
        """{"issues":[{"path":"email","message":"is no address"}]}""",
        null,
        "email: is no address"
    )]
    [TestCase(
        """{"errors":[{"message":"is no address"},{"message":"x"}]}""",
        null,
        "is no address"
    )]
    [TestCase("""{"errors":["is no address"]}""", null, "is no address")]
    [TestCase("""{"id":"1","code":404,"error":"not here","source":"system"}""", "404", "not here")]
    [TestCase("""{"type":"about:blank","title":"t","detail":"not here"}""", null, "not here")]
    [TestCase("""{"type":"https://a.b/c","title":"Not Found","status":404}""", null, "Not Found")]
    [TestCase("""{"type":"/problems/7","title":""}""", null, null)]
    [TestCase("""{"type":"invalid_request","title":"t","message":"m"}""", "invalid_request", "m")]
    [TestCase("""{"title":"t","errors":["e"]}""", null, "t")]
    [TestCase("""{"error":"","message":"b"}""", null, "b")]
    [TestCase("""{"error":{"code":"in"},"code":"out"}""", "in", null)]
    [TestCase("""{"error":{"type":"in"},"code":"out"}""", "out", null)]
    [TestCase("""{"error":{"message":"in"},"message":"out"}""", null, "in")]
    [TestCase("""{"error":{"type":"in"},"message":"out"}""", "in", "out")]
    [TestCase("""{"message":"out","error":"in"}""", null, "out")]
    [TestCase("""{"error":"in","detail":"d"}""", null, "in")]
    [TestCase("""{"detail":"d","errors":["e"]}""", null, "d")]
    [TestCase("""{"issues":["i"],"errors":["e"],"details":{"issues":["d"]}}""", null, "i")]
    [TestCase("""{"errors":["e"],"details":{"issues":["d"]}}""", null, "e")]
    [TestCase("""{"issues":[{"message":7}]}""", null, "7")]
    [TestCase("""{"message":"\ud800 half"}""", null, "\\ud800 half")]
    [TestCase("""{"message":"","error":"b"}""", null, "b")]
    [TestCase(""" {"message":"b","message":"c"} """, null, "c")]
    [TestCase("\"just words\"", null, "just words")]
    public void Reads_the_documented_shapes(string body, string? code, string? message)
    {
        var error = ErrorBody.Parse(body, "application/json");

        Assert.That((error.Code, error.Message), Is.EqualTo((code, message)));
    }

    [TestCase("""{"code":"a","request_id":"req-1"}""")]
    [TestCase("""{"error":{"code":"a","request_id":"req-1"}}""")]
    [TestCase("""{"request_id":"req-1","error":{"request_id":"req-2"}}""")]
    public void Reads_the_request_id(string body) =>
        Assert.That(ErrorBody.Parse(body, null).RequestId, Is.EqualTo("req-1"));

    [TestCase("")]
    [TestCase("  \r\n ")]
    [TestCase("{")]
    [TestCase("""{"message":"cut o""")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("[1,2]")]
    [TestCase("null")]
    [TestCase("true")]
    [TestCase("42")]
    [TestCase("""{"message":null,"code":null,"error":null}""")]
    [TestCase("""{"message":{},"code":[],"error":[]}""")]
    [TestCase("""{"message":true,"code":false}""")]
    [TestCase("""{"error":{}}""")]
    [TestCase("""{"error":{"error":{"message":"too deep"}}}""")]
    [TestCase("""{"issues":[]}""")]
    [TestCase("""{"issues":{}}""")]
    [TestCase("""{"issues":[null]}""")]
    [TestCase("""{"issues":[{"path":["a"]}]}""")]
    [TestCase("""{"details":"x"}""")]
    public void Finds_nothing_where_nothing_is(string body)
    {
        var error = ErrorBody.Parse(body, "application/json");

        Assert.That(error.Code, Is.Null);
        Assert.That(error.Message is null or "a: ", Is.True, error.Message);
    }

    [TestCase("upstream connect error", "text/plain", "upstream connect error")]
    [TestCase("  bad gateway\n", null, "bad gateway")]
    [TestCase("<html><body>502</body></html>", null, null)]
    [TestCase("<!DOCTYPE html>", "text/plain", null)]
    [TestCase("oops", "text/html; charset=utf-8", null)]
    [TestCase("oops", "application/problem+json", null)]
    [TestCase("\u001f\u008b\b\0\0\0", "text/plain", null, TestName = "{m}(gzip)")]
    public void Takes_plain_text_for_words_but_no_markup_and_no_binary(
        string body,
        string? type,
        string? message
    ) => Assert.That(ErrorBody.Parse(body, type).Message, Is.EqualTo(message));

    [Test]
    public void Takes_no_long_text_for_words()
    {
        Assert.That(
            ErrorBody.Parse(new string('x', 1000), "text/plain").Message,
            Has.Length.EqualTo(1000)
        );
        Assert.That(ErrorBody.Parse(new string('x', 1001), "text/plain").Message, Is.Null);
    }

    [TestCase("""{"mess\ud800age":"x"}""")]
    [TestCase("""{"mess\udc00":"x","message":"found"}""")]
    [TestCase("""{"\ud800":1,"code":"a","message":"\ud800 half"}""")]
    [TestCase("""{"message":"\ud800"}""")]
    public void Half_a_character_fails_nothing(string body) =>
        Assert.That(() => ErrorBody.Parse(body, "application/json"), Throws.Nothing);

    [Test]
    public void A_deep_body_fails_nothing() =>
        Assert.That(
            ErrorBody.Parse(new string('[', 100_000), "application/json"),
            Is.EqualTo(default(ErrorBody))
        );

    [Property]
    public bool No_text_fails_it(string? body, string? type)
    {
        _ = ErrorBody.Parse(body ?? "", type);
        return true;
    }

    [Property]
    public Property No_json_fails_it() =>
        Prop.ForAll(
            Tokens(),
            tokens =>
            {
                _ = ErrorBody.Parse(string.Concat(tokens), "application/json");
                return true;
            }
        );

    /// <summary>Pieces of JSON in any order, so that now and then something valid and odd comes of it.</summary>
    private static Arbitrary<string[]> Tokens() =>
        Gen.Elements(
                "{",
                "}",
                "[",
                "]",
                ":",
                ",",
                "\"message\"",
                "\"error\"",
                "\"code\"",
                "\"issues\"",
                "\"path\"",
                "\"\\ud800\"",
                "1",
                "null"
            )
            .ArrayOf()
            .ToArbitrary();
}
