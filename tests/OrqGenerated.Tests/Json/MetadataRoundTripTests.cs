using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using OrqGenerated.Tests.Support;
using Map = System.Collections.Generic.IReadOnlyDictionary<string, object?>;

namespace OrqGenerated.Tests.Json;

/// <summary>Random metadata and numbers are the same after a round trip.</summary>
internal sealed class MetadataRoundTripTests
{
    [SeededProperty(Arbitrary = new[] { typeof(Generators) }, MaxTest = 500)]
    public async Task Metadata_survives_a_round_trip(Metadata sent)
    {
        var json = await Wire.JsonOfAsync(sent.Value);

        var received = await Wire.ReadValueAsync(json);

        Assert.That(IsSame(sent.Value, received), Is.True, () => $"sent as {json}");
    }

    [SeededProperty(Arbitrary = new[] { typeof(Generators) }, MaxTest = 1000)]
    public async Task A_number_is_read_exactly_if_a_type_can_hold_it(NumberText number)
    {
        var value = await Wire.ReadValueAsync(number.Text);

        switch (value)
        {
            case long or BigInteger:
                Assert.That(Convert.ToString(value, CultureInfo.InvariantCulture), Is.EqualTo(number.Text));
                break;
            case decimal exact:
                Assert.That(Canonical(Text(exact)), Is.EqualTo(Canonical(number.Text)));
                break;
            case double nearest:
                Assert.That(
                    BitConverter.DoubleToInt64Bits(nearest),
                    Is.EqualTo(BitConverter.DoubleToInt64Bits(double.Parse(number.Text, CultureInfo.InvariantCulture)))
                );
                Assert.That(
                    nearest == 0 || Canonical(Text(Nearest(number.Text))) != Canonical(number.Text),
                    Is.True,
                    "a decimal would have been exact"
                );
                break;
            default:
                Assert.Fail($"{number.Text} was read as {value?.GetType().Name ?? "null"}");
                break;
        }
    }

    /// <summary>
    /// Equal as far as JSON can tell: its numbers are decimal fractions, and its strings have no lone surrogates.
    /// </summary>
    private static bool IsSame(object? sent, object? received) =>
        (sent, received) switch
        {
            (null, null) => true,
            (bool left, bool right) => left == right,
            (string left, string right) => WithoutLoneSurrogates(left) == right,
            (Map left, Map right) => IsSameMap(left, right),
            (IReadOnlyList<object?> left, IReadOnlyList<object?> right) => left.Count == right.Count
                && left.Zip(right).All(p => IsSame(p.First, p.Second)),
            (double left, decimal right) => left == double.Parse(Text(right), CultureInfo.InvariantCulture),
            (double left, double right) => left.Equals(right),
            (decimal left, decimal right) => left == right,
            (long or BigInteger, long or BigInteger) => sent.ToString() == received.ToString(),
            _ => false,
        };

    private static bool IsSameMap(Map sent, Map received)
    {
        // Names that differ only in lone surrogates become one; the last wins.
        var expected = sent.GroupBy(entry => WithoutLoneSurrogates(entry.Key)).ToList();
        return expected.Count == received.Count
            && expected.TrueForAll(entries => IsSame(entries.Last().Value, received[entries.Key]));
    }

    private static string WithoutLoneSurrogates(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static decimal Nearest(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>The canonical form of a number: its digits without zeros at either end, and a power of ten.</summary>
    private static string Canonical(string number)
    {
        var parts = number.ToUpperInvariant().Split('E');
        var exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var mantissa = parts[0].TrimStart('-').Split('.');
        var digits = string.Concat(mantissa);
        exponent -= mantissa.Length > 1 ? mantissa[1].Length : 0;
        var trimmed = digits.TrimEnd('0');
        exponent += digits.Length - trimmed.Length;
        trimmed = trimmed.TrimStart('0');
        return trimmed.Length == 0 ? "0" : $"{number[0] == '-'} {trimmed} {exponent}";
    }

    internal sealed record Metadata(object? Value);

    internal sealed record NumberText(string Text);

    internal static class Generators
    {
        private static readonly string[] NamedTexts =
        [
            "",
            "2024-01-15T10:30:00Z",
            "\ud800",
            "\udc00x",
            "😀",
            "e\u0301",
            "\0\u0001\u001f\u007f\u2028\ufffe\uffff",
            "$type",
            "\"\\/",
            "1e400",
        ];

        private static readonly Gen<string> Texts = Gen.OneOf(
            Gen.Elements(NamedTexts),
            Gen.ArrayOf(Gen.Choose(0, 0xFFFF).Select(c => (char)c)).Select(c => new string(c))
        );

        private static readonly Gen<object?> Leaves = Gen.OneOf(
            Gen.Constant<object?>(null),
            Texts.Select(t => (object?)t),
            ArbMap.Default.GeneratorFor<bool>().Select(b => (object?)b),
            ArbMap.Default.GeneratorFor<long>().Select(n => (object?)n),
            ArbMap.Default.GeneratorFor<decimal>().Select(n => (object?)n),
            ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite).Select(n => (object?)n),
            Gen.Elements<object?>(-0.0, 1e300, double.Epsilon, double.MaxValue, long.MinValue),
            Gen.Choose(64, 300).Select(n => (object?)(BigInteger.Pow(2, n) * BigInteger.MinusOne))
        );

        public static Arbitrary<Metadata> Metadata() =>
            Gen.Sized(size => Values(Math.Min(size, 4))).Select(v => new Metadata(v)).ToArbitrary();

        public static Arbitrary<NumberText> Numbers() =>
            (
                from sign in Gen.Elements("", "-")
                from whole in Digits(1, 32)
                from fraction in Gen.OneOf(Gen.Constant(""), Digits(1, 32).Select(digits => "." + digits))
                from exponent in Gen.OneOf(
                    Gen.Constant(""),
                    Gen.Choose(-40, 40).Select(e => $"e{e}"),
                    Gen.Choose(0, 40).Select(e => $"E+{e}")
                )
                let text = whole.TrimStart('0')
                let integer = text.Length == 0 ? "0" : text
                let isNegativeZero = integer == "0" && fraction.Trim('.', '0').Length == 0
                select new NumberText((isNegativeZero ? "" : sign) + integer + fraction + exponent)
            ).ToArbitrary();

        private static Gen<object?> Values(int depth) =>
            depth == 0
                ? Leaves
                : Gen.OneOf(
                    Leaves,
                    Gen.ListOf(Values(depth - 1)).Select(l => (object?)l.Take(5).ToList()),
                    Gen.ListOf(Gen.Zip(Texts, Values(depth - 1)))
                        .Select(l =>
                            (object?)l.Take(5).GroupBy(p => p.Item1).ToDictionary(p => p.Key, p => p.First().Item2)
                        )
                );

        private static Gen<string> Digits(int shortest, int longest) =>
            from length in Gen.Choose(shortest, longest)
            from digits in Gen.ArrayOf(Gen.Choose('0', '9').Select(d => (char)d), length)
            select new string(digits);
    }
}
