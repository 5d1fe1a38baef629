using System.Globalization;
using System.Text;

namespace OrqGenerated.Refresh;

/// <summary>How names of the document become C# names, and how two that would collide are kept apart.</summary>
internal static class Names
{
    /// <summary>Names that would hide a type which generated code uses.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Action",
        "Array",
        "Attribute",
        "BigInteger",
        "Boolean",
        "Buffer",
        "Byte",
        "CancellationToken",
        "Char",
        "Convert",
        "DateOnly",
        "DateTime",
        "DateTimeOffset",
        "Decimal",
        "Dictionary",
        "Double",
        "Encoding",
        "Enum",
        "Environment",
        "Exception",
        "File",
        "Func",
        "Guid",
        "HttpClient",
        "HttpContent",
        "HttpMethod",
        "Index",
        "Int32",
        "Int64",
        "JsonReader",
        "JsonToken",
        "JsonWriter",
        "Lazy",
        "List",
        "Math",
        "Nullable",
        "Object",
        "Optional",
        "Path",
        "Random",
        "Range",
        "RetryConfig",
        "BackoffStrategy",
        "RetryStrategy",
        "Span",
        "Stream",
        "String",
        "StringComparer",
        "StringComparison",
        "Task",
        "Thread",
        "TimeSpan",
        "TimeProvider",
        "Timer",
        "Tuple",
        "Type",
        "Uri",
        "ValueTask",
        "Version",
        "Void",
    };

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

    /// <summary>The name itself, or <c>FileModel</c> for <c>File</c> and others that would hide a type of .NET.</summary>
    public static string ForClass(string name) => Reserved.Contains(name) ? name + "Model" : name;

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
