using System.Reflection;
using System.Text;
using System.Text.Json;

namespace OrqGenerated.Cli;

/// <summary>A field of a contact, or one entry of a field that is a JSON object, such as metadata.plan.</summary>
/// <remarks>
/// Found by reflection on the generated model, so that a new field in the API's document needs no code here.
/// </remarks>
internal sealed record ContactField
{
    private readonly string _name;
    private readonly PropertyInfo _property;
    private readonly Type _type;

    private ContactField(PropertyInfo property)
    {
        _property = property;
        _name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
        var type = property.PropertyType;
        IsNullable = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);
        _type = IsNullable ? type.GenericTypeArguments[0] : type;
    }

    /// <summary>All fields, in the document's order.</summary>
    public static IReadOnlyList<ContactField> All { get; } =
    [.. typeof(CreateContactRequestBody).GetProperties().Select(property => new ContactField(property))];

    /// <summary>The external id, the only required field.</summary>
    public static ContactField Id { get; } = All.Single(field => field.Name == "external_id");

    public static ContactField Metadata { get; } = All.Single(field => field.Name == "metadata");

    /// <summary>The key of an entry; null for a whole field.</summary>
    public string? Key { get; init; }

    /// <summary>The name in the API's JSON; that of an entry ends with its key.</summary>
    public string Name => Key is null ? _name : $"{_name}.{Key}";

    /// <summary>Whether the API distinguishes null from absent.</summary>
    public bool IsNullable { get; }

    public bool IsText => _type == typeof(string);

    public bool IsList => typeof(IEnumerable<string>).IsAssignableFrom(_type);

    public bool IsMap => typeof(IEnumerable<KeyValuePair<string, object?>>).IsAssignableFrom(_type);

    private string Expected =>
        IsText ? "a string"
        : IsList ? "a list of strings"
        : IsMap ? "a JSON object"
        : "JSON of another kind";

    /// <summary>
    /// The value of a cell or an option as JSON: strings and entries are taken literally, lists may be separated by ;
    /// or |.
    /// </summary>
    /// <exception cref="FormatException">The text is not JSON.</exception>
    public JsonElement FromText(string text)
    {
        const StringSplitOptions Split = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        return IsText || Key is not null ? JsonSerializer.SerializeToElement(text)
            : IsList && !text.StartsWith('[') ? JsonSerializer.SerializeToElement(text.Split([';', '|'], Split))
            : ContactJson.Parse(Encoding.UTF8.GetBytes(text), Name);
    }

    /// <summary>The .NET value of a whole field.</summary>
    /// <exception cref="FormatException">The JSON is of the wrong kind.</exception>
    public object? Read(JsonElement json)
    {
        try
        {
            return json.Deserialize(_type);
        }
        catch (JsonException e)
        {
            throw new FormatException($"{Name}: must be {Expected}", e);
        }
    }

    public void Set(CreateContactRequestBody contact, object? value) =>
        _property.SetValue(contact, IsNullable ? Activator.CreateInstance(_property.PropertyType, value) : value);
}
