using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrqGenerated.Cli.Import;

namespace OrqGenerated.Cli;

/// <summary><c>create</c>: one contact from flags, from JSON, or from both.</summary>
internal sealed class CreateCommand
{
    private const string Description = "Creates or updates one contact and prints it as JSON.";

    private const string Notes = """
        Examples:
          orq-contacts create --external-id user_1 --display-name "Jane Smith" --tag premium
          orq-contacts create --external-id user_1 --clear-email --metadata level=3 --metadata 'team="blue"'
          orq-contacts create --json contact.json
        """;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly List<FieldOption> _fields = [.. ContactField.All.Select(field => new FieldOption(field))];

    private readonly Option<string?> _json = new("--json")
    {
        Description = "The whole contact as JSON, from a file or - for standard input; the other flags win over it.",
        HelpName = "FILE|-",
    };

    private readonly ConnectionOptions _connection = new();

    public static Command Build(Terminal terminal)
    {
        var create = new CreateCommand();
        var command = new DocumentedCommand("create", Description, Notes);
        foreach (var option in create._fields.SelectMany(field => field.Options))
        {
            command.Add(option);
        }

        command.Add(create._json);
        create._connection.AddTo(command);
        command.SetAction((parsed, cancellationToken) => create.RunAsync(parsed, terminal, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var contact = await ReadAsync(parsed, terminal, cancellationToken);
        var log = new CallLog(terminal.Say, parsed.GetValue(_connection.Verbose), everyRetry: true);
        await using var connection = await _connection.OpenAsync(parsed, terminal, log, cancellationToken);
        var created = await connection.Client.CreateContactAsync(contact, cancellationToken: cancellationToken);
        await terminal.Output.WriteLineAsync(JsonSerializer.Serialize(created, Indented));
        return ExitCode.Done;
    }

    private async Task<CreateContactRequestBody> ReadAsync(
        ParseResult parsed,
        Terminal terminal,
        CancellationToken cancellationToken
    )
    {
        var contact = new ContactBuilder();
        if (parsed.GetValue(_json) is { } file)
        {
            var json = await ReadFileAsync(file, terminal, cancellationToken);
            try
            {
                new JsonFormat(Columns.Strict).Fill(contact, json);
            }
            catch (FormatException e)
            {
                throw new CommandException($"--json {(file == "-" ? "standard input" : file)}: {e.Message}");
            }
        }

        try
        {
            foreach (var field in _fields)
            {
                field.Set(contact, parsed);
            }

            return contact.Build();
        }
        catch (FormatException e)
        {
            throw new CommandException($"--{e.Message.Replace('_', '-')}");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadFileAsync(
        string file,
        Terminal terminal,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var bytes = new MemoryStream();
            await using var input = file == "-" ? terminal.Input : File.OpenRead(file);
            // A read of a terminal cannot be cancelled, but the wait for it can.
            await input.CopyToAsync(bytes, cancellationToken).WaitAsync(cancellationToken);
            var json = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
            return json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--json {file}: {e.Message}");
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
                { IsText: true } => (name, "TEXT", $"Sets {field.Name}."),
                _ => (name, "JSON", $"Sets {field.Name}."),
            };
            _value = new($"--{flag}") { Description = description, HelpName = value };
            _clear = field.IsNullable
                ? new($"--clear-{name}") { Description = $"Sets {field.Name} to null, which removes it." }
                : null;
        }

        public IEnumerable<Option> Options => _clear is null ? [_value] : [_value, _clear];

        public void Set(ContactBuilder contact, ParseResult parsed)
        {
            var values = parsed.GetValue(_value) ?? [];
            if (_clear is not null && parsed.GetValue(_clear))
            {
                if (values.Length > 0)
                {
                    throw new CommandException($"{_value.Name} and {_clear.Name}: give one of them.");
                }

                contact.Set(new Target(_field), ContactField.Null);
            }
            else if (_field.IsMap)
            {
                SetEntries(contact, values);
            }
            else if (values.Length > 0)
            {
                contact.Set(
                    new Target(_field),
                    _field.IsList ? JsonSerializer.SerializeToElement(values) : _field.FromText(values[^1])
                );
            }
        }

        private void SetEntries(ContactBuilder contact, string[] entries)
        {
            foreach (var entry in entries)
            {
                var equals = entry.IndexOf('=', StringComparison.Ordinal);
                if (equals < 1)
                {
                    throw new CommandException($"{_value.Name}: give KEY=JSON, such as level=3.");
                }

                var key = entry[..equals];
                contact.Set(
                    new Target(_field, key),
                    ContactField.ParseText(entry[(equals + 1)..], $"{_field.Name} {key}")
                );
            }
        }
    }
}
