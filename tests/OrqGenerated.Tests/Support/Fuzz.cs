using System.Globalization;
using System.Text;

namespace OrqGenerated.Tests.Support;

/// <summary>
/// Trials with random input that is the same in every run, so that only a change of the code makes a test fail. Set
/// <c>ORQ_FUZZ_SEED</c> for other inputs and <c>ORQ_FUZZ_COUNT</c> for another number of trials. Each trial has its own
/// seed, which a failure names.
/// </summary>
internal static class Fuzz
{
    /// <summary>Pieces of text that break parsers.</summary>
    private static readonly string[] Pieces =
    [
        "null",
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        ":",
        "\\",
        "\\ud800",
        "\\u0000",
        "\0",
        "\r\n",
        "\t",
        ";",
        "|",
        "\uFEFF",
        "é",
        "1e999",
        "-0",
        "99999999999999999999",
        "0.1",
        "true",
        "{}",
        "[]",
        "\"\"",
        "$ref",
        "*a",
        "&a",
        "<<: ",
        "- ",
        "#",
    ];

    /// <summary>The seed of the first trial.</summary>
    public static int FirstSeed { get; } = Setting("ORQ_FUZZ_SEED") ?? 1;

    public static async Task RunAsync(int count, Func<Random, Task> trial)
    {
        count = Setting("ORQ_FUZZ_COUNT") ?? count;
        await TestContext.Out.WriteLineAsync($"ORQ_FUZZ_SEED={FirstSeed}, {count} trials");
        for (var seed = FirstSeed; count > 0; seed = unchecked(seed + 1), count--)
        {
            try
            {
                await trial(new Random(seed));
            }
            catch (Exception exception)
            {
                throw new AssertionException($"ORQ_FUZZ_SEED={seed} repeats this failure: {exception}", exception);
            }
        }
    }

    public static T Pick<T>(this Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public static bool Happens(this Random random, double probability) => random.NextDouble() < probability;

    /// <summary>The text with up to eight random changes, as bytes that may no longer be UTF-8.</summary>
    public static byte[] Mutate(this Random random, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        for (var changes = random.Next(9); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0 when length > 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    bytes.InsertRange(
                        at,
                        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(random.Pick(Pieces), 80)))
                    );
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(random.Pick(Pieces)));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>The text with up to eight lines removed, repeated, swapped, indented or given another value.</summary>
    public static string MutateLines(this Random random, string text)
    {
        var lines = text.Split('\n').ToList();
        for (var changes = random.Next(1, 9); changes > 0 && lines.Count > 0; changes--)
        {
            var (line, other) = (random.Next(lines.Count), random.Next(lines.Count));
            switch (random.Next(5))
            {
                case 0:
                    lines.RemoveAt(line);
                    break;
                case 1:
                    lines.Insert(other, lines[line]);
                    break;
                case 2:
                    (lines[line], lines[other]) = (lines[other], lines[line]);
                    break;
                case 3:
                    lines[line] = random.Happens(0.5) ? $"  {lines[line]}" : lines[line].TrimStart();
                    break;
                default:
                    var colon = lines[line].IndexOf(": ", StringComparison.Ordinal);
                    lines[line] = $"{lines[line][..(colon < 0 ? 0 : colon + 2)]}{random.Pick(Pieces)}";
                    break;
            }
        }

        return string.Join('\n', lines);
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? int.Parse(value, CultureInfo.InvariantCulture)
            : null;
}
