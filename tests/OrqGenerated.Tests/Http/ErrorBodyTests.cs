using System.Text;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The code, message and request id in an error's body.</summary>
internal sealed class ErrorBodyTests : ClientTest
{
    public ErrorBodyTests() => Options.Retry = RetryConfig.None;

    [TestCase("""{"code":"invalid_api_key","message":"no such key"}""", "invalid_api_key", "no such key")]
    [TestCase("""{"error":"Contact not found"}""", null, "Contact not found")]
    [TestCase("""{"code":7,"message":"not authorized for this endpoint"}""", "7", "not authorized for this endpoint")]
    [TestCase(
        """{"error":{"message":"slow down","type":"rate_limit","param":null,"code":"rate_limit_exceeded"}}""",
        "rate_limit_exceeded",
        "slow down"
    )]
    [TestCase("""{"error":{"message":"slow down","type":"rate_limit","code":null}}""", "rate_limit", "slow down")]
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
    [TestCase("""{"issues":[{"path":"email","message":"is no address"}]}""", null, "email: is no address")]
    [TestCase("""{"errors":[{"message":"is no address"},{"message":"x"}]}""", null, "is no address")]
    [TestCase("""{"errors":["is no address"]}""", null, "is no address")]
    [TestCase("""{"error":"Not Found","message":"there is no such contact"}""", null, "there is no such contact")]
    [TestCase("""{"error":{"code":"a"},"message":"no such contact","detail":"b"}""", "a", "no such contact")]
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
    [TestCase("""{"message":"","error":"b"}""", null, "b")]
    [TestCase("""{"code":" ","message":" \n","error":"b"}""", null, "b")]
    [TestCase(""" {"message":"b","message":"c"} """, null, "c")]
    [TestCase("\"just words\"", null, "just words")]
    public async Task Reads_the_documented_shapes(string body, string? code, string? message)
    {
        var error = await ReadAsync(body, "application/json");

        Assert.That((error.ErrorCode, error.ErrorMessage), Is.EqualTo((code, message)));
    }

    [TestCase("""{"code":"a","request_id":"req-1"}""")]
    [TestCase("""{"error":{"code":"a","request_id":"req-1"}}""")]
    [TestCase("""{"request_id":"req-1","error":{"request_id":"req-2"}}""")]
    public async Task Reads_the_request_id(string body) =>
        Assert.That((await ReadAsync(body)).RequestId, Is.EqualTo("req-1"));

    [TestCase("")]
    [TestCase("  \r\n ")]
    [TestCase("{")]
    [TestCase("""{"message":"cut o""")]
    [TestCase("{}")]
    [TestCase("[1,2]")]
    [TestCase("null")]
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
    public async Task Finds_nothing_in_other_shapes(string body)
    {
        var error = await ReadAsync(body, "application/json");

        Assert.That(error.ErrorCode, Is.Null);
        Assert.That(error.ErrorMessage, Is.Null);
    }

    [TestCase("upstream connect error", "text/plain", "upstream connect error")]
    [TestCase("  bad gateway\n", null, "bad gateway")]
    [TestCase("<html><body>502</body></html>", null, null)]
    [TestCase("<!DOCTYPE html>", "text/plain", null)]
    [TestCase("oops", "text/html; charset=utf-8", null)]
    [TestCase("oops", "application/problem+json", null)]
    [TestCase("\u001f\u008b\b\0\0\0K,", "text/plain", null, TestName = "{m}(gzip)")]
    public async Task Uses_plain_text_as_the_message_but_not_markup_or_binary_data(
        string body,
        string? type,
        string? message
    ) => Assert.That((await ReadAsync(body, type)).ErrorMessage, Is.EqualTo(message));

    [Test]
    public async Task Ignores_plain_text_over_1000_characters()
    {
        var longest = new string('x', 1000);

        Assert.That((await ReadAsync(longest, "text/plain")).ErrorMessage, Is.EqualTo(longest));
        Assert.That((await ReadAsync(longest + "x", "text/plain")).ErrorMessage, Is.Null);
    }

    [TestCase("""{"mess\ud800age":"x"}""", null)]
    [TestCase("""{"mess\udc00":"x","message":"found"}""", "found")]
    [TestCase("""{"\ud800":1,"code":"a","message":"\ud800 half"}""", "\ufffd half")]
    public async Task Replaces_lone_surrogates(string body, string? message) =>
        Assert.That((await ReadAsync(body)).ErrorMessage, Is.EqualTo(message));

    [Test]
    public async Task Ignores_a_body_nested_too_deeply() =>
        Assert.That((await ReadAsync(new string('[', 100_000))).ErrorMessage, Is.Null);

    private async Task<OrqApiException> ReadAsync(string body, string? type = "application/json")
    {
        Server.Responds(() =>
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            return StubHandler.Response(400, content);
        });
        return await FailAsync<OrqApiException>();
    }
}
