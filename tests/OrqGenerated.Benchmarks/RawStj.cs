using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrqGenerated.Benchmarks;

/// <summary>The baseline: the same call by hand, as a service would write it without any features.</summary>
internal sealed class RawStj(HttpClient http, Uri server)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly AuthenticationHeaderValue Key = new("Bearer", Sides.ApiKey);

    // Created once; a relative address would be combined with HttpClient.BaseAddress on every call.
    private readonly Uri _contacts = new(server, "v2/contacts");

    public async Task<RawContact> CreateAsync(RawRequest contact, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(contact, RawContext.Default.RawRequest));
        content.Headers.ContentType = Json;
        using var request = new HttpRequestMessage(HttpMethod.Post, _contacts) { Content = content };
        request.Headers.Authorization = Key;
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var result = await JsonSerializer
                .DeserializeAsync(stream, RawContext.Default.RawContact, cancellationToken)
                .ConfigureAwait(false);
            return result!;
        }
    }
}

internal sealed record RawRequest(
    string ExternalId,
    string DisplayName,
    string Email,
    string AvatarUrl,
    IReadOnlyList<string> Tags,
    Dictionary<string, object> Metadata
);

internal sealed record RawContact(
    [property: JsonPropertyName("_id")] string Id,
    string ExternalId,
    string? DisplayName,
    string? Email,
    string? AvatarUrl,
    IReadOnlyList<string>? Tags,
    Dictionary<string, object>? Metadata,
    DateTimeOffset? Created,
    DateTimeOffset? Updated
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RawRequest))]
[JsonSerializable(typeof(RawContact))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(bool))]
internal sealed partial class RawContext : JsonSerializerContext;
