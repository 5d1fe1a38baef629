using System.Text;
using System.Text.Json;

namespace OrqGenerated.Benchmarks;

/// <summary>The contact of a measurement as each side takes it, and the response to it.</summary>
internal sealed class Workload
{
    private const string ExternalId = "user_12345";
    private const string Email = "jane.smith@example.com";
    private const string Avatar = "https://example.com/avatars/jane-smith.jpg";

    private static readonly string[] Tags = ["premium", "beta-user", "enterprise"];

    private readonly string _name;
    private readonly Dictionary<string, object> _metadata;
    private byte[]? _responseJson;

    private Workload(string label, string name, Dictionary<string, object> metadata)
    {
        Label = label;
        _name = name;
        _metadata = metadata;
    }

    /// <summary>The example in the document, for every measurement that is not about size.</summary>
    public static Workload Example { get; } =
        new(
            "the example contact",
            "Jane Smith",
            new(StringComparer.Ordinal)
            {
                ["department"] = "Engineering",
                ["role"] = "Senior Developer",
                ["subscription_tier"] = "premium",
                ["last_login"] = "2024-01-15T10:30:00Z",
            }
        );

    public string Label { get; }

    public byte[] ResponseJson => _responseJson ??= Response();

    /// <summary>A contact with this many metadata entries of mixed kinds.</summary>
    public static Workload WithMetadata(int entries)
    {
        var metadata = new Dictionary<string, object>(StringComparer.Ordinal);
        for (var i = 0; i < entries; i++)
        {
            metadata[$"fact_{i:D5}"] = (i % 3) switch
            {
                0 => $"value of fact {i}",
                1 => i,
                _ => true,
            };
        }

        return new Workload($"{entries:N0} metadata entries", "Jane Smith", metadata);
    }

    /// <summary>A contact with a name of this length.</summary>
    public static Workload WithText(int length) =>
        new(
            $"a text of {length / 1024:N0} KB",
            string.Concat(Enumerable.Repeat("Jane Smith, ", (length / 12) + 1))[..length],
            []
        );

    public CreateContactRequestBody Ours() =>
        new()
        {
            ExternalId = ExternalId,
            DisplayName = _name,
            Email = Email,
            AvatarUrl = Avatar,
            Tags = Tags,
            Metadata = _metadata!,
        };

    public RawRequest Raw() => new(ExternalId, _name, Email, Avatar, Tags, _metadata);

    public NSwagDefault.CreateContactRequestBody NSwag() =>
        new()
        {
            External_id = ExternalId,
            Display_name = _name,
            Email = Email,
            Avatar_url = new Uri(Avatar),
            Tags = Tags,
            Metadata = _metadata,
        };

    public KiotaDefault.Models.CreateContactRequestBody Kiota() =>
        new()
        {
            ExternalId = ExternalId,
            DisplayName = _name,
            Email = Email,
            AvatarUrl = Avatar,
            Tags = [.. Tags],
            Metadata = new() { AdditionalData = _metadata },
        };

    /// <summary>The contact as the Node SDK takes it, in JSON.</summary>
    public string Node() =>
        JsonSerializer.Serialize(
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["externalId"] = ExternalId,
                ["displayName"] = _name,
                ["email"] = Email,
                ["avatarUrl"] = Avatar,
                ["tags"] = Tags,
                ["metadata"] = _metadata,
            }
        );

    private byte[] Response()
    {
        var contact = new RawContact(
            "01HQ3K4M5N6P7Q8R9S0T1V2W3X",
            ExternalId,
            _name,
            Email,
            Avatar,
            Tags,
            _metadata,
            new DateTimeOffset(2024, 1, 15, 10, 30, 0, 123, TimeSpan.Zero),
            new DateTimeOffset(2024, 2, 15, 10, 30, 0, 456, TimeSpan.Zero)
        );
        // The API writes UTC as "Z".
        return Encoding.UTF8.GetBytes(
            JsonSerializer
                .Serialize(contact, RawContext.Default.RawContact)
                .Replace("+00:00", "Z", StringComparison.Ordinal)
        );
    }
}
