namespace OrqGenerated.Internal;

/// <summary>A value that the document does not allow: where it is, and which rule it breaks. Never the value itself.</summary>
internal sealed record Invalid(string Path, string Rule)
{
    /// <summary>The same as seen from the object around it.</summary>
    public Invalid Under(string parent) => this with { Path = JsonPath.Join(parent, Path) };

    public ArgumentException ToException(string parameter) =>
        new($"{(Path.Length == 0 ? parameter : Path)} {Rule}.", parameter);

    /// <summary>Checks a text's length in code points, as JSON Schema counts it.</summary>
    public static Invalid? Length(string? text, string name, int minimum, int maximum)
    {
        // A text has at most as many code points as UTF-16 units, and at least half as many.
        if (text is null || (text.Length <= maximum && text.Length >= 2 * minimum))
        {
            return null;
        }

        var length = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
            {
                length--;
            }
        }

        return length < minimum
                ? new Invalid(name, $"must have at least {minimum} characters, but has {length}")
            : length > maximum
                ? new Invalid(name, $"must have at most {maximum} characters, but has {length}")
            : null;
    }

    /// <summary>Refuses null where the document allows none.</summary>
    public static Invalid? Null(object? value, string name) =>
        value is null ? new Invalid(name, "must not be null") : null;
}
