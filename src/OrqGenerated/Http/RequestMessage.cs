namespace OrqGenerated.Internal;

/// <summary>The HTTP request of one attempt.</summary>
internal static class RequestMessage
{
    private static readonly string UserAgent =
        $"orq-generated-dotnet/{typeof(RequestMessage).Assembly.GetName().Version?.ToString(3)}";

    public static HttpRequestMessage Create(
        OrqCall call,
        Uri address,
        string authorization,
        HeaderDictionary headers
    )
    {
        var request = new HttpRequestMessage(call.Operation.Method, address)
        {
            Content = call.Body?.ToContent(),
        };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        foreach (var (name, value) in call.HeaderParameters)
        {
            Set(request, name, value);
        }

        foreach (var (name, value) in headers)
        {
            Set(request, name, value);
        }

        return request;
    }

    /// <summary>.NET keeps a few names, such as <c>Expires</c>, for the headers of a content.</summary>
    private static void Set(HttpRequestMessage request, string name, string value)
    {
        if (request.Headers.NonValidated.Contains(name))
        {
            request.Headers.Remove(name);
        }

        if (!request.Headers.TryAddWithoutValidation(name, value))
        {
            request.Content?.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
