namespace OrqGenerated.Tests.Support;

/// <summary>A server in memory that records nothing, for tests that count allocated bytes.</summary>
internal sealed class DiscardingHandler(Func<HttpResponseMessage> respond) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
        return respond();
    }
}
