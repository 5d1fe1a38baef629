namespace OrqGenerated.Cli.Import;

/// <summary>What to do with columns that are not fields, instead of refusing them.</summary>
internal enum OtherColumns
{
    Ignore,
    Metadata,
}

/// <summary>Maps CSV columns or JSON names to fields.</summary>
/// <param name="Map">The user's own mapping, from <c>--map</c>.</param>
/// <param name="Others">Null to refuse names that are not fields.</param>
internal sealed record Columns(IReadOnlyDictionary<string, ContactField> Map, OtherColumns? Others = null)
{
    /// <summary>The fields of a contact in their known spellings, and nothing else.</summary>
    public static Columns Strict { get; } = new(ParseMap([]));

    /// <param name="pairs">Strings of the form <c>COLUMN=FIELD</c>.</param>
    /// <exception cref="CommandException">One has another form, names no field, or repeats a column.</exception>
    public static Dictionary<string, ContactField> ParseMap(IEnumerable<string> pairs)
    {
        var map = new Dictionary<string, ContactField>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var equals = pair.LastIndexOf('=');
            if (equals < 1)
                throw new CommandException($"--map {pair}: give COLUMN=FIELD, such as \"User Id=external_id\".");

            var name = pair[(equals + 1)..];
            var field =
                Known(name)
                ?? throw new CommandException($"--map {pair}: there is no field {name}{Suggestion(name)} {Fields}");
            if (!map.TryAdd(pair[..equals].Trim(), field))
                throw new CommandException($"--map {pair}: this column is mapped twice.");
        }

        return map;
    }

    /// <summary>The field of a name; null if it is to be left out.</summary>
    /// <exception cref="FormatException">It has none; the message suggests one.</exception>
    public ContactField? Find(string name) =>
        KnownOrMapped(name) is { } field ? field
        : Others is OtherColumns.Metadata && name.Length > 0 ? ContactField.Metadata with { Key = name }
        : Others is OtherColumns.Ignore ? null
        : throw new FormatException($"\"{name}\" is not a field of a contact{Suggestion(name)}");

    /// <summary>Whether a column, trimmed, is a field by its name or by the user's map.</summary>
    public bool IsField(string column) => KnownOrMapped(column.Trim()) is not null;

    /// <summary>The field of each column of a header; null if it is to be left out.</summary>
    /// <exception cref="CommandException">A column is unknown or missing, or a field has two.</exception>
    public List<ContactField?> FieldsOf(List<string> names)
    {
        List<ContactField?> fields;
        try
        {
            fields = [.. names.Select(Find)];
        }
        catch (FormatException e)
        {
            throw new CommandException(
                $"Column {e.Message} Use --map COLUMN=FIELD, or for all such columns --ignore-columns or "
                    + $"--metadata-columns. {Fields}"
            );
        }

        var counts = fields.OfType<ContactField>().CountBy(field => field);
        if (counts.FirstOrDefault(count => count.Value > 1).Key is { } duplicate)
            throw new CommandException($"Two columns are {duplicate.Name}: leave one out, or --map it.");

        if (Map.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unused)
        {
            throw new CommandException(
                $"--map {unused}: there is no such column; there are {string.Join(", ", names)}."
            );
        }

        return fields.Contains(ContactField.Id)
            ? fields
            : throw new CommandException(
                "The column external_id is missing: --map COLUMN=external_id says which one it is, "
                    + "--delimiter what separates them."
            );
    }

    /// <summary>The field with this <see cref="ContactField.Name"/> or another spelling of it.</summary>
    public static ContactField? Known(string name) =>
        name.Split('.', 2) switch
        {
            [var map, { Length: > 0 } key] => FieldOf(map) is { IsMap: true } field ? field with { Key = key } : null,
            [_, _] => null,
            _ => FieldOf(name),
        };

    private static string Fields { get; } =
        $"The fields are {string.Join(", ", ContactField.All.Select(field => field.Name))}; and metadata.KEY.";

    private ContactField? KnownOrMapped(string name) => Map.GetValueOrDefault(name) ?? Known(name);

    // Fields first: the API may add an email_address.
    private static ContactField? FieldOf(string name)
    {
        var normalized = Normalized(name);
        return ContactField.All.FirstOrDefault(field => Normalized(field.Name) == normalized)
            ?? (normalized == "emailaddress" ? FieldOf("email") : null);
    }

    // Ignores case, spaces and punctuation. No field's name has 64 letters.
    private static string Normalized(string name) =>
        string.Concat(name.Where(char.IsLetterOrDigit).Take(64)).ToLowerInvariant();

    private static string Suggestion(string name)
    {
        var normalized = Normalized(name);
        var (field, distance) = ContactField
            .All.Select(field => (field, Distance: Distance(normalized, Normalized(field.Name))))
            .MinBy(candidate => candidate.Distance);
        return distance <= 1 + (normalized.Length / 4) ? $"; did you mean {field.Name}?" : ".";
    }

    // The number of letters that only one of them has; swapped letters cost nothing.
    private static int Distance(string one, string other) =>
        one.Union(other).Sum(letter => Math.Abs(one.Count(c => c == letter) - other.Count(c => c == letter)));
}
