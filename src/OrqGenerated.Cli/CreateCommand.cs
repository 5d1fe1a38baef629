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
    private readonly List<FieldOption> _fields = [.. ContactField.All.Select(field => new FieldOption(field))];

    public CreateCommand(Terminal terminal)
        : base("create", "Creates or updates one contact and prints it as JSON.", Examples)
    {
        _terminal = terminal;
        Add(_fields.SelectMany(field => field.Options));
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
            foreach (var field in _fields)
                field.Set(contact, parsed);

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
            await using var input = new InputFile(file, _terminal.Input);
            var text = await input.StartAsync(cancellationToken);
            using var json = new MemoryStream();
            // Reading from a terminal cannot be cancelled, but waiting for it can.
            await text.CopyToAsync(json, cancellationToken).WaitAsync(cancellationToken);
            new JsonFormat(Columns.Strict).Fill(contact, json.ToArray());
        }
        catch (Exception e) when (e is FormatException or CommandException || InputFile.IsReadError(e))
        {
            throw new CommandException($"--json {(file == "-" ? "standard input" : file)}: {e.Message}");
        }
    }

    /// <summary>The flags of one field.</summary>
    private sealed class FieldOption
    {
        private readonly ContactField _field;
        private readonly Option<string[]> _value;
        private readonly Option<bool>? _clear;

        public FieldOption(ContactField field)
        {
            _field = field;
            var name = field.Name.Replace('_', '-');
            var (flag, value, description) = field switch
            {
                { IsList: true } => (name.TrimEnd('s'), "TEXT", $"One of the {name}; repeatable."),
                { IsMap: true } => (
                    name,
                    "KEY=JSON",
                    $"An entry of {name}, its value as JSON, such as level=3 or 'team=\"blue\"'; repeatable."
                ),
                _ when field == ContactField.Id => (name, "TEXT", $"Sets {field.Name}, the key of the contact."),
                _ => (name, field.IsText ? "TEXT" : "JSON", $"Sets {field.Name}."),
            };
            _value = Values.Texts($"--{flag}", value, description);
            _clear = field.IsNullable
                ? Values.Flag($"--clear-{name}", $"Sets {field.Name} to null, which removes it.")
                : null;
        }

        public IEnumerable<Option> Options => _clear is null ? [_value] : [_value, _clear];

        public void Set(ContactBuilder contact, ParseResult parsed)
        {
            var values = parsed.GetValue(_value) ?? [];
            if (_clear is not null && parsed.GetValue(_clear))
            {
                if (values.Length > 0)
                    throw new CommandException($"{_value.Name} and {_clear.Name}: give one of them.");

                contact.Set(new Target(_field), ContactJson.Null);
            }
            else if (_field.IsMap)
            {
                foreach (var entry in values)
                    SetEntry(contact, entry);
            }
            else if (values.Length > 0)
            {
                var json = _field.IsList ? JsonSerializer.SerializeToElement(values) : _field.FromText(values[^1]);
                contact.Set(new Target(_field), json);
            }
        }

        private void SetEntry(ContactBuilder contact, string entry)
        {
            if (entry.Split('=', 2) is not [{ Length: > 0 } key, var json])
                throw new CommandException($"{_value.Name}: give KEY=JSON, such as level=3.");

            var value = ContactJson.Parse(Encoding.UTF8.GetBytes(json), $"{_field.Name} {key}");
            contact.Set(new Target(_field, key), value);
        }
    }
}
