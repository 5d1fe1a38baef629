using FsCheck;
using FsCheck.Fluent;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace OrqGenerated.Tests.Http;

/// <summary>A server's words, made fit for a message.</summary>
internal sealed class RedactionTests
{
    [TestCase("Jane Smith exists", "Jane Smith", "… exists")]
    [TestCase("no jane smith here", "Jane Smith", "no … here")]
    [TestCase("Jane SmithJane Smith", "Jane Smith", "…")]
    [TestCase("a Jane Smith, a Jane Smith", "Jane Smith", "a …, a …")]
    [TestCase("key sk.*+?[(^$|\\ refused", "sk.*+?[(^$|\\", "key … refused")]
    [TestCase("skxxx is not sk.*", "sk.*", "skxxx is not …")]
    [TestCase("""is \"quoted\" so""", "\"quoted\"", "is … so")]
    [TestCase("""Zo\u00eb and Zo\u00EB""", "Zoë", "… and …")]
    [TestCase("a &amp; b, a &#38; b", "a & b", "…, a &#38; b")]
    [TestCase("q=jane%40example.com", "jane@example.com", "q=…")]
    [TestCase("q=Jane%20Smith&r=Jane+Smith", "Jane Smith", "q=…&r=…")]
    [TestCase("Jane was here", "  Jane ", "… was here")]
    [TestCase("no Jane Smith here", "Jane  Smith", "no … here")]
    [TestCase("no Jane\n  Smith here", "Jane Smith", "no … here")]
    [TestCase("O&#x27;Brien, O&#39;Brien, O&apos;Brien", "O'Brien", "…, …, …")]
    public void Hides_a_secret_however_it_is_spelled(
        string words,
        string secret,
        string expected
    ) => Assert.That(Redaction.Excerpt(words, [secret]), Is.EqualTo(expected));

    [TestCase("id ab is taken", "id … is taken")]
    [TestCase("id 'ab' is taken", "id '…' is taken")]
    [TestCase("id_ab is taken", "id_… is taken")]
    [TestCase("about a cab", "about a cab")]
    [TestCase("cab is about", "cab is about")]
    public void Hides_a_short_secret_only_where_it_stands_alone(string words, string expected) =>
        Assert.That(Redaction.Excerpt(words, ["ab"]), Is.EqualTo(expected));

    [TestCase("abcdefgh", "abcdef", "cdefgh")]
    [TestCase("abcdefgh", "cdef", "abcdefgh")]
    [TestCase("abcdefgh", "abcd", "abcdefgh")]
    [TestCase("abcabcabc", "abcabc", "bcab")]
    public void Hides_secrets_that_overlap(string words, string one, string other)
    {
        Assert.That(Redaction.Excerpt(words, [one, other]), Is.EqualTo("…"));
        Assert.That(Redaction.Excerpt(words, [other, one]), Is.EqualTo("…"));
    }

    [Test]
    public void A_secret_of_three_letters_is_short_and_one_of_four_is_not()
    {
        Assert.That(Redaction.Excerpt("xabcx", ["abc"]), Is.EqualTo("xabcx"));
        Assert.That(Redaction.Excerpt("xabcdx", ["abcd"]), Is.EqualTo("x…x"));
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("   ")]
    [TestCase("\t")]
    public void Blank_texts_are_no_secrets(string secret) =>
        Assert.That(Redaction.Excerpt("two words", [secret]), Is.EqualTo("two words"));

    [Test]
    public void A_secret_that_is_cut_by_the_limit_is_hidden_as_well()
    {
        var secret = new string('s', 5000);

        Assert.That(
            Redaction.Excerpt($"It is {secret} now", [secret]),
            Is.EqualTo("It is …"),
            "a part of the secret is left"
        );
    }

    [TestCase(999, "…-…")]
    [TestCase(1000, "…-")]
    [TestCase(1001, "…")]
    [TestCase(1002, "…")]
    public void What_begins_behind_the_first_1000_characters_is_not_shown(int before, string shown)
    {
        var first = new string('x', before - 1);

        Assert.That(Redaction.Excerpt($"{first}-secret", [first, "secret"]), Is.EqualTo(shown));
    }

    [TestCase(200, "")]
    [TestCase(201, "…")]
    public void Only_what_is_longer_than_200_characters_is_cut(int length, string end) =>
        Assert.That(
            Redaction.Excerpt(new string('x', length), []),
            Is.EqualTo(new string('x', 200) + end)
        );

    [TestCase(200)]
    [TestCase(201)]
    public void A_pair_behind_the_cut_moves_it_not(int before) =>
        Assert.That(
            Redaction.Excerpt(new string('x', before) + "😀😀", []),
            Is.EqualTo(new string('x', 200) + "…")
        );

    [Test]
    public void No_character_is_cut_in_half() =>
        Assert.That(
            Redaction.Excerpt(new string('x', 199) + "😀😀", []),
            Is.EqualTo(new string('x', 199) + "…")
        );

    [Test]
    public void Many_secrets_in_many_words_take_no_long_time()
    {
        var secrets = Enumerable.Range(0, 20_000).Select(i => $"secret-{i:x8}").ToList();
        var words = string.Concat(Enumerable.Repeat("Nothing to see here. ", 50_000));

        var excerpt = Task.Run(() => Redaction.Excerpt(words, secrets));

        Assert.That(excerpt.Wait(TimeSpan.FromSeconds(30)), Is.True, "it took over 30 s");
    }

    [Property]
    public Property No_secret_survives() =>
        Prop.ForAll(
            Words(),
            words =>
            {
                var text = string.Concat(words);
                var excerpt = Redaction.Excerpt(text, ["abba", "baab", "bbbb", "aa ba"]);
                return !excerpt.Contains("abba", StringComparison.OrdinalIgnoreCase)
                    && !excerpt.Contains("baab", StringComparison.OrdinalIgnoreCase)
                    && !excerpt.Contains("bbbb", StringComparison.OrdinalIgnoreCase)
                    && excerpt.Length <= 201;
            }
        );

    private static Arbitrary<string[]> Words() =>
        Gen.Elements("a", "b", "B", "ab", "ba", " ", "x").ArrayOf().ToArbitrary();
}
