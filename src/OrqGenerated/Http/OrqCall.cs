using System.Collections;
using System.Diagnostics;
using System.Text;

namespace OrqGenerated.Internal;

/// <summary>One call of an operation: what is to be sent, and how far it has come.</summary>
internal sealed class OrqCall(OrqOperation operation)
{
    private string _path = operation.Path;
    private StringBuilder? _query;
    private List<string>? _texts;
    private List<KeyValuePair<string, string>>? _headers;

    public OrqOperation Operation { get; } = operation;

    /// <summary>The operation's path and query, escaped, without a leading slash.</summary>
    public string RelativeUrl => (_path + _query)[1..];

    public bool HasParameters => _texts is not null || _query is not null;

    /// <summary>Header parameters of the operation.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> HeaderParameters => _headers ?? [];

    /// <summary>The request's JSON; null for an operation without a body.</summary>
    public RequestBody? Body { get; private set; }

    /// <summary>Parameters as they were given, for finding them in a server's words.</summary>
    public IReadOnlyList<string> ParameterTexts => _texts ?? [];

    /// <summary>Puts a value into the path.</summary>
    /// <exception cref="ArgumentException">The value is null, empty or a dot segment, so that it would change the path.</exception>
    public void AddPath<T>(string name, T value)
    {
        var text = ParameterText.Of(value);
        if (text is "" or "." or "..")
        {
            throw new ArgumentException(
                $"{name} must not be null, empty, \".\" or \"..\", since it is part of the path.",
                name
            );
        }

        Remember(text);
        _path = _path.Replace(
            "{" + name + "}",
            Uri.EscapeDataString(text),
            StringComparison.Ordinal
        );
    }

    /// <summary>Refuses null for a parameter that must be there.</summary>
    /// <exception cref="ArgumentException">The value is null.</exception>
    public static void Require<T>(string name, T value)
    {
        if (value is null)
        {
            throw new ArgumentException($"{name} must not be null.", name);
        }
    }

    /// <summary>Adds a query parameter; null adds none.</summary>
    public void AddQuery<T>(string name, T value)
    {
        if (value is null)
        {
            return;
        }

        var text = ParameterText.Of(value);
        Remember(text);
        _query ??= new StringBuilder();
        _query.Append(_query.Length == 0 ? '?' : '&');
        _query.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(text));
    }

    /// <summary>Adds a list: each item under the name (exploded), or all in one, separated by commas.</summary>
    public void AddQueryList<T>(string name, IEnumerable<T>? values, bool explode)
    {
        if (values is null)
        {
            return;
        }

        if (explode)
        {
            foreach (var value in values)
            {
                AddQuery(name, value);
            }

            return;
        }

        var items = values.Select(value => ParameterText.Of(value)).ToList();
        items.ForEach(Remember);
        _query ??= new StringBuilder();
        _query
            .Append(_query.Length == 0 ? '?' : '&')
            .Append(Uri.EscapeDataString(name))
            .Append('=');
        _query.AppendJoin(',', items.Select(Uri.EscapeDataString));
    }

    /// <summary>Adds an object's members as <c>name[member]=value</c> (deepObject).</summary>
    public void AddQueryMap<T>(string name, IEnumerable<KeyValuePair<string, T>>? members)
    {
        foreach (var (member, value) in members ?? [])
        {
            AddQuery($"{name}[{member}]", value);
        }
    }

    /// <summary>Adds a header parameter; null adds none, a list is joined by commas.</summary>
    public void AddHeader<T>(string name, T value)
    {
        if (value is null)
        {
            return;
        }

        var text = value is IEnumerable items and not string
            ? string.Join(',', items.Cast<object?>().Select(item => ParameterText.Of(item)))
            : ParameterText.Of(value);
        HeaderRules.CheckName(name, name);
        HeaderRules.CheckValue(name, text, name);
        Remember(text);
        (_headers ??= []).Add(new(name, text));
    }

    /// <summary>Checks the body against the document and writes it, once for all attempts.</summary>
    /// <exception cref="ArgumentException">The document does not allow it, or JSON has no such value.</exception>
    public void SetBody<T>(T body, JsonCodec<T> codec)
    {
        if (body is null)
        {
            throw new ArgumentNullException(nameof(body));
        }

        Body = RequestBody.Of(body, codec);
    }

    private void Remember(string text) => (_texts ??= []).Add(text);
}
