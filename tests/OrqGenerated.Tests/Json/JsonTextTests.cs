using System.Text;

namespace OrqGenerated.Tests.Json;

/// <summary>Names of properties recur, so they are remembered.</summary>
internal sealed class JsonTextTests
{
    [TestCase(1)]
    [TestCase(39)]
    [TestCase(40)]
    public void A_name_that_recurs_is_the_same_string(int length)
    {
        var name = new string('n', length);
        var first = Read(name);

        Assert.That(first, Is.EqualTo(name));
        Assert.That(Read(name), Is.SameAs(first));
    }

    [Test]
    public void A_long_name_is_not_remembered()
    {
        var name = new string('n', 41);
        var first = Read(name);

        Assert.That(first, Is.EqualTo(name));
        Assert.That(Read(name), Is.Not.SameAs(first));
    }

    [TestCase("a_id", "b_id")]
    [TestCase("id_b", "id_c")]
    [TestCase("a_b_c", "a_c_c")]
    [TestCase("aaabaa", "aaacaaa")]
    [TestCase("a__a", "z__b")]
    public void Names_that_differ_a_little_are_both_remembered(string name, string other)
    {
        var first = Read(name);

        Assert.That(Read(other), Is.EqualTo(other));
        Assert.That(Read(name), Is.SameAs(first));
    }

    private static string Read(string name)
    {
        var reader = new OrqJsonReader(Encoding.UTF8.GetBytes($$"""{"{{name}}":1}"""));
        reader.Read();
        Assert.That(reader.ReadProperty(out var read), Is.True);
        return read!;
    }
}
