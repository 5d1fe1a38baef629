using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace OrqGenerated.Cli;

/// <summary>
/// A field of a contact, taken from the generated model. CSV, JSON lines and <c>create</c> get their fields from here,
/// so a field that is added to the API's document needs no code in them.
/// </summary>
internal sealed class ContactField
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    private readonly PropertyInfo _property;
    private readonly Type _type;

    private ContactField(PropertyInfo property)
    {
        _property = property;
        Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
        var type = property.PropertyType;
        IsNullable = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);
        _type = IsNullable ? type.GenericTypeArguments[0] : type;
    }

    /// <summary>All fields, in the document's order.</summary>
    public static IReadOnlyList<ContactField> All { get; } =
    [.. typeof(CreateContactRequestBody).GetProperties().Select(property => new ContactField(property))];

    /// <summary>The key of a contact, and its only required field.</summary>
    public static ContactField Id { get; } =
        All.Single(field => field._property.IsDefined(typeof(RequiredMemberAttribute)));

    /// <summary>The field for the caller's own data.</summary>
    public static ContactField Metadata { get; } = All.First(field => field.IsMap);

    public static JsonElement Null { get; } = ParseText("null", "");

    /// <summary>The name in the API's JSON.</summary>
    public string Name { get; }

    /// <summary>Whether the API tells null from absent.</summary>
    public bool IsNullable { get; }

    public bool IsText => _type == typeof(string);

    public bool IsList => typeof(IEnumerable<string>).IsAssignableFrom(_type);

    public bool IsMap => typeof(IEnumerable<KeyValuePair<string, object?>>).IsAssignableFrom(_type);

    private string Expected =>
        IsText ? "a text"
        : IsList ? "a list of texts"
        : IsMap ? "a JSON object"
        : "JSON of another kind";

    /// <summary>Parses JSON; numbers keep every digit.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, Options);
        return document.RootElement.Clone();
    }

    /// <summary>
    /// The JSON value of a cell or an option: lists may be separated by ; or |, other kinds than text are JSON.
    /// </summary>
    /// <exception cref="FormatException">It is not JSON.</exception>
    public JsonElement FromText(string text)
    {
        if (IsText)
        {
            return JsonSerializer.SerializeToElement(text);
        }

        const StringSplitOptions Split = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        return IsList && !text.StartsWith('[')
            ? JsonSerializer.SerializeToElement(text.Split([';', '|'], Split))
            : ParseText(text, Name);
    }

    /// <summary>Parses JSON that is part of a cell or an option.</summary>
    /// <exception cref="FormatException">It is not JSON.</exception>
    public static JsonElement ParseText(string json, string name)
    {
        try
        {
            return Parse(Encoding.UTF8.GetBytes(json));
        }
        catch (JsonException e)
        {
            throw new FormatException($"{name}: not JSON (a text is written with quotes, \"like this\")", e);
        }
    }

    /// <summary>Sets the field of a contact.</summary>
    /// <exception cref="FormatException">The value is of the wrong kind.</exception>
    public void Set(CreateContactRequestBody contact, JsonElement json)
    {
        object? value;
        try
        {
            value =
                json.ValueKind == JsonValueKind.Null ? null
                : IsMap ? throw new JsonException()
                : json.Deserialize(_type);
        }
        catch (JsonException e)
        {
            // Half of a surrogate pair, such as \ud800, is JSON but no text.
            var isText =
                e.InnerException is InvalidOperationException
                && json.ValueKind is JsonValueKind.String or JsonValueKind.Array;
            throw new FormatException($"{Name}: {(isText ? "not valid Unicode" : $"must be {Expected}")}", e);
        }

        SetValue(contact, value);
    }

    /// <summary>Sets a field that is a JSON object.</summary>
    public void Set(CreateContactRequestBody contact, Dictionary<string, object?> entries) =>
        SetValue(contact, entries);

    private void SetValue(CreateContactRequestBody contact, object? value) =>
        _property.SetValue(contact, IsNullable ? Activator.CreateInstance(_property.PropertyType, value) : value);
}
