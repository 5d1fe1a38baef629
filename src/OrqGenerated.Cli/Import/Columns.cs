namespace OrqGenerated.Cli.Import;

/// <summary>What to do with columns that are not fields, if they are not refused.</summary>
internal enum OtherColumns
{
    Ignore,
    Metadata,
}

/// <summary>Maps the names in the input, CSV columns or JSON names, to fields.</summary>
/// <param name="Map">The user's own mapping.</param>
/// <param name="Others">Null to refuse what is not a field.</param>
internal sealed record Columns(IReadOnlyDictionary<string, Target> Map, OtherColumns? Others = null)
{
    /// <summary>The fields of a contact, in their known spellings, and nothing else.</summary>
    public static Columns Strict { get; } = new(ParseMap([]));

    /// <param name="pairs"><c>COLUMN=FIELD</c> each.</param>
    /// <exception cref="CommandException">One of them is not, or names no field.</exception>
    public static Dictionary<string, Target> ParseMap(IEnumerable<string> pairs)
    {
        var map = new Dictionary<string, Target>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var equals = pair.LastIndexOf('=');
            if (equals < 1)
            {
                throw new CommandException($"--map {pair}: give COLUMN=FIELD, such as \"User Id=external_id\".");
            }

            var field = pair[(equals + 1)..];
            map[pair[..equals].Trim()] =
                Known(field)
                ?? throw new CommandException($"--map {pair}: there is no field {field}{Suggestion(field)} {Fields}");
        }

        return map;
    }

    /// <summary>The target of a name; null for one to leave out.</summary>
    /// <exception cref="FormatException">It has none; the message suggests one.</exception>
    public Target? Find(string name) =>
        Means(name) is { } target ? target
        : Others is OtherColumns.Metadata && name.Length > 0 ? new Target(ContactField.Metadata, name)
        : Others is OtherColumns.Ignore ? null
        : throw new FormatException($"\"{name}\" is not a field of a contact{Suggestion(name)}");

    /// <summary>Whether a column is a field by its name, blanks around it aside, or by the user's map.</summary>
    public bool IsField(string column) => Means(column.Trim()) is not null;

    /// <summary>The target of each column of a header; null for one to leave out.</summary>
    /// <exception cref="CommandException">They are not those of contacts.</exception>
    public List<Target?> TargetsOf(List<string> names)
    {
        List<Target?> targets;
        try
        {
            targets = [.. names.Select(Find)];
        }
        catch (FormatException e)
        {
            throw new CommandException(
                $"Column {e.Message} Use --map COLUMN=FIELD, or for all such columns --ignore-columns or "
                    + $"--metadata-columns. {Fields}"
            );
        }

        var twice = targets.Where(t => t is not null).GroupBy(t => t).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new CommandException($"Two columns are {twice.Key!.Name}: leave one out, or --map it.");
        }

        if (Map.Keys.FirstOrDefault(name => !names.Contains(name)) is { } lost)
        {
            throw new CommandException($"--map {lost}: there is no such column; there are {string.Join(", ", names)}.");
        }

        return targets.Contains(new Target(ContactField.Id))
            ? targets
            : throw new CommandException(
                "The column external_id is missing: --map COLUMN=external_id says which one it is, "
                    + "--delimiter what separates them."
            );
    }

    public static string Fields { get; } =
        $"The fields are {string.Join(", ", ContactField.All.Select(field => field.Name))}; and metadata.KEY.";

    /// <summary>The target that <see cref="Target.Name"/> names, or another spelling of it.</summary>
    public static Target? Known(string name) =>
        name.Split('.', 2) switch
        {
            [var map, { Length: > 0 } key] => FieldOf(map) is { IsMap: true } field ? new Target(field, key) : null,
            [_, _] => null,
            _ => FieldOf(name) is { } field ? new Target(field) : null,
        };

    private Target? Means(string name) => Map.GetValueOrDefault(name) ?? Known(name);

    // Case, blanks and punctuation do not matter. A field's own name comes first: one may be email_address some day.
    private static ContactField? FieldOf(string name)
    {
        var plain = Plain(name);
        return ContactField.All.FirstOrDefault(field => Plain(field.Name) == plain)
            ?? (plain == "emailaddress" ? FieldOf("email") : null);
    }

    // No field's name is as long.
    private static string Plain(string name) =>
        string.Concat(name.Where(char.IsLetterOrDigit).Take(64)).ToLowerInvariant();

    private static string Suggestion(string name)
    {
        var plain = Plain(name);
        var nearest = ContactField.All.MinBy(field => Distance(plain, Plain(field.Name)))!;
        return Distance(plain, Plain(nearest.Name)) <= 1 + (plain.Length / 4) ? $"; did you mean {nearest.Name}?" : ".";
    }

    // How many letters one has and the other has not: nothing for two that are swapped.
    private static int Distance(string one, string other) =>
        one.Union(other).Sum(letter => Math.Abs(one.Count(c => c == letter) - other.Count(c => c == letter)));
}
