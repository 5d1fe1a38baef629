using FsCheck;
using FsCheck.Fluent;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>A message quotes the server without the strings of the request.</summary>
internal sealed class RedactionTests : ClientTest
{
    private const string Start = "CreateContact failed with 400: ";

    public RedactionTests() => Options.Retry = RetryConfig.None;

    [TestCase("Jane Smith exists", "Jane Smith", "… exists")]
    [TestCase("no jane smith here", "Jane Smith", "no … here")]
    [TestCase("Jane SmithJane Smith", "Jane Smith", "…")]
    [TestCase("a Jane Smith, a Jane Smith", "Jane Smith", "a …, a …")]
    [TestCase("key sk.*+?[(^$|\\ refused", "sk.*+?[(^$|\\", "key … refused")]
    [TestCase("skxxx is not sk.*", "sk.*", "skxxx is not …")]
    [TestCase("is \"quoted\" so", "\"quoted\"", "is … so")]
    [TestCase("Jane was here", "  Jane ", "… was here")]
    [TestCase("no Jane  Smith here", "Jane  Smith", "no … here")]
    [TestCase("no Jane\n  Smith here", "Jane Smith", "no … here")]
    [TestCase("Zoë and ZOË", "zoë!", "Zoë and ZOË")]
    [TestCase("xabcx and abc", "abc", "xabcx and abc")]
    [TestCase("xabcdx and abcd", "abcd", "x…x and …")]
    [TestCase("a    b", "    ", "a b")]
    public async Task Hides_each_literal_occurrence_in_any_case(string words, string text, string shown) =>
        Assert.That(await ShownAsync(words, text), Is.EqualTo(shown));

    [TestCase("abcdefgh", "abcdef", "cdefgh")]
    [TestCase("abcdefgh", "cdef", "abcdefgh")]
    [TestCase("abcabcabc", "abcabc", "bcab")]
    public async Task Hides_overlapping_strings_together(string words, params string[] texts) =>
        Assert.That(await ShownAsync(words, texts), Is.EqualTo("…"));

    [Test]
    public async Task Hides_a_long_string_that_starts_with_a_space()
    {
        var text = new string('r', 600);

        Assert.That(await ShownAsync(text, " " + text), Is.EqualTo("…"));
    }

    [TestCase(1000)]
    [TestCase(5000)]
    [TestCase(1_000_000)]
    public async Task Hides_a_long_string_before_truncating(int length)
    {
        var text = string.Concat(Enumerable.Range(0, length)).AsSpan(0, length).ToString();

        var shown = await ShownAsync($"It is {text} now", text);

        Assert.That(shown, Does.StartWith("It is …"));
        Assert.That(shown, Does.Not.Contain(text[..20]), "the start of the string is shown");
    }

    [TestCase(496, "…x…")]
    [TestCase(499, "…x")]
    [TestCase(500, "…")]
    public async Task Shows_nothing_beyond_the_first_500_characters(int length, string shown)
    {
        var text = new string('y', length);

        Assert.That(await ShownAsync($"{text}xtextz", text, "text"), Is.EqualTo(shown));
    }

    [TestCase(200, "")]
    [TestCase(201, "…")]
    [TestCase(5000, "…")]
    public async Task Truncates_only_beyond_200_characters(int length, string end) =>
        Assert.That(await ShownAsync(new string('x', length)), Is.EqualTo(new string('x', 200) + end));

    [TestCase(199, 199)]
    [TestCase(200, 200)]
    public async Task A_surrogate_pair_at_the_cut_stays_whole(int before, int shown) =>
        Assert.That(await ShownAsync(new string('x', before) + "😀😀"), Is.EqualTo(new string('x', shown) + "…"));

    [Test]
    public async Task Hides_even_a_one_character_key()
    {
        Options.ApiKey = "k";

        Assert.That(await ShownAsync("no key"), Is.EqualTo("no …ey"));
    }

    [Test]
    public async Task Hides_even_a_very_long_key()
    {
        Options.ApiKey = string.Concat(Enumerable.Range(1000, 300));

        Assert.That(await ShownAsync($"bad token {Options.ApiKey}"), Is.EqualTo("bad token …"));
    }

    [Test]
    public async Task Collapses_spaces_before_truncating()
    {
        var text = string.Concat(Enumerable.Repeat("ab        ", 100));

        Assert.That(await ShownAsync($"no {text}", text), Is.EqualTo("no …"));
        Assert.That(await ShownAsync($"no{new string(' ', 990)}{Key}"), Is.EqualTo("no …"));
    }

    [Test]
    public async Task Redacts_code_and_request_id_only_in_the_message()
    {
        Server.Responds(400, """{"code":"no Jane Smith","request_id":"JANE SMITH"}""");

        var error = await FailAsync<OrqBadRequestException>();

        Assert.That(error.Message, Is.EqualTo("CreateContact failed with 400 no … (request id …)."));
        Assert.That((error.ErrorCode, error.RequestId), Is.EqualTo(("no Jane Smith", "JANE SMITH")));
    }

    [Test]
    public async Task Omits_an_inner_exception_too_long_to_search()
    {
        Server.Throws(() => new IOException(new string('x', 900))).Throws(() => new IOException(new string('x', 1001)));

        Assert.That((await FailAsync<OrqConnectionException>()).InnerException, Is.Not.Null);
        Assert.That((await FailAsync<OrqConnectionException>()).InnerException, Is.Null);
    }

    [TestCase(1, 11_000_000)]
    [TestCase(100_000, 20)]
    public async Task An_error_for_a_long_request_allocates_little(int strings, int length)
    {
        using var server = new DiscardingHandler(() => StubHandler.Response(413, new string('x', 1000)));
        using var http = new HttpClient(server);
        using var client = new ContactsClient(http, Options);
        var contact = Contact;
        contact.Tags = [.. Enumerable.Repeat(new string('y', length), strings)];
        await CallAsync();

        var before = GC.GetAllocatedBytesForCurrentThread();
        await CallAsync();

        // The request itself takes a byte per character.
        Assert.That(
            GC.GetAllocatedBytesForCurrentThread() - before,
            Is.LessThan(2L * strings * length),
            $"bytes allocated by a call with {strings} strings of {length} characters that fails with 413"
        );

        Task CallAsync() => Expect.ExceptionAsync<OrqApiException>(() => client.CreateContactAsync(contact));
    }

    [SeededProperty(MaxTest = 300)]
    public Property Hides_every_string_in_any_message() =>
        Prop.ForAll(
            Words(),
            words =>
            {
                string[] texts = ["abba", "baab", "bbbb", "aa ba"];
                var shown = ShownAsync(string.Concat(words), texts).GetAwaiter().GetResult();
                return !Array.Exists(texts, text => shown.Contains(text, StringComparison.OrdinalIgnoreCase))
                    && shown.Length <= 201;
            }
        );

    private static Arbitrary<string[]> Words() =>
        Gen.Elements("a", "b", "B", "ab", "ba", " ", "x").ArrayOf().ToArbitrary();

    /// <summary>What the message shows of the server's words if the request contains the strings.</summary>
    private async Task<string> ShownAsync(string words, params string[] texts)
    {
        var contact = new CreateContactRequestBody { ExternalId = "1", Tags = texts };
        Server.Responds(400, $$"""{"message":{{System.Text.Json.JsonSerializer.Serialize(words)}}}""");

        var error = await Expect.ExceptionAsync<OrqBadRequestException>(() => Client.CreateContactAsync(contact));

        return error.Message.Length <= Start.Length ? "" : error.Message[Start.Length..^1];
    }
}
