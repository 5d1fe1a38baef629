using System.Globalization;
using System.Text;

namespace OrqGenerated.Refresh;

/// <summary>How names of the document become C# names, and how two that would collide are kept apart.</summary>
internal static class Names
{
    /// <summary><c>external_id</c> to <c>ExternalId</c>, <c>_id</c> to <c>Id</c>; the same again for its own results.</summary>
    public static string Pascal(string name)
    {
        var pascal = new StringBuilder(name.Length);
        var startsWord = true;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                startsWord = true;
                continue;
            }

            pascal.Append(startsWord ? char.ToUpperInvariant(c) : c);
            startsWord = false;
        }

        return pascal.Length == 0 ? "Value"
            : char.IsAsciiDigit(pascal[0]) ? "N" + pascal
            : pascal.ToString();
    }

    /// <summary>The name itself, or <c>FileModel</c> for <c>File</c> and whatever else has another meaning already.</summary>
    public static string ForClass(string name) =>
        ReservedNames.Contains(name) ? name + "Model" : name;

    /// <summary>The name itself, or with the first number from 2 that makes it new; it is then taken.</summary>
    public static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var n = 2; !taken.Add(unique); n++)
        {
            unique = name + n.ToString(CultureInfo.InvariantCulture);
        }

        return unique;
    }
}
