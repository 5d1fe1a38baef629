using System.CommandLine;
using System.Text;
using System.Text.Json;
using OrqGenerated.Cli.Import;

namespace OrqGenerated.Cli;

/// <summary><c>create</c>: one contact from flags, from JSON, or from both.</summary>
internal sealed class CreateCommand : DocumentedCommand
{
    private const string Examples = """
        Examples:
          orq-contacts create --external-id user_1 --display-name "Jane Smith" --tag premium
          orq-contacts create --external-id user_1 --clear-email --metadata level=3 --metadata 'team="blue"'
          orq-contacts create --json contact.json
        """;

    private static readonly JsonSerializerOptions Indented = new(ContactJson.Plain) { WriteIndented = true };

    private readonly Terminal _terminal;

    public CreateCommand(Terminal terminal)
        : base("create", "Creates or updates one contact and prints it as JSON.", Examples)
    {
        _terminal = terminal;
        Add(ContactField.All.SelectMany(OptionsOf));
        Add(Values.Text("--json", "FILE|-", "The contact as JSON; - for standard input. Other flags override it."));
        Add(Connection.Options);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var contact = await ReadAsync(parsed, cancellationToken);
        var log = new CallLog(_terminal.Say, parsed.GetValue<bool>("--verbose"), everyRetry: true);
        await using var connection = await Connection.OpenAsync(parsed, _terminal.ApiKey, log, cancellationToken);
        var created = await connection.Client.CreateContactAsync(contact, cancellationToken: cancellationToken);
        await _terminal.WriteAsync(JsonSerializer.Serialize(created, Indented));
        return ExitCode.Done;
    }

    private async Task<CreateContactRequestBody> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var contact = new ContactBuilder();
        if (parsed.GetValue<string>("--json") is { } file)
            await ReadFileAsync(file, contact, cancellationToken);

        try
        {
            foreach (var field in ContactField.All)
                Set(field, contact, parsed);

            return contact.Build();
        }
        catch (FormatException e)
        {
            throw new CommandException($"--{e.Message.Replace('_', '-')}");
        }
    }

    private async Task ReadFileAsync(string file, ContactBuilder contact, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = await InputFile.OpenAsync(file, _terminal.Input, cancellationToken);
            var text = await input.StartAsync(cancellationToken);
            using var json = new MemoryStream();
            await text.CopyToAsync(json, cancellationToken);
            new JsonFormat(Columns.Strict).Fill(contact, json.ToArray());
        }
        catch (Exception e) when (e is FormatException or CommandException || InputFile.IsReadError(e))
        {
            throw new CommandException($"--json {(file == "-" ? "standard input" : file)}: {e.Message}");
        }
    }

    private static string FlagOf(ContactField field) =>
        "--" + (field.IsList ? field.Name.TrimEnd('s') : field.Name).Replace('_', '-');

    private static string ClearFlagOf(ContactField field) => "--clear-" + field.Name.Replace('_', '-');

    private static IEnumerable<Option> OptionsOf(ContactField field)
    {
        var flag = FlagOf(field);
        yield return field switch
        {
            { IsList: true } => Values.Texts(flag, "TEXT", $"One of the {field.Name}; repeatable."),
            { IsMap: true } => Values.Texts(
                flag,
                "KEY=JSON",
                $"An entry of {field.Name}, its value as JSON, such as level=3 or 'team=\"blue\"'; repeatable."
            ),
            _ when field == ContactField.Id => Values.Text(flag, "TEXT", $"Sets {field.Name}, the key of the contact."),
            _ => Values.Text(flag, field.IsText ? "TEXT" : "JSON", $"Sets {field.Name}."),
        };
        if (field.IsNullable)
            yield return Values.Flag(ClearFlagOf(field), $"Sets {field.Name} to null, which removes it.");
    }

    private static void Set(ContactField field, ContactBuilder contact, ParseResult parsed)
    {
        var values = parsed.GetResult(FlagOf(field))?.Tokens.Select(token => token.Value).ToList() ?? [];
        if (field.IsNullable && parsed.GetValue<bool>(ClearFlagOf(field)))
        {
            if (values.Count > 0)
                throw new CommandException($"{FlagOf(field)} and {ClearFlagOf(field)}: give one of them.");

            contact.Set(field, ContactJson.Null);
        }
        else if (field.IsMap)
        {
            foreach (var entry in values)
                SetEntry(field, contact, entry);
        }
        else if (values.Count > 0)
        {
            contact.Set(field, field.IsList ? JsonSerializer.SerializeToElement(values) : field.FromText(values[0]));
        }
    }

    private static void SetEntry(ContactField field, ContactBuilder contact, string entry)
    {
        if (entry.Split('=', 2) is not [{ Length: > 0 } key, var json])
            throw new CommandException($"{FlagOf(field)}: give KEY=JSON, such as level=3.");

        var value = ContactJson.Parse(Encoding.UTF8.GetBytes(json), $"{field.Name} {key}");
        contact.Set(field with { Key = key }, value);
    }
}
