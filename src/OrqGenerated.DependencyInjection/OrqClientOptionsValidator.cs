using Microsoft.Extensions.Options;

namespace OrqGenerated;

/// <summary>The name of a client that was registered, and so of options that have to be valid.</summary>
internal sealed record RegisteredClient(string Name);

/// <summary>Finds at start what the client would find at its first call: a missing key, or two of them.</summary>
internal sealed class OrqClientOptionsValidator(IEnumerable<RegisteredClient> clients)
    : IValidateOptions<OrqClientOptions>
{
    public ValidateOptionsResult Validate(string? name, OrqClientOptions options)
    {
        if (!clients.Any(client => string.Equals(client.Name, name, StringComparison.Ordinal)))
        {
            return ValidateOptionsResult.Skip;
        }

        try
        {
            _ = new ApiKeySource(options);
            return ValidateOptionsResult.Success;
        }
        catch (ArgumentException exception)
        {
            return ValidateOptionsResult.Fail(exception.Message);
        }
    }
}
