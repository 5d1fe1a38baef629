namespace OrqGenerated.Internal;

/// <summary>What may stand before an operation's path.</summary>
internal static class ServerAddress
{
    /// <summary>The server that the document names.</summary>
    public static Uri Default { get; } = new("https://my.orq.ai/");

    /// <summary>The address with a trailing slash, so that two spellings of one address compare equal.</summary>
    public static Uri Checked(Uri address, string parameter)
    {
        ArgumentNullException.ThrowIfNull(address, parameter);
        if (!address.IsAbsoluteUri)
        {
            throw new ArgumentException("The server URL is not absolute.", parameter);
        }

        if (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp)
        {
            throw new ArgumentException("The server URL is neither http nor https.", parameter);
        }

        if (address.UserInfo.Length > 0 || address.OriginalString.AsSpan().ContainsAny('?', '#'))
        {
            throw new ArgumentException(
                "The server URL has user info, a query or a fragment.",
                parameter
            );
        }

        foreach (var c in address.OriginalString)
        {
            if (char.IsControl(c))
            {
                throw new ArgumentException("The server URL holds a control character.", parameter);
            }
        }

        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
        {
            throw new ArgumentException(
                "The server URL is plain http; the key only travels over https, or to loopback.",
                parameter
            );
        }

        return address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
    }
}
