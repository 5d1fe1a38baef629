using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Json;

/// <summary>
/// Requests that the document does not allow are refused; the message names the field but never repeats its value.
/// </summary>
internal sealed class RequestCheckTests
{
    private static IEnumerable<TestCaseData> CodePoints =>
        [
            new("a"),
            new("😀"),
            new("e\u0301"),
            new TestCaseData("\ud800").SetArgDisplayNames("a lone surrogate"),
            new TestCaseData("\udc00\ud800").SetArgDisplayNames("two surrogates in the wrong order"),
        ];

    [TestCaseSource(nameof(CodePoints))]
    public async Task Sends_an_id_of_120_code_points(string character)
    {
        var id = OfCodePoints(character, 120);

        var json = Wire.Plain(await Wire.SentAsync(new() { ExternalId = id }));

        var sent = string.Concat(id.EnumerateRunes());
        Assert.That(json, Is.EqualTo($"{{\"external_id\":\"{sent}\"}}"), "lone surrogates become U+FFFD");
    }

    [TestCaseSource(nameof(CodePoints))]
    public async Task Refuses_an_id_of_121_code_points(string character)
    {
        var id = OfCodePoints(character, 121);

        var refusal = await Wire.RefusalOfAsync(new() { ExternalId = id });

        Assert.That(
            refusal.Message,
            Is.EqualTo("external_id must have at most 120 characters, but has 121. (Parameter 'body')")
        );
        Assert.That(refusal.InnerException, Is.Null, "it might repeat the id");
    }

    [TestCase("", "external_id must have at least 1 character")]
    [TestCase(null, "external_id must not be null")]
    public async Task Refuses_an_id_that_is_empty_or_null(string? id, string message)
    {
        var refusal = await Wire.RefusalOfAsync(new() { ExternalId = id! });

        Assert.That(refusal.Message, Does.StartWith(message));
        Assert.That(refusal.ParamName, Is.EqualTo("body"));
    }

    [Test]
    public async Task Refuses_null_among_the_tags()
    {
        var refusal = await Wire.RefusalOfAsync(new() { ExternalId = "u1", Tags = ["secret-tag", null!] });

        Assert.That(refusal.Message, Does.StartWith("tags[1] must not be null"));
        Assert.That(refusal.ToString(), Does.Not.Contain("secret-tag"));
    }

    [Test]
    public async Task Refuses_a_null_body()
    {
        using var client = new IdentitiesClient("key");

        var refusal = await Expect.ExceptionAsync<ArgumentNullException>(() => client.CreateIdentityAsync(null!));

        Assert.That(refusal.ParamName, Is.EqualTo("body"));
    }

    [Test]
    public void Refuses_through_the_returned_task()
    {
        using var client = new ContactsClient("key");

        var task = client.CreateContactWithResponseAsync(new() { ExternalId = null! });

        Assert.That(task.IsFaulted, Is.True);
        Assert.That(task.Exception!.InnerException, Is.TypeOf<ArgumentException>());
    }

    [Test]
    public void Setters_never_throw() =>
        Assert.That(
            () =>
                new CreateContactRequestBody
                {
                    ExternalId = new string('x', 1000),
                    DisplayName = null,
                    Email = "not an address",
                    AvatarUrl = "not a URL",
                    Tags = [null!],
                    Metadata = new Dictionary<string, object?> { ["x"] = double.NaN },
                },
            Throws.Nothing
        );

    [Test]
    public async Task Sends_what_the_document_does_not_forbid()
    {
        var json = await Wire.SentAsync(
            new()
            {
                ExternalId = " ",
                DisplayName = "",
                Email = "not an address",
                AvatarUrl = "not a URL",
                Tags = [],
                Metadata = new Dictionary<string, object?>(),
            }
        );

        Assert.That(
            json,
            Is.EqualTo(
                """
                {"external_id":" ","display_name":"","email":"not an address","avatar_url":"not a URL",
                "tags":[],"metadata":{}}
                """.ReplaceLineEndings("")
            )
        );
    }

    [Test]
    public async Task Distinguishes_absent_null_and_a_value()
    {
        var json = await Wire.SentAsync(
            new()
            {
                ExternalId = "u1",
                DisplayName = "Jane",
                Email = null,
                Tags = null,
                Metadata = null,
            }
        );

        Assert.That(json, Is.EqualTo("""{"external_id":"u1","display_name":"Jane","email":null}"""));
    }

    private static string OfCodePoints(string character, int count)
    {
        var text = string.Concat(Enumerable.Repeat(character, count));
        var runes = text.EnumerateRunes().Take(count).Sum(rune => rune.Utf16SequenceLength);
        return text[..runes];
    }
}
