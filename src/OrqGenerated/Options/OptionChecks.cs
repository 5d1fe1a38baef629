namespace OrqGenerated.Internal;

/// <summary>Checks of keys, headers, server URLs and time limits.</summary>
internal static class OptionChecks
{
    private static readonly HashSet<string> ReservedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization",
        "Connection",
        "Host",
        "Transfer-Encoding",
    };

    /// <exception cref="ArgumentException">
    /// The key is empty, or holds a blank, a control character or a non-ASCII one.
    /// </exception>
    public static string Key(string key, string parameter)
    {
        if (key.Length == 0)
        {
            throw new ArgumentException("The API key is empty.", parameter);
        }

        if (key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new ArgumentException(
                "The API key holds a blank, a control character or one that is not ASCII.",
                parameter
            );
        }

        return key;
    }

    /// <exception cref="ArgumentException">
    /// A header is reserved for the client, or has an invalid name or value.
    /// </exception>
    public static void Headers(IDictionary<string, string> headers)
    {
        foreach (var (name, value) in headers)
        {
            HeaderName(name);
            HeaderValue(name, value, nameof(Headers));
        }
    }

    /// <exception cref="ArgumentException">
    /// The value is empty, or holds a control character or a non-ASCII one.
    /// </exception>
    public static void HeaderValue(string name, string value, string parameter)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new ArgumentException($"The value of the header {name} is empty.", parameter);
        }

        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException(
                $"The value of the header {name} holds a control character or one that is not ASCII.",
                parameter
            );
        }
    }

    /// <summary>Returns the URL with a trailing slash, so that two spellings of one address are equal.</summary>
    /// <exception cref="ArgumentException">
    /// The URL is not absolute, not http(s), or has more than a host, port and path.
    /// </exception>
    public static Uri ServerUrl(Uri url, string parameter)
    {
        ArgumentNullException.ThrowIfNull(url, parameter);
        if (!url.IsAbsoluteUri)
        {
            throw new ArgumentException("The server URL is not absolute.", parameter);
        }

        if (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)
        {
            throw new ArgumentException("The server URL is neither http nor https.", parameter);
        }

        if (url.UserInfo.Length > 0 || url.OriginalString.AsSpan().ContainsAny('?', '#'))
        {
            throw new ArgumentException("The server URL has user info, a query or a fragment.", parameter);
        }

        // .NET makes localhost of this ordinary name.
        if (
            url is { Host: "localhost" }
            && !url.OriginalString.Contains("localhost", StringComparison.OrdinalIgnoreCase)
        )
        {
            throw new ArgumentException(
                "The server URL's host is \"loopback\"; use localhost or 127.0.0.1.",
                parameter
            );
        }

        if (url.OriginalString.Any(char.IsControl))
        {
            throw new ArgumentException("The server URL holds a control character.", parameter);
        }

        return url.AbsolutePath.EndsWith('/') ? url : new Uri(url.AbsoluteUri + "/");
    }

    /// <summary>Refuses plain http, except to loopback and to hosts for which the user has allowed it.</summary>
    /// <exception cref="ArgumentException">The key would travel unencrypted.</exception>
    public static void Encryption(Uri url, ICollection<string> insecureHosts, string parameter)
    {
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback && !Names(insecureHosts, url))
        {
            throw new ArgumentException(
                $"The server URL is plain http, and {url.Host} is neither loopback nor one of AllowInsecureHosts;"
                    + " the key only travels over https.",
                parameter
            );
        }
    }

    /// <exception cref="ArgumentException">
    /// An entry is not the name of one host: it has a port, a scheme or a wildcard.
    /// </exception>
    public static void HostNames(IEnumerable<string> hosts, string parameter)
    {
        foreach (var host in hosts)
        {
            if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            {
                throw new ArgumentException(
                    $"\"{host}\" is not a host name; give it without scheme, port and wildcards.",
                    parameter
                );
            }
        }
    }

    /// <summary>Whether the URL's host is in the list, in its Unicode or its ASCII form.</summary>
    public static bool Names(ICollection<string> hosts, Uri url) =>
        hosts.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase)
        || hosts.Contains(url.Host, StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentOutOfRangeException">The time is zero, or negative and not infinite.</exception>
    public static TimeSpan Limit(TimeSpan value, string property) =>
        value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(
                property,
                $"{property} must be above zero, or Timeout.InfiniteTimeSpan."
            );

    private static void HeaderName(string name)
    {
        // RFC 9110, section 5.6.2: a header name is a token.
        if (
            name.Length == 0
            || name.Any(c => !char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
        )
        {
            throw new ArgumentException(
                "A header name is empty or holds a character that is not allowed in one.",
                nameof(Headers)
            );
        }

        if (ReservedHeaders.Contains(name) || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"The header {name} is the client's own and cannot be set.", nameof(Headers));
        }
    }
}
