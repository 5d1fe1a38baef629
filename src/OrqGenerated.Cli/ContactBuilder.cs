using System.Text.Json;

namespace OrqGenerated.Cli;

/// <summary>Builds a contact from the values of its fields.</summary>
/// <param name="nullIsAbsent">Whether null leaves a field unchanged instead of removing it.</param>
internal sealed class ContactBuilder(bool nullIsAbsent = false)
{
    private readonly CreateContactRequestBody _contact = new() { ExternalId = null! };
    private readonly Dictionary<ContactField, Dictionary<string, object?>> _entries = [];

    /// <summary>The first field that was set to null.</summary>
    public string? Removed { get; private set; }

    /// <exception cref="FormatException">The field cannot have this value.</exception>
    public void Set(ContactField field, JsonElement value)
    {
        if (field.Key is not null)
        {
            EntriesOf(field with { Key = null })[field.Key] = value;
        }
        else if (field.IsMap && value.ValueKind == JsonValueKind.Object)
        {
            var entries = EntriesOf(field);
            foreach (var property in value.EnumerateObject())
                entries[property.Name] = property.Value;
        }
        else if (value.ValueKind != JsonValueKind.Null)
        {
            field.Set(_contact, field.Read(value));
        }
        else if (field == ContactField.Id)
        {
            throw new FormatException($"{field.Name}: must not be null");
        }
        // The API allows no null for lists and maps, so there it means absent.
        else if (field.IsNullable && !nullIsAbsent)
        {
            field.Set(_contact, null);
            Removed ??= field.Name;
        }
    }

    /// <exception cref="FormatException">The external id is missing or blank.</exception>
    public CreateContactRequestBody Build() =>
        _contact.ExternalId switch
        {
            null => throw new FormatException("external_id is missing"),
            { Length: > 0 } id when string.IsNullOrWhiteSpace(id) => throw new FormatException("external_id is blank"),
            _ => _contact,
        };

    private Dictionary<string, object?> EntriesOf(ContactField field)
    {
        if (!_entries.TryGetValue(field, out var entries))
        {
            _entries[field] = entries = new(StringComparer.Ordinal);
            field.Set(_contact, entries);
        }

        return entries;
    }
}
