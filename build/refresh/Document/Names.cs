using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OrqGenerated.Refresh;

/// <summary>Turns names of the document into C# names.</summary>
internal static class Names
{
    private static readonly Regex Word = new("[A-Za-z0-9]+", RegexOptions.NonBacktracking);

    /// <summary>Names that already have a meaning where the library is compiled; a test writes the list.</summary>
    private static readonly HashSet<string> Reserved = ReadReserved();

    /// <summary><c>external_id</c> to <c>ExternalId</c>, <c>_id</c> to <c>Id</c>; idempotent.</summary>
    public static string Pascal(string name) => Pascal(name, "Value");

    /// <summary>
    /// Makes the name unique: reserved ones get a suffix, as in <c>FileModel</c>, and taken ones a number. Marks
    /// the result and the name of its codec as taken.
    /// </summary>
    public static string ForClass(string name, HashSet<string> taken) =>
        Unique(Reserved.Contains(name) ? name + "Model" : name, taken, suffix: "Codec");

    /// <summary>Whether a name contains a line break, or a character that YAML, XML or C# cannot contain.</summary>
    public static bool BreaksLines(string name) =>
        name.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFFFE' or '\uFFFF');

    /// <summary>The tag, with a suffix if the name of its client is reserved.</summary>
    public static string ForTag(string tag)
    {
        var name = Pascal(tag);
        return Reserved.Contains(name + "Client") || Reserved.Contains($"I{name}Client") ? name + "Api" : name;
    }

    /// <summary>
    /// The members of a class by C# name, named as in build/templates/OrqName.liquid: numbered in the document's order
    /// if names collide.
    /// </summary>
    public static Dictionary<string, T> Members<T>(
        IEnumerable<T> members,
        Func<T, string> wireName,
        IEnumerable<string> taken
    )
    {
        var names = taken
            .Concat(["Equals", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString", "Finalize"])
            .ToHashSet(StringComparer.Ordinal);
        return members.ToDictionary(m => Unique(Member(wireName(m)), names), StringComparer.Ordinal);
    }

    /// <summary>
    /// Removes the prefix of Protocol Buffers from an enum value, as build/templates/Enum.liquid does: <c>Daily</c> for
    /// <c>BUDGET_PERIOD_DAILY</c> of <c>BudgetPeriod</c>.
    /// </summary>
    public static string OfEnum(string value, string type)
    {
        if (!value.Contains('_') || value.Any(char.IsLower))
            return value;

        var name = Member(value.ToLowerInvariant());
        return name.Length > type.Length && name.StartsWith(type, StringComparison.Ordinal)
            ? name[type.Length..]
            : name;
    }

    /// <summary>Appends the first number from 2 that makes the name unique, if needed, and takes it.</summary>
    private static string Unique(string name, HashSet<string> taken, string suffix = "")
    {
        var unique = name;
        for (var n = 2; taken.Contains(unique) || taken.Contains(unique + suffix); n++)
            unique = name + n.ToString(CultureInfo.InvariantCulture);

        taken.UnionWith([unique, unique + suffix]);
        return unique;
    }

    private static string Member(string name)
    {
        var spelled = new StringBuilder(name)
            .Replace("+", "_Plus_")
            .Replace("!", "_Not_")
            .Replace("=", "_Equal_")
            .Replace("<", "_Less_")
            .Replace(">", "_Greater_")
            .Replace("%", "_Percent_");
        return Pascal(spelled.ToString(), "N");
    }

    private static string Pascal(string name, string ifEmpty)
    {
        var pascal = string.Concat(Word.Matches(name).Select(w => char.ToUpperInvariant(w.Value[0]) + w.Value[1..]));
        return pascal.Length == 0 ? ifEmpty
            : char.IsAsciiDigit(pascal[0]) ? "N" + pascal
            : pascal;
    }

    private static HashSet<string> ReadReserved()
    {
        using var stream = typeof(Names).Assembly.GetManifestResourceStream("ReservedNames.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split((char[]?)null).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}
