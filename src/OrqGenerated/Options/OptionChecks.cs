using System.Runtime.CompilerServices;

namespace OrqGenerated.Internal;

/// <summary>
/// Checks of keys, headers, URLs, hosts and limits. A failure is an <see cref="ArgumentException"/> whose message
/// contains neither a key nor a header's value.
/// </summary>
internal static class OptionChecks
{
    private static readonly string[] ReservedHeaders = ["Authorization", "Connection", "Host", "Transfer-Encoding"];

    /// <summary>Requires one or more visible ASCII characters.</summary>
    public static string RequireValidKey(string key, string parameter)
    {
        var fault =
            key.Length == 0 ? "is empty"
            : key.AsSpan().ContainsAnyExceptInRange('!', '~') ? "contains a space, control or non-ASCII character"
            : null;
        return fault is null ? key : throw new ArgumentException($"The API key {fault}.", parameter);
    }

    /// <summary>Requires valid names and values, and no header that the client sets itself.</summary>
    public static void RequireValidHeaders(IDictionary<string, string> headers)
    {
        const string Headers = nameof(OrqClientOptions.Headers);
        foreach (var (name, value) in headers)
        {
            // RFC 9110, section 5.6.2: a header name is a token.
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c)))
                throw new ArgumentException("A header name is empty or contains an invalid character.", Headers);

            if (
                ReservedHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)
                || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
            )
            {
                throw new ArgumentException($"The header {name} is the client's own and cannot be set.", Headers);
            }

            RequireValidHeaderValue(name, value, Headers);
        }
    }

    /// <summary>Requires printable ASCII characters, not only spaces.</summary>
    public static void RequireValidHeaderValue(string name, string value, string parameter)
    {
        var fault =
            string.IsNullOrWhiteSpace(value) ? "is empty"
            : value.AsSpan().ContainsAnyExceptInRange(' ', '~') ? "contains a control or non-ASCII character"
            : null;
        if (fault is not null)
            throw new ArgumentException($"The value of the header {name} {fault}.", parameter);
    }

    /// <summary>Requires an absolute http(s) URL with nothing but a host, a port and a path.</summary>
    /// <returns>The URL with a trailing slash, so that URLs with and without one are equal.</returns>
    public static Uri RequireValidServerUrl(Uri url, string parameter)
    {
        ArgumentNullException.ThrowIfNull(url, parameter);
        // .NET reads http:\\localhost as http://localhost.
        var text = url.OriginalString.Replace('\\', '/');
        var fault =
            !url.IsAbsoluteUri ? " is not absolute"
            : url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp ? " is neither http nor https"
            : url.UserInfo.Length > 0 || text.AsSpan().ContainsAny('?', '#') ? " has user info, a query or a fragment"
            // .NET turns the ordinary host name "loopback" into localhost.
            : url.Host == "localhost"
            && !text.TrimStart()[url.Scheme.Length..].StartsWith("://localhost", StringComparison.OrdinalIgnoreCase)
                ? "'s host is \"loopback\"; use localhost or 127.0.0.1"
            : text.Any(char.IsControl) ? " contains a control character"
            : null;
        if (fault is not null)
            throw new ArgumentException($"The server URL{fault}.", parameter);

        return url.AbsolutePath.EndsWith('/') ? url : new Uri(url.AbsoluteUri + "/");
    }

    /// <summary>Rejects plain http, which would reveal the key, except to loopback and the given hosts.</summary>
    public static void RequireEncryption(Uri url, ICollection<string> insecureHosts, string parameter)
    {
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback && !ContainsHost(insecureHosts, url))
        {
            throw new ArgumentException(
                $"The server URL is plain http, and {url.Host} is neither loopback nor one of AllowInsecureHosts;"
                    + " the key only travels over https.",
                parameter
            );
        }
    }

    /// <summary>Requires exact host names, without scheme, port or wildcard.</summary>
    public static void RequireValidHostNames(IEnumerable<string> hosts, string parameter)
    {
        var names = hosts.Select(host => host ?? "");
        if (names.FirstOrDefault(name => Uri.CheckHostName(name) == UriHostNameType.Unknown) is { } wrong)
        {
            throw new ArgumentException(
                $"\"{wrong}\" is not a host name; give it without scheme, port and wildcards.",
                parameter
            );
        }
    }

    /// <summary>Whether the list contains the URL's host, in its Unicode or its ASCII form.</summary>
    public static bool ContainsHost(ICollection<string> hosts, Uri url) =>
        hosts.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase)
        || hosts.Contains(url.Host, StringComparer.OrdinalIgnoreCase);

    /// <summary>Requires a time above zero, or an infinite one.</summary>
    public static TimeSpan RequireTimeLimit(TimeSpan value, [CallerMemberName] string property = "") =>
        Require(
            value,
            value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan,
            $"{property} must be above zero, or Timeout.InfiniteTimeSpan.",
            property
        );

    public static T Require<T>(T value, bool isValid, string rule, [CallerMemberName] string property = "") =>
        isValid ? value : throw new ArgumentOutOfRangeException(property, rule);
}
