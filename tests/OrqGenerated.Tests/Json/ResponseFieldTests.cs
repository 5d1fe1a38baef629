using System.Globalization;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Json;

/// <summary>Fields of a success body that are missing, unknown or of the wrong kind.</summary>
internal sealed class ResponseFieldTests
{
    private const string NotAString = "a string";

    [TestCase("""{"external_id":"u1"}""", "_id", "required")]
    [TestCase("""{"id":"c1","external_id":"u1"}""", "_id", "required")]
    [TestCase("""{"_ID":"c1","external_id":"u1"}""", "_id", "required")]
    [TestCase("""{"_id":null,"external_id":"u1"}""", "_id", "required")]
    [TestCase("""{"_id":5,"external_id":"u1"}""", "_id", NotAString)]
    [TestCase("""{"_id":{"$oid":"c1"},"external_id":"u1"}""", "_id", NotAString)]
    [TestCase("""{"external_id":5,"_id":"c1"}""", "external_id", NotAString)]
    [TestCase("""{"_id":"c1","external_id":"u1","_id":5}""", "_id", NotAString)]
    public async Task A_required_field_that_is_missing_or_of_the_wrong_kind_fails_the_call(
        string body,
        string path,
        string expected
    )
    {
        var failure = await Wire.FailureOfAsync(body);

        Assert.That(failure.Path, Is.EqualTo(path));
        Assert.That(failure.Expected, Does.Contain(expected));
        Assert.That(failure.Body, Is.EqualTo(body));
        Assert.That(failure.StatusCode, Is.EqualTo(200));
        Assert.That(failure.Headers["x-orq-trace-id"], Is.EqualTo("trace-1"));
        Assert.That(failure.Message, Does.Contain(path).And.Contain("trace-1"));
    }

    [Test]
    public async Task An_absent_optional_field_is_null()
    {
        var contact = await Wire.ReadAsync(StoredContact.Json);

        AssertOptionalFieldsAreNull(contact);
        Assert.That(contact.AdditionalProperties, Is.Empty);
    }

    [TestCase("display_name")]
    [TestCase("email")]
    [TestCase("avatar_url")]
    [TestCase("tags")]
    [TestCase("metadata")]
    [TestCase("created")]
    [TestCase("updated")]
    public async Task A_null_optional_field_is_not_kept_raw(string field) =>
        Assert.That((await Wire.ReadWithAsync($"\"{field}\":null")).AdditionalProperties, Is.Empty);

    [TestCase("display_name", "5", 5L)]
    [TestCase("display_name", "true", true)]
    [TestCase("email", "1.5", 1.5)]
    [TestCase("avatar_url", "1e400", "1e400")]
    [TestCase("tags", "\"premium\"", "premium")]
    [TestCase("metadata", "\"{}\"", "{}")]
    [TestCase("metadata", "false", false)]
    [TestCase("created", "1705314600", 1705314600L)]
    [TestCase("created", "\"yesterday\"", "yesterday")]
    [TestCase("updated", "\"\"", "")]
    public async Task An_optional_field_of_the_wrong_kind_is_null_and_kept_raw(string field, string json, object raw)
    {
        var contact = await Wire.ReadWithAsync($"\"{field}\":{json},\"email2\":1");

        Assert.That(contact.AdditionalProperties[field], Is.EqualTo(raw));
        Assert.That(contact.AdditionalProperties, Has.Count.EqualTo(2));
        AssertOptionalFieldsAreNull(contact);
    }

    [Test]
    public async Task A_list_with_an_invalid_item_is_null_and_kept_raw()
    {
        var contact = await Wire.ReadWithAsync(""" "tags":["a",{"b":[1]},"c"],"display_name":"Jane" """);

        Assert.That(contact.Tags, Is.Null);
        var raw = (IReadOnlyList<object?>)contact.AdditionalProperties["tags"]!;
        Assert.That(raw[0], Is.EqualTo("a"));
        Assert.That(((IReadOnlyDictionary<string, object?>)raw[1]!)["b"], Is.EqualTo(new object[] { 1L }));
        Assert.That(raw[2], Is.EqualTo("c"));
        Assert.That(contact.DisplayName, Is.EqualTo("Jane"), "the field after it");
    }

    [Test]
    public async Task An_invalid_duplicate_replaces_a_valid_one()
    {
        var contact = await Wire.ReadWithAsync("\"email\":\"jane@example.com\",\"email\":5");

        Assert.That(contact.Email, Is.Null);
        Assert.That(contact.AdditionalProperties["email"], Is.EqualTo(5));
    }

    [Test]
    public async Task A_later_null_clears_an_earlier_value() =>
        Assert.That((await Wire.ReadWithAsync("\"email\":\"jane@example.com\",\"email\":null")).Email, Is.Null);

    [Test]
    public async Task Unknown_fields_are_kept()
    {
        var contact = await Wire.ReadWithAsync(
            """ "plan":"w1","new":{"a":[1,null,"2024-01-15T10:30:00Z"]},"n":null,"":1,"Email":"e" """
        );

        Assert.That(contact.AdditionalProperties, Has.Count.EqualTo(5));
        Assert.That(contact.AdditionalProperties["plan"], Is.EqualTo("w1"));
        Assert.That(contact.AdditionalProperties["n"], Is.Null);
        Assert.That(contact.AdditionalProperties[""], Is.EqualTo(1));
        Assert.That(contact.AdditionalProperties["Email"], Is.EqualTo("e"));
        Assert.That(contact.Email, Is.Null);
        var unknown = (IReadOnlyDictionary<string, object?>)contact.AdditionalProperties["new"]!;
        Assert.That(unknown["a"], Is.EqualTo(new object?[] { 1L, null, "2024-01-15T10:30:00Z" }));
    }

    [TestCase("2024-01-15T10:30:00Z", "2024-01-15T10:30:00.0000000+00:00")]
    [TestCase("2024-01-15T10:30Z", "2024-01-15T10:30:00.0000000+00:00")]
    [TestCase("2024-01-15", "2024-01-15T00:00:00.0000000+00:00")]
    [TestCase("2024-01-15T10:30:00.5Z", "2024-01-15T10:30:00.5000000+00:00")]
    [TestCase("2024-01-15T10:30:00.123456789Z", "2024-01-15T10:30:00.1234567+00:00")]
    [TestCase("2024-01-15T10:30:00.123456789123+02:00", "2024-01-15T10:30:00.1234567+02:00")]
    [TestCase("2024-01-15T10:30:00.999999999Z", "2024-01-15T10:30:00.9999999+00:00")]
    [TestCase("2024-01-15T10:30:00+02:00", "2024-01-15T10:30:00.0000000+02:00")]
    [TestCase("2024-01-15T10:30:00-11:45", "2024-01-15T10:30:00.0000000-11:45")]
    [TestCase("2024-01-15T10:30:00-00:00", "2024-01-15T10:30:00.0000000+00:00")]
    [TestCase("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999+00:00")]
    [TestCase("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000+00:00")]
    public async Task Reads_a_time(string text, string expected)
    {
        var contact = await Wire.ReadWithAsync($"\"created\":\"{text}\"");

        Assert.That(contact.Created?.ToString("o", CultureInfo.InvariantCulture), Is.EqualTo(expected));
        Assert.That(contact.AdditionalProperties, Is.Empty);
    }

    // As local times of these zones, the last two do not exist.
    [TestCase("2024-01-15T10:30:00", "Asia/Tokyo")]
    [TestCase("0001-01-01T00:00:00", "Asia/Tokyo")]
    [TestCase("9999-12-31T23:59:59", "America/New_York")]
    [NonParallelizable]
    public async Task A_time_without_an_offset_is_UTC_in_every_time_zone(string text, string zone)
    {
        using var environment = new InEnvironment("TZ", zone);
        TimeZoneInfo.ClearCachedData();

        var contact = await Wire.ReadWithAsync($"\"created\":\"{text}\"");

        Assert.That(contact.Created?.ToString("o", CultureInfo.InvariantCulture), Is.EqualTo($"{text}.0000000+00:00"));
    }

    [TearDown]
    public void TearDown() => TimeZoneInfo.ClearCachedData();

    [TestCase("10:30")]
    [TestCase("2024-01")]
    [TestCase("20240115T103000Z")]
    [TestCase("01/15/2024 10:30")]
    [TestCase("Mon, 15 Jan 2024 10:30:00 GMT")]
    [TestCase("1705314600")]
    [TestCase("2023-02-29")]
    [TestCase("2024-01-15T24:00:00Z")]
    [TestCase("2016-12-31T23:59:60Z")]
    [TestCase("2024-01-15T10:30:00+15:00")]
    [TestCase("2024-01-15T10:30:00 PM")]
    [TestCase("2024-01-15 10:30:00Z")]
    [TestCase("2024-01-15T10:30:00,5Z")]
    [TestCase(" 2024-01-15T10:30:00Z")]
    [TestCase("２０２４-01-15T10:30:00Z")]
    [TestCase("0001-01-01T00:00:00+02:00")]
    [TestCase("9999-12-31T23:59:59-02:00")]
    public async Task An_invalid_time_is_null_and_kept_raw(string text)
    {
        var contact = await Wire.ReadWithAsync($"\"created\":\"{text}\"");

        Assert.That(contact.Created, Is.Null);
        Assert.That(contact.AdditionalProperties["created"], Is.EqualTo(text));
    }

    [Test]
    [SetCulture("th-TH")]
    public async Task Times_do_not_depend_on_the_culture() =>
        Assert.That(
            (await Wire.ReadWithAsync("\"created\":\"2024-01-15\"")).Created,
            Is.EqualTo(new DateTimeOffset(2024, 1, 15, 0, 0, 0, TimeSpan.Zero))
        );

    private static void AssertOptionalFieldsAreNull(CreateContactResponseBody contact) =>
        Assert.That(
            new object?[]
            {
                contact.DisplayName,
                contact.Email,
                contact.AvatarUrl,
                contact.Tags,
                contact.Metadata,
                contact.Created,
                contact.Updated,
            },
            Is.All.Null
        );
}
