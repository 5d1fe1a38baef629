using System.Collections.Concurrent;
using System.Web;
using NSwag;

namespace OrqGenerated.ContractTests.Support;

/// <summary>A request or a response that the document does not allow.</summary>
/// <remarks>The client retries only exceptions of connections, so this one ends the call at once.</remarks>
internal sealed class DocumentViolationException(string message) : Exception(message);

/// <summary>
/// Checks every request, and every response that the document declares, against an OpenAPI document. A violation ends
/// the call and is kept in <see cref="Violations"/>, so that it fails the test whatever the outcome.
/// </summary>
internal sealed class DocumentGuard(OpenApiDocument document) : DelegatingHandler
{
    private readonly ConcurrentQueue<string> _violations = [];

    /// <summary>The violations so far, oldest first.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var (operation, violations) = await CheckRequestAsync(request);
        ThrowIfAny($"{request.Method} {request.RequestUri!.AbsolutePath}", violations);
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            var status = (int)response.StatusCode;
            ThrowIfAny(
                $"{status} to {request.Method} {request.RequestUri.AbsolutePath}",
                await CheckResponseAsync(operation!, status, response.Content)
            );
            return response;
        }
        catch (DocumentViolationException)
        {
            response.Dispose();
            throw;
        }
    }

    private void ThrowIfAny(string what, List<string> violations)
    {
        if (violations.Count > 0)
        {
            var message = $"{what}: {string.Join("; ", violations)}";
            _violations.Enqueue(message);
            throw new DocumentViolationException(message);
        }
    }

    private async Task<(OpenApiOperation? Operation, List<string> Violations)> CheckRequestAsync(
        HttpRequestMessage request
    )
    {
        var path = request.RequestUri!.AbsolutePath;
        // A path without templates takes precedence.
        var (template, item) = document
            .Paths.Where(known => PathValues(known.Key, path) is not null)
            .OrderBy(known => known.Key.Contains('{', StringComparison.Ordinal))
            .FirstOrDefault();
        if (item?.ActualPathItem.TryGetValue(request.Method.Method.ToLowerInvariant(), out var operation) is not true)
            return (null, ["the document has no such operation"]);

        var query = HttpUtility.ParseQueryString(request.RequestUri.Query);
        var parameters = operation.ActualParameters.Select(parameter => parameter.ActualParameter).ToList();
        List<string> violations =
        [
            .. query
                .AllKeys.Except(Of(OpenApiParameterKind.Query).Select(parameter => parameter.Name))
                .Select(name => $"query parameter '{name}' is not in the document"),
            .. CheckParameters(Of(OpenApiParameterKind.Query), query.GetValues),
            .. CheckParameters(Of(OpenApiParameterKind.Path), PathValues(template!, path)!.GetValueOrDefault),
            .. CheckParameters(
                Of(OpenApiParameterKind.Header),
                name => request.Headers.TryGetValues(name, out var values) ? [.. values] : null
            ),
        ];
        if (!IsAuthorized(operation, request))
            violations.Add("no credentials of a kind that the document asks for");

        if (operation.ActualRequestBody is { } body && (request.Content is not null || body.IsRequired))
            violations.AddRange(await CheckContentAsync(body.Content, request.Content, Direction.Request));
        else if (operation.ActualRequestBody is null && request.Content is not null)
            violations.Add("the document has no request body here");

        return (operation, violations);

        IEnumerable<OpenApiParameter> Of(OpenApiParameterKind kind) =>
            parameters.Where(parameter => parameter.Kind == kind);
    }

    // The parameter values in a path, or null if the path does not match the template.
    private static Dictionary<string, string[]>? PathValues(string template, string path)
    {
        var names = template.Split('/');
        var values = path.Split('/');
        if (names.Length != values.Length)
            return null;

        var found = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (name, value) in names.Zip(values))
        {
            if (name.StartsWith('{') && name.EndsWith('}'))
                found[name[1..^1]] = [Uri.UnescapeDataString(value)];
            else if (!string.Equals(name, value, StringComparison.Ordinal))
                return null;
        }

        return found;
    }

    private static IEnumerable<string> CheckParameters(
        IEnumerable<OpenApiParameter> parameters,
        Func<string, string[]?> valuesOf
    )
    {
        foreach (var parameter in parameters)
        {
            var place = $"{parameter.Kind.ToString().ToLowerInvariant()} parameter '{parameter.Name}'";
            if (valuesOf(parameter.Name) is { } values)
            {
                var value = DocumentSchema.ParameterValue(parameter, values);
                foreach (var violation in DocumentSchema.Check(parameter, value, Direction.Request))
                    yield return $"{place} {violation}";
            }
            else if (parameter.IsRequired)
            {
                yield return $"{place} is missing";
            }
        }
    }

    // Checks only credentials in the Authorization header; our documents use no others.
    private bool IsAuthorized(OpenApiOperation operation, HttpRequestMessage request)
    {
        var alternatives = operation.ActualSecurity ?? [];
        return alternatives.Count == 0
            || alternatives.Any(all => all.Keys.All(name => IsPresent(document.SecurityDefinitions[name])));

        bool IsPresent(OpenApiSecurityScheme scheme) =>
            scheme.Type != OpenApiSecuritySchemeType.Http
            || string.Equals(request.Headers.Authorization?.Scheme, scheme.Scheme, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<List<string>> CheckResponseAsync(
        OpenApiOperation operation,
        int status,
        HttpContent content
    )
    {
        var responses = operation.ActualResponses;
        if (
            responses.TryGetValue($"{status}", out var declared)
            || responses.TryGetValue($"{status / 100}XX", out declared)
            || responses.TryGetValue("default", out declared)
        )
        {
            return await CheckContentAsync(declared.Content, content, Direction.Response);
        }

        // Documents often omit errors, so an undeclared one is no violation.
        return status >= 400 ? [] : ["the document declares no such status"];
    }

    private static async Task<List<string>> CheckContentAsync(
        IDictionary<string, OpenApiMediaType>? declared,
        HttpContent? content,
        Direction direction
    )
    {
        var bytes = content is null ? [] : await content.ReadAsByteArrayAsync();
        if (declared is not { Count: > 0 })
            return bytes.Length == 0 ? [] : ["the document has no body here"];

        if (bytes.Length == 0)
            return ["the body is missing"];

        var type = content!.Headers.ContentType?.MediaType;
        if (type is null || !declared.TryGetValue(type, out var media))
            return [$"the content type is '{type}', not {string.Join(" or ", declared.Keys)}"];

        if (!type.EndsWith("json", StringComparison.Ordinal) || media.Schema is null)
            return [];

        return DocumentSchema.Parse(bytes) is { } json
            ? [.. DocumentSchema.Check(media.Schema, json, direction)]
            : ["the body is not JSON"];
    }
}
