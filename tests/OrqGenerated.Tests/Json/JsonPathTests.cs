using System.Text;
using System.Text.Json;

namespace OrqGenerated.Tests.Json;

/// <summary>What a place in a JSON text is called; here a ^ marks it.</summary>
internal sealed class JsonPathTests
{
    [TestCase("^5", "")]
    [TestCase("^{}", "")]
    [TestCase("[^1]", "[0]")]
    [TestCase("[1,^2]", "[1]")]
    [TestCase("""{"a":^1}""", "a")]
    [TestCase("""{"a":^[1]}""", "a")]
    [TestCase("""{"a":^{"b":1}}""", "a")]
    [TestCase("""{"a":[^{"b":1}]}""", "a[0]")]
    [TestCase("""{"a":{"b":^1}}""", "a.b")]
    [TestCase("""{"a":[{"b":^1}]}""", "a[0].b")]
    [TestCase("""{"a":[0,[1,^2]]}""", "a[1][1]")]
    [TestCase("""{"a":[1,2],"b":^3}""", "b")]
    [TestCase("""{"a":{"b":1},"c":{"d":^1}}""", "c.d")]
    [TestCase("""[[1,2,3],^4]""", "[1]")]
    [TestCase("""[{"a":1},{"b":^1}]""", "[1].b")]
    [TestCase("""{"a":{"b":1^}}""", "a")]
    [TestCase("""{"a":[1^]}""", "a")]
    public void Names_the_value_at_a_place(string marked, string path) =>
        Assert.That(PathOf(marked), Is.EqualTo(path));

    [TestCase("""{"a":^[""", "a")]
    [TestCase("""{"a":^{""", "a")]
    [TestCase("""{"a":[^{""", "a[0]")]
    [TestCase("""{"a":[1,^""", "a[0]")]
    [TestCase("""{"a":{"b":^""", "a.b")]
    public void Names_the_last_value_of_a_text_that_breaks_off(string marked, string path) =>
        Assert.That(PathOf(marked), Is.EqualTo(path));

    private static string PathOf(string marked) =>
        JsonPath.At(
            new Utf8JsonReader(
                Encoding.UTF8.GetBytes(marked.Replace("^", "", StringComparison.Ordinal))
            ),
            marked.IndexOf('^', StringComparison.Ordinal)
        );
}
