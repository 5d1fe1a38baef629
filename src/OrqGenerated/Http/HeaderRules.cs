using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace OrqGenerated.Internal;

/// <summary>What may go into a request's headers.</summary>
internal static class HeaderRules
{
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization",
        "Connection",
        "Host",
        "Transfer-Encoding",
    };

    public static string CheckedKey(string key, string parameter)
    {
        if (key.Length == 0)
        {
            throw new ArgumentException("The API key is empty.", parameter);
        }

        foreach (var c in key)
        {
            if (c is <= ' ' or > '~')
            {
                throw new ArgumentException(
                    "The API key holds a blank, a control character or one that is not ASCII.",
                    parameter
                );
            }
        }

        return key;
    }

    /// <param name="name">The header's name.</param>
    /// <param name="parameter">What the caller has set.</param>
    public static void CheckName(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        foreach (var c in name)
        {
            // RFC 9110, section 5.6.2: a header name is a token.
            if (
                !char.IsAsciiLetterOrDigit(c)
                && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)
            )
            {
                throw new ArgumentException(
                    "A header name holds a character that is not allowed in one.",
                    parameter
                );
            }
        }

        if (
            Reserved.Contains(name)
            || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
        )
        {
            throw new ArgumentException(
                $"The header {name} is the client's own and cannot be set.",
                parameter
            );
        }
    }

    /// <param name="name">The header's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="parameter">What the caller has set.</param>
    public static void CheckValue(string name, string value, string parameter)
    {
        ArgumentNullException.ThrowIfNull(value, parameter);
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new ArgumentException($"The value of the header {name} is empty.", parameter);
        }

        foreach (var c in value)
        {
            if (c is < ' ' or > '~')
            {
                throw new ArgumentException(
                    $"The value of the header {name} holds a control character or one that is not ASCII.",
                    parameter
                );
            }
        }
    }
}

/// <summary>Headers by name without regard to case, each checked when it is set.</summary>
internal sealed class HeaderDictionary : IDictionary<string, string>
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    public HeaderDictionary() { }

    public HeaderDictionary(IEnumerable<KeyValuePair<string, string>> headers)
    {
        foreach (var (name, value) in headers)
        {
            this[name] = value;
        }
    }

    public int Count => _headers.Count;

    public bool IsReadOnly => false;

    public ICollection<string> Keys => _headers.Keys;

    public ICollection<string> Values => _headers.Values;

    public string this[string key]
    {
        get => _headers[key];
        set
        {
            Check(key, value);
            _headers[key] = value;
        }
    }

    public void Add(string key, string value)
    {
        Check(key, value);
        _headers.Add(key, value);
    }

    public void Add(KeyValuePair<string, string> item) => Add(item.Key, item.Value);

    public void Clear() => _headers.Clear();

    public bool Contains(KeyValuePair<string, string> item) =>
        ((ICollection<KeyValuePair<string, string>>)_headers).Contains(item);

    public bool ContainsKey(string key) => _headers.ContainsKey(key);

    public void CopyTo(KeyValuePair<string, string>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, string>>)_headers).CopyTo(array, arrayIndex);

    public Dictionary<string, string>.Enumerator GetEnumerator() => _headers.GetEnumerator();

    IEnumerator<KeyValuePair<string, string>> IEnumerable<
        KeyValuePair<string, string>
    >.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Remove(string key) => _headers.Remove(key);

    public bool Remove(KeyValuePair<string, string> item) =>
        ((ICollection<KeyValuePair<string, string>>)_headers).Remove(item);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) =>
        _headers.TryGetValue(key, out value);

    private static void Check(string name, string value)
    {
        HeaderRules.CheckName(name, nameof(OrqClientOptions.Headers));
        HeaderRules.CheckValue(name, value, nameof(OrqClientOptions.Headers));
    }
}
