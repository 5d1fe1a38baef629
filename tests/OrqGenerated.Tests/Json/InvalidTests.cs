namespace OrqGenerated.Tests.Json;

/// <summary>What the document does not allow, as it is told to the caller.</summary>
internal sealed class InvalidTests
{
    [TestCase("", "body must not be null. (Parameter 'body')")]
    [TestCase("tags[1]", "tags[1] must not be null. (Parameter 'body')")]
    public void Names_the_place_or_else_the_parameter(string path, string message) =>
        Assert.That(
            new Invalid(path, "must not be null").ToException("body").Message,
            Is.EqualTo(message)
        );

    [TestCase(null, 1, 2, null)]
    [TestCase("", 0, 0, null)]
    [TestCase("", 1, 2, "must have at least 1 characters, but has 0")]
    [TestCase("a", 1, 2, null)]
    [TestCase("ab", 1, 2, null)]
    [TestCase("abc", 1, 2, "must have at most 2 characters, but has 3")]
    [TestCase("😀", 2, 3, "must have at least 2 characters, but has 1")]
    [TestCase("😀😀", 2, 3, null)]
    [TestCase("😀😀😀", 2, 3, null)]
    [TestCase("😀😀😀😀", 2, 3, "must have at most 3 characters, but has 4")]
    public void Counts_code_points(string? text, int minimum, int maximum, string? rule) =>
        Assert.That(
            Invalid.Length(text, "name", minimum, maximum),
            Is.EqualTo(rule is null ? null : new Invalid("name", rule))
        );
}
