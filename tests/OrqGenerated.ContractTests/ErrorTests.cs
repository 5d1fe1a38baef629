using OrqGenerated.ContractTests.Support;

namespace OrqGenerated.ContractTests;

/// <summary>What the caller gets for each answer that is not a success.</summary>
internal sealed class ErrorTests : ContractTest
{
    private static readonly (int Status, Type Exception)[] Mapping =
    [
        (400, typeof(OrqBadRequestException)),
        (401, typeof(OrqAuthenticationException)),
        (402, typeof(OrqApiException)),
        (403, typeof(OrqPermissionException)),
        (404, typeof(OrqNotFoundException)),
        (409, typeof(OrqConflictException)),
        (422, typeof(OrqBadRequestException)),
        (429, typeof(OrqRateLimitException)),
        (500, typeof(OrqServerException)),
        (502, typeof(OrqServerException)),
        (503, typeof(OrqServerException)),
    ];

    private static IEnumerable<TestCaseData> Statuses =>
        Mapping.Select(row => new TestCaseData(row.Status, row.Exception));

    [TestCaseSource(nameof(Statuses))]
    public async Task Each_status_has_its_exception(int status, Type exception)
    {
        const string body = """{"code":"some_code","message":"Something is wrong."}""";
        await WireMock.ReplyAsync(
            new Reply(status, body) { Headers = { ["x-orq-trace-id"] = "trace-1" } }
        );
        var client = ClientOf(WireMock.Address, options => options.Retry = RetryConfig.None);

        var error = (OrqApiException)
            Assert.ThrowsAsync(exception, () => client.CreateContactAsync(Example.Contact))!;

        Assert.That(error.StatusCode, Is.EqualTo(status));
        Assert.That(error.ErrorCode, Is.EqualTo("some_code"));
        Assert.That(error.ErrorMessage, Is.EqualTo("Something is wrong."));
        Assert.That(error.RequestId, Is.EqualTo("trace-1"));
        Assert.That(error.Headers["X-Orq-Trace-Id"], Is.EqualTo("trace-1"));
        Assert.That(error.ContentType, Is.EqualTo("application/json"));
        Assert.That(error.Body, Is.EqualTo(body));
        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(error.Message, Does.Contain("CreateContact"));
        Assert.That(error.Message, Does.Contain($"{status}"));
        Assert.That(error.Message, Does.Contain("some_code"));
        Assert.That(error.Message, Does.Contain("trace-1"));
        Assert.That(error.Message, Does.Contain("Something is wrong."));
        Assert.That(error.Message, Does.Not.Contain("\n"));
    }

    [Test]
    public async Task A_request_that_the_document_does_not_allow_is_refused_by_Prism_as_a_bad_request()
    {
        await WireMock.ReplyAsync(new Reply(200, Example.Stored));
        var contact = Example.Contact;
        contact.Email = "no e-mail address";

        var error = Assert.ThrowsAsync<OrqBadRequestException>(() =>
            ClientOf(Servers.Prism).CreateContactAsync(contact)
        );

        Assert.That(error.StatusCode, Is.EqualTo(422));
        Assert.That(error.Body, Does.Contain("email"));
        Assert.That(await WireMock.ReceivedAsync(), Is.Empty);
    }

    [Test]
    public async Task What_the_document_requires_is_checked_before_anything_is_sent()
    {
        var client = ClientOf(WireMock.Address);

        foreach (var id in new[] { "", new string('x', 121) })
        {
            var call = client.CreateContactAsync(new CreateContactRequestBody { ExternalId = id });
            var error = Assert.ThrowsAsync<ArgumentException>(() => call);
            Assert.That(error.Message, Does.Contain("external_id").Or.Contain("ExternalId"));
        }

        Assert.That(await WireMock.ReceivedAsync(), Is.Empty);
    }

    [TestCase("")]
    [TestCase("not JSON")]
    [TestCase("""{"_id":"1","external_""")]
    [TestCase("""{"_id":"1"}""")]
    [TestCase("""{"_id":1,"external_id":"a"}""")]
    [TestCase("[]")]
    public async Task A_success_that_cannot_be_read_is_reported_and_never_repeated(string body)
    {
        await WireMock.ReplyAsync(new Reply(200, body));

        var error = Assert.ThrowsAsync<OrqResponseException>(() =>
            ClientOf(WireMock.Address).CreateContactAsync(Example.Contact)
        );

        Assert.That(error.StatusCode, Is.EqualTo(200));
        Assert.That(error.Body, Is.EqualTo(body));
        Assert.That(error.Headers["content-type"], Is.EqualTo("application/json"));
        Assert.That(await WireMock.ReceivedAsync(), Has.Count.EqualTo(1));
    }
}
