using System.Runtime.CompilerServices;

namespace OrqGenerated.Internal;

/// <summary>
/// Checks of keys, headers, server URLs and limits. All throw an <see cref="ArgumentException"/>, whose message repeats
/// neither a key nor a header's value.
/// </summary>
internal static class OptionChecks
{
    private static readonly string[] ReservedHeaders = ["Authorization", "Connection", "Host", "Transfer-Encoding"];

    /// <summary>Requires visible ASCII characters, and at least one.</summary>
    public static string Key(string key, string parameter)
    {
        var fault =
            key.Length == 0 ? "is empty"
            : key.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? "holds a blank, a control character or one that is not ASCII"
            : null;
        return fault is null ? key : throw new ArgumentException($"The API key {fault}.", parameter);
    }

    /// <summary>Requires valid names, of headers that are not the client's own, and valid values.</summary>
    public static void Headers(IDictionary<string, string> headers)
    {
        foreach (var (name, value) in headers)
        {
            // RFC 9110, section 5.6.2: a header name is a token.
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c)))
            {
                throw new ArgumentException(
                    "A header name is empty or holds a character that is not allowed in one.",
                    nameof(Headers)
                );
            }

            if (
                ReservedHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)
                || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
            )
            {
                throw new ArgumentException(
                    $"The header {name} is the client's own and cannot be set.",
                    nameof(Headers)
                );
            }

            HeaderValue(name, value, nameof(Headers));
        }
    }

    /// <summary>Requires printable ASCII characters, and not only blanks.</summary>
    public static void HeaderValue(string name, string value, string parameter)
    {
        var fault =
            string.IsNullOrWhiteSpace(value) ? "is empty"
            : value.AsSpan().ContainsAnyExceptInRange(' ', '~') ? "holds a control character or one that is not ASCII"
            : null;
        if (fault is not null)
        {
            throw new ArgumentException($"The value of the header {name} {fault}.", parameter);
        }
    }

    /// <summary>Requires an absolute http(s) URL of no more than a host, a port and a path.</summary>
    /// <returns>The URL with a trailing slash, so that two spellings of one address are equal.</returns>
    public static Uri ServerUrl(Uri url, string parameter)
    {
        ArgumentNullException.ThrowIfNull(url, parameter);
        var text = url.OriginalString;
        var fault =
            !url.IsAbsoluteUri ? " is not absolute"
            : url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp ? " is neither http nor https"
            : url.UserInfo.Length > 0 || text.AsSpan().ContainsAny('?', '#') ? " has user info, a query or a fragment"
            // .NET makes localhost of the ordinary name "loopback".
            : url.Host == "localhost" && !text.Contains("localhost", StringComparison.OrdinalIgnoreCase)
                ? "'s host is \"loopback\"; use localhost or 127.0.0.1"
            : text.Any(char.IsControl) ? " holds a control character"
            : null;
        if (fault is not null)
        {
            throw new ArgumentException($"The server URL{fault}.", parameter);
        }

        return url.AbsolutePath.EndsWith('/') ? url : new Uri(url.AbsoluteUri + "/");
    }

    /// <summary>Refuses plain http, which would show the key, except to loopback and the hosts given.</summary>
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

    /// <summary>Requires names of single hosts, without a port, a scheme or a wildcard.</summary>
    public static void HostNames(IEnumerable<string> hosts, string parameter)
    {
        if (hosts.FirstOrDefault(host => Uri.CheckHostName(host) == UriHostNameType.Unknown) is { } wrong)
        {
            throw new ArgumentException(
                $"\"{wrong}\" is not a host name; give it without scheme, port and wildcards.",
                parameter
            );
        }
    }

    /// <summary>Whether the URL's host is in the list, in its Unicode or its ASCII form.</summary>
    public static bool Names(ICollection<string> hosts, Uri url) =>
        hosts.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase)
        || hosts.Contains(url.Host, StringComparer.OrdinalIgnoreCase);

    /// <summary>Requires a time above zero or an infinite one.</summary>
    public static TimeSpan Limit(TimeSpan value, [CallerMemberName] string property = "") =>
        Within(
            value,
            value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan,
            $"{property} must be above zero, or Timeout.InfiniteTimeSpan.",
            property
        );

    public static T Within<T>(T value, bool isWithin, string rule, [CallerMemberName] string property = "") =>
        isWithin ? value : throw new ArgumentOutOfRangeException(property, rule);
}
