using FsCheck;
using FsCheck.Fluent;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The server's words in a message, without the texts of the request.</summary>
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
    public async Task Each_literal_occurrence_is_hidden_whatever_its_case(string words, string text, string shown) =>
        Assert.That(await ShownAsync(words, text), Is.EqualTo(shown));

    [TestCase("abcdefgh", "abcdef", "cdefgh")]
    [TestCase("abcdefgh", "cdef", "abcdefgh")]
    [TestCase("abcabcabc", "abcabc", "bcab")]
    public async Task Texts_that_overlap_are_hidden_together(string words, params string[] texts) =>
        Assert.That(await ShownAsync(words, texts), Is.EqualTo("…"));

    [TestCase(1000)]
    [TestCase(5000)]
    [TestCase(60_000)]
    public async Task A_long_text_is_hidden_before_the_words_are_cut(int length)
    {
        var text = string.Concat(Enumerable.Range(0, length)).AsSpan(0, length).ToString();

        var shown = await ShownAsync($"It is {text} now", text);

        Assert.That(shown, Does.StartWith("It is …"));
        Assert.That(shown, Does.Not.Contain(text[..20]), "the text's beginning is left");
    }

    [TestCase(496, "…x…")]
    [TestCase(499, "…x")]
    [TestCase(500, "…")]
    public async Task Only_the_first_500_characters_can_be_shown(int length, string shown)
    {
        var text = new string('y', length);

        Assert.That(await ShownAsync($"{text}xtextz", text, "text"), Is.EqualTo(shown));
    }

    [TestCase(200, "")]
    [TestCase(201, "…")]
    [TestCase(5000, "…")]
    public async Task Only_what_is_longer_than_200_characters_is_cut(int length, string end) =>
        Assert.That(await ShownAsync(new string('x', length)), Is.EqualTo(new string('x', 200) + end));

    [TestCase(199, 199)]
    [TestCase(200, 200)]
    public async Task A_surrogate_pair_at_the_cut_stays_whole(int before, int shown) =>
        Assert.That(await ShownAsync(new string('x', before) + "😀😀"), Is.EqualTo(new string('x', shown) + "…"));

    [Test]
    public async Task A_key_is_hidden_however_short_it_is()
    {
        Options.ApiKey = "k";

        Assert.That(await ShownAsync("no key"), Is.EqualTo("no …ey"));
    }

    [Test]
    public async Task A_key_is_hidden_however_long_it_is()
    {
        Options.ApiKey = string.Concat(Enumerable.Range(1000, 300));

        Assert.That(await ShownAsync($"bad token {Options.ApiKey}"), Is.EqualTo("bad token …"));
    }

    [Test]
    public async Task Texts_and_words_are_cut_after_their_blanks_are_folded()
    {
        var text = string.Concat(Enumerable.Repeat("ab        ", 100));

        Assert.That(await ShownAsync($"no {text}", text), Is.EqualTo("no …"));
        Assert.That(await ShownAsync($"no{new string(' ', 990)}{Key}"), Is.EqualTo("no …"));
    }

    [Test]
    public async Task Code_and_request_id_are_redacted_in_the_message_alone()
    {
        Server.Answers(400, """{"code":"no Jane Smith","request_id":"JANE SMITH"}""");

        var error = await FailAsync<OrqBadRequestException>();

        Assert.That(error.Message, Is.EqualTo("CreateContact failed with 400 no … (request id …)."));
        Assert.That((error.ErrorCode, error.RequestId), Is.EqualTo(("no Jane Smith", "JANE SMITH")));
    }

    [Test]
    public async Task An_inner_exception_that_is_too_long_to_search_is_left_out()
    {
        Server.Throws(() => new IOException(new string('x', 900))).Throws(() => new IOException(new string('x', 1001)));

        Assert.That((await FailAsync<OrqConnectionException>()).InnerException, Is.Not.Null);
        Assert.That((await FailAsync<OrqConnectionException>()).InnerException, Is.Null);
    }

    [Test]
    public async Task An_error_after_a_long_text_allocates_little()
    {
        const int Length = 11_000_000;
        Server.Answers(413, new string('x', 1000));
        var contact = Contact;
        contact.DisplayName = new string('y', Length);
        await FailWithAsync(contact);

        var before = GC.GetAllocatedBytesForCurrentThread();
        await FailWithAsync(contact);

        // The stub keeps what it is sent: a stream of bytes, its array and a string, twice 4 and once 2 bytes a letter.
        Assert.That(
            GC.GetAllocatedBytesForCurrentThread() - before,
            Is.LessThan(10L * Length),
            "bytes allocated by a call with a text of 11 million letters that ends in a 413"
        );
    }

    [SeededProperty(MaxTest = 300)]
    public Property No_text_survives() =>
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

    /// <summary>
    /// What a message shows of the words with which the server refuses a request that holds the texts.
    /// </summary>
    private async Task<string> ShownAsync(string words, params string[] texts)
    {
        var contact = new CreateContactRequestBody { ExternalId = "1", Tags = texts };
        using var server = new StubHandler();
        server.Answers(400, $$"""{"message":{{System.Text.Json.JsonSerializer.Serialize(words)}}}""");
        using var http = new HttpClient(server);
        using var client = new ContactsClient(http, Options);
        try
        {
            await client.CreateContactAsync(contact);
        }
        catch (OrqBadRequestException exception)
        {
            return exception.Message.Length <= Start.Length ? "" : exception.Message[Start.Length..^1];
        }

        throw new AssertionException("The call was to fail with 400, but succeeded.");
    }

    private async Task FailWithAsync(CreateContactRequestBody contact)
    {
        try
        {
            await Client.CreateContactAsync(contact);
        }
        catch (OrqApiException)
        {
            return;
        }

        throw new AssertionException("The call was to fail with 413, but succeeded.");
    }
}
