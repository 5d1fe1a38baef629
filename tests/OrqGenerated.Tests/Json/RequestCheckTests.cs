using System.Text;

namespace OrqGenerated.Tests.Json;

/// <summary>
/// What the document does not allow is refused at the call, by the field's name and never by its value.
/// </summary>
internal sealed class RequestCheckTests
{
    private static IEnumerable<TestCaseData> Lengths =>
        [
            new("a", 1),
            new("😀", 1),
            new("e\u0301", 1),
            new TestCaseData("\ud800", 1).SetArgDisplayNames("half a pair"),
            new TestCaseData("\udc00\ud800", 1).SetArgDisplayNames("two halves the wrong way round"),
        ];

    [TestCaseSource(nameof(Lengths))]
    public async Task Sends_an_id_of_120_code_points(string character, int _)
    {
        var id = OfCodePoints(character, 120);

        var json = Encoding.UTF8.GetString(await Wire.BytesOfAsync(new() { ExternalId = id }));

        Assert.That(json, Does.StartWith("{\"external_id\":\""));
    }

    [TestCaseSource(nameof(Lengths))]
    public async Task Refuses_an_id_of_121_code_points(string character, int _)
    {
        var id = OfCodePoints(character, 121);

        var refusal = await Wire.RefusalOfAsync(new() { ExternalId = id });

        Assert.That(refusal.Message, Does.StartWith("external_id must have at most 120 characters"));
        Assert.That(refusal.ParamName, Is.EqualTo("body"));
        Assert.That(refusal.ToString(), Does.Not.Contain(id));
    }

    [Test]
    public async Task Refuses_an_empty_id()
    {
        var refusal = await Wire.RefusalOfAsync(new() { ExternalId = "" });

        Assert.That(refusal.Message, Does.StartWith("external_id must have at least 1 character"));
    }

    [Test]
    public async Task Refuses_an_id_that_is_null()
    {
        var refusal = await Wire.RefusalOfAsync(new() { ExternalId = null! });

        Assert.That(refusal.Message, Does.StartWith("external_id must not be null"));
        Assert.That(refusal.ParamName, Is.EqualTo("body"));
    }

    [Test]
    public async Task Refuses_a_null_among_the_tags()
    {
        var refusal = await Wire.RefusalOfAsync(new() { ExternalId = "u1", Tags = ["secret-tag", null!] });

        Assert.That(refusal.Message, Does.StartWith("tags[1] must not be null"));
        Assert.That(refusal.ToString(), Does.Not.Contain("secret-tag"));
    }

    [Test]
    public async Task Refuses_no_body_at_all()
    {
        using var client = new IdentitiesClient("key");

        var refusal = await Caught.ByAsync<ArgumentNullException>(() => client.CreateIdentityAsync(null!));

        Assert.That(refusal.ParamName, Is.EqualTo("body"));
    }

    [Test]
    public void Refuses_through_the_task_and_not_at_once()
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
    public async Task Sends_what_the_document_does_not_forbid() =>
        Assert.That(
            Encoding.UTF8.GetString(
                await Wire.BytesOfAsync(
                    new()
                    {
                        ExternalId = " ",
                        DisplayName = "",
                        Email = "not an address",
                        AvatarUrl = "not a URL",
                        Tags = [],
                        Metadata = new Dictionary<string, object?>(),
                    }
                )
            ),
            Is.EqualTo(
                """{"external_id":" ","display_name":"","email":"not an address","avatar_url":"not a URL","tags":[],"metadata":{}}"""
            )
        );

    [Test]
    public async Task Absent_null_and_a_value_are_three_messages() =>
        Assert.That(
            Encoding.UTF8.GetString(
                await Wire.BytesOfAsync(
                    new()
                    {
                        ExternalId = "u1",
                        DisplayName = "Jane",
                        Email = null,
                        Tags = null,
                        Metadata = null,
                    }
                )
            ),
            Is.EqualTo("""{"external_id":"u1","display_name":"Jane","email":null}""")
        );

    private static string OfCodePoints(string character, int count)
    {
        var text = string.Concat(Enumerable.Repeat(character, count));
        var runes = text.EnumerateRunes().Take(count).Sum(rune => rune.Utf16SequenceLength);
        return text[..runes];
    }
}
