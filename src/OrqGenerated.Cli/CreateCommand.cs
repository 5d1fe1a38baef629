using System.CommandLine;
using Newtonsoft.Json;

namespace OrqGenerated.Cli;

/// <summary><c>create</c>: one contact from flags, from JSON, or from both.</summary>
internal sealed class CreateCommand
{
    private static readonly Dictionary<string, object?> Nothing = new(StringComparer.Ordinal);

    private readonly Option<string?> _externalId = new("--external-id")
    {
        Description = "The id that this user has in your own system.",
        HelpName = "ID",
    };

    private readonly ClearableOption _displayName = new("display-name", "The name to show.");
    private readonly ClearableOption _email = new("email", "The e-mail address.");
    private readonly ClearableOption _avatarUrl = new("avatar-url", "The address of a picture.");

    private readonly Option<string[]> _tags = new("--tag")
    {
        Description = "A tag; repeatable.",
        HelpName = "TAG",
    };

    private readonly Option<string[]> _metadata = new("--metadata")
    {
        Description =
            "A further fact, its value as JSON: --metadata 'level=3' --metadata 'team=\"blue\"'; repeatable.",
        HelpName = "KEY=JSON",
    };

    private readonly Option<string?> _json = new("--json")
    {
        Description =
            "The whole contact as JSON, from a file or - for standard input; the other flags win over it.",
        HelpName = "FILE|-",
    };

    private readonly ConnectionOptions _connection = new();

    public static Command Build(Terminal terminal)
    {
        var create = new CreateCommand();
        var command = new Command("create", "Creates or updates one contact and prints it as JSON.")
        {
            create._externalId,
            create._displayName.Value,
            create._displayName.Clear,
            create._email.Value,
            create._email.Clear,
            create._avatarUrl.Value,
            create._avatarUrl.Clear,
            create._tags,
            create._metadata,
            create._json,
        };
        create._connection.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) => create.RunAsync(parsed, terminal, cancellationToken)
        );
        return command;
    }

    private async Task<int> RunAsync(
        ParseResult parsed,
        Terminal terminal,
        CancellationToken cancellationToken
    )
    {
        var contact = await ReadAsync(parsed, terminal, cancellationToken).ConfigureAwait(false);
        var connection = await _connection
            .OpenAsync(parsed, terminal, sendsNothing: false, cancellationToken)
            .ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var created = await connection
                .Client.CreateContactAsync(contact, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            await terminal
                .Output.WriteLineAsync(JsonConvert.SerializeObject(created, Formatting.Indented))
                .ConfigureAwait(false);
        }

        return ExitCode.Done;
    }

    private async Task<CreateContactRequestBody> ReadAsync(
        ParseResult parsed,
        Terminal terminal,
        CancellationToken cancellationToken
    )
    {
        var contact = parsed.GetValue(_json) is { } file
            ? await ReadJsonAsync(file, terminal, cancellationToken).ConfigureAwait(false)
            : new CreateContactRequestBody { ExternalId = null! };
        contact.ExternalId =
            parsed.GetValue(_externalId)
            ?? contact.ExternalId
            ?? throw new UsageException(
                "--external-id is missing: it says which contact to create or update."
            );
        contact.DisplayName = _displayName.Over(contact.DisplayName, parsed);
        contact.Email = _email.Over(contact.Email, parsed);
        contact.AvatarUrl = _avatarUrl.Over(contact.AvatarUrl, parsed);
        if (parsed.GetValue(_tags) is { Length: > 0 } tags)
        {
            contact.Tags = tags;
        }

        if (parsed.GetValue(_metadata) is { Length: > 0 } entries)
        {
            var metadata = new Dictionary<string, object?>(
                contact.Metadata ?? Nothing,
                StringComparer.Ordinal
            );
            foreach (var entry in entries)
            {
                var (key, value) = ParseMetadata(entry);
                metadata[key] = value;
            }

            contact.Metadata = metadata;
        }

        return contact;
    }

    private static (string Key, object Value) ParseMetadata(string entry)
    {
        var equals = entry.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
        {
            throw new UsageException("--metadata: give KEY=JSON, such as level=3.");
        }

        try
        {
            return (
                entry[..equals],
                ContactJson.Value(entry[(equals + 1)..], $"--metadata {entry[..equals]}")
            );
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static async Task<CreateContactRequestBody> ReadJsonAsync(
        string file,
        Terminal terminal,
        CancellationToken cancellationToken
    )
    {
        var source = file == "-" ? "standard input" : file;
        try
        {
            using var bytes = new MemoryStream();
            var input = file == "-" ? terminal.Input : File.OpenRead(file);
            await using (input.ConfigureAwait(false))
            {
                // A read of a terminal cannot be cancelled, but the wait for it can.
                await input
                    .CopyToAsync(bytes, cancellationToken)
                    .WaitAsync(cancellationToken)
                    .ConfigureAwait(false);
            }

            var json = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
            return ContactJson.Parse(json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--json {source}: {e.Message}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--json {source}: {e.Message}");
        }
    }

    /// <summary>A field that can be set, or set to null.</summary>
    private sealed class ClearableOption(string name, string description)
    {
        public Option<string?> Value { get; } =
            new($"--{name}") { Description = description, HelpName = "TEXT" };

        public Option<bool> Clear { get; } =
            new($"--clear-{name}") { Description = "Sets it to null instead." };

        public Optional<string?> Over(Optional<string?> current, ParseResult parsed)
        {
            var value = parsed.GetValue(Value);
            var isCleared = parsed.GetValue(Clear);
            if (value is not null && isCleared)
            {
                throw new UsageException($"--{name} and --clear-{name}: give one of them.");
            }

            return isCleared ? null
                : value is not null ? value
                : current;
        }
    }
}
