using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace OrqGenerated.Benchmarks;

/// <summary>The contact of every measurement, and a server within the process that answers with it.</summary>
internal static class Example
{
    public const string ApiKey = "benchmark-key";

    private const string ExternalId = "user_12345";
    private const string Name = "Jane Smith";
    private const string Email = "jane.smith@example.com";
    private const string Avatar = "https://example.com/avatars/jane-smith.jpg";

    private static readonly string[] Tags = ["premium", "beta-user", "enterprise"];

    public static readonly byte[] ResponseJson = Encoding.UTF8.GetBytes(
        """{"_id":"01HQ3K4M5N6P7Q8R9S0T1V2W3X","external_id":"user_12345","display_name":"Jane Smith","email":"jane.smith@example.com","avatar_url":"https://example.com/avatars/jane-smith.jpg","tags":["premium","beta-user","enterprise"],"metadata":{"department":"Engineering","role":"Senior Developer","subscription_tier":"premium","last_login":"2024-01-15T10:30:00Z"},"created":"2024-01-15T10:30:00.123Z","updated":"2024-02-15T10:30:00.456Z"}"""
    );

    public static CreateContactRequestBody Ours() =>
        new()
        {
            ExternalId = ExternalId,
            DisplayName = Name,
            Email = Email,
            AvatarUrl = Avatar,
            Tags = Tags,
            Metadata = Metadata<object?>(),
        };

    public static RawRequest Raw() =>
        new(ExternalId, Name, Email, Avatar, Tags, Metadata<object>());

    public static NSwagDefault.CreateContactRequestBody NSwag() =>
        new()
        {
            External_id = ExternalId,
            Display_name = Name,
            Email = Email,
            Avatar_url = new Uri(Avatar),
            Tags = Tags,
            Metadata = Metadata<object>(),
        };

    public static HttpClient Client(HttpMessageHandler handler) =>
        new(handler) { BaseAddress = new Uri("https://my.orq.ai/") };

    private static Dictionary<string, T> Metadata<T>()
        where T : class? =>
        new(StringComparer.Ordinal)
        {
            ["department"] = (T)(object)"Engineering",
            ["role"] = (T)(object)"Senior Developer",
            ["subscription_tier"] = (T)(object)"premium",
            ["last_login"] = (T)(object)"2024-01-15T10:30:00Z",
        };
}

/// <summary>Answers every request with the same bytes, after reading all of the request's.</summary>
internal sealed class MemoryHandler(byte[] json) : HttpMessageHandler
{
    private static readonly MediaTypeHeaderValue Json = new("application/json")
    {
        CharSet = "utf-8",
    };

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        await request.Content!.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
        var content = new ByteArrayContent(json);
        content.Headers.ContentType = Json;
        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = content,
            RequestMessage = request,
        };
    }
}
