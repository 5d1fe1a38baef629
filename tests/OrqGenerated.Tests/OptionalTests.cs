namespace OrqGenerated.Tests;

internal sealed class OptionalTests
{
    private static Optional<string?> Unset => default;
    private static readonly Optional<string?> Null = null;
    private static readonly Optional<string?> Set = "a";

    [Test]
    public void Unset_null_and_a_value_are_distinct()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Unset.IsSet, Is.False);
            Assert.That(Null.IsSet, Is.True);
            Assert.That(Null.Value, Is.Null);
            Assert.That(Set.IsSet, Is.True);
            Assert.That(Set.Value, Is.EqualTo("a"));
        });
    }

    [Test]
    public void Value_throws_when_unset() =>
        Assert.That(
            () => _ = Unset.Value,
            Throws.InvalidOperationException.With.Message.EqualTo("The optional value is unset.")
        );

    [Test]
    public void GetValueOrDefault_replaces_only_an_unset_value()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Unset.GetValueOrDefault(), Is.Null);
            Assert.That(Unset.GetValueOrDefault("b"), Is.EqualTo("b"));
            Assert.That(Null.GetValueOrDefault("b"), Is.Null);
            Assert.That(Set.GetValueOrDefault(), Is.EqualTo("a"));
            Assert.That(Set.GetValueOrDefault("b"), Is.EqualTo("a"));
            Assert.That(default(Optional<int>).GetValueOrDefault(), Is.Zero);
        });
    }

    [Test]
    public void TryGetValue_reports_whether_a_value_is_set()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Unset.TryGetValue(out _), Is.False);
            Assert.That(Null.TryGetValue(out var none), Is.True);
            Assert.That(none, Is.Null);
            Assert.That(Set.TryGetValue(out var value), Is.True);
            Assert.That(value, Is.EqualTo("a"));
        });
    }

    [Test]
    public void Equality_distinguishes_unset_null_and_a_value()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Unset, Is.EqualTo(default(Optional<string?>)));
            Assert.That(Unset == Null, Is.False);
            Assert.That(Null != Set, Is.True);
            Assert.That(Set == Optional.Of<string?>("a"), Is.True);
            Assert.That(Set.Equals((object)Optional.Of<string?>("a")), Is.True);
            Assert.That(Set.Equals((object)"a"), Is.False);
            Assert.That(Set.GetHashCode(), Is.EqualTo(Optional.Of<string?>("a").GetHashCode()));
            Assert.That(Unset.GetHashCode(), Is.Zero);
            Assert.That(Null.GetHashCode(), Is.Not.EqualTo(Unset.GetHashCode()));
            Assert.That(default(Optional<int>) == Optional.Of(0), Is.False);
        });
    }

    [Test]
    public void ToString_shows_the_state_but_never_the_value()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Unset.ToString(), Is.EqualTo("unset"));
            Assert.That(Null.ToString(), Is.EqualTo("null"));
            Assert.That(Set.ToString(), Is.EqualTo("set"));
        });
    }

    [Test]
    public void IfNotNull_leaves_null_unset()
    {
        string? name = null;
        int? number = null;
        Assert.Multiple(() =>
        {
            Assert.That(Optional.IfNotNull(name).IsSet, Is.False);
            Assert.That(Optional.IfNotNull(number).IsSet, Is.False);
            Assert.That(Optional.IfNotNull("a"), Is.EqualTo(Set));
            Assert.That(Optional.IfNotNull((int?)1).Value, Is.EqualTo(1));
            Assert.That(Optional.Of<string?>(null), Is.EqualTo(Null));
        });
    }
}
