using System.Net;

namespace OrqGenerated.Internal;

/// <summary>A request's JSON for one attempt.</summary>
internal sealed class RequestContent : ByteArrayContent
{
    private readonly byte[] _json;

    public RequestContent(byte[] json, string contentType)
        : base(json)
    {
        _json = json;
        Headers.TryAddWithoutValidation("Content-Type", contentType);
    }

    /// <summary>Whether .NET's handler has asked for the bytes, so that a server may have seen them.</summary>
    public bool WasRead { get; private set; }

    protected override Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        WasRead = true;
        return stream.WriteAsync(_json, cancellationToken).AsTask();
    }
}
