using System.Net.Http.Headers;
using KiotaDefault;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Refit;

namespace OrqGenerated.Benchmarks;

/// <summary>The call as Refit's source generator implements it.</summary>
internal interface IRefitContacts
{
    [Post("/v2/contacts")]
    Task<RawContact> CreateAsync([Body] RawRequest contact, CancellationToken cancellationToken);
}

internal static class OtherClients
{
    public static IRefitContacts Refit(HttpClient http)
    {
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Sides.ApiKey);
        var serializer = new SystemTextJsonContentSerializer(RawContext.Default.Options);
        return RestService.For<IRefitContacts>(http, new RefitSettings(serializer));
    }

    public static KiotaClient Kiota(HttpMessageHandler handler, Uri server)
    {
        var http = KiotaClientFactory.Create(handler);
        http.Timeout = TimeSpan.FromSeconds(30);
        var key = new ApiKeyAuthenticationProvider(
            $"Bearer {Sides.ApiKey}",
            "Authorization",
            ApiKeyAuthenticationProvider.KeyLocation.Header
        );
        return new(new HttpClientRequestAdapter(key, httpClient: http) { BaseUrl = server.AbsoluteUri.TrimEnd('/') });
    }
}
