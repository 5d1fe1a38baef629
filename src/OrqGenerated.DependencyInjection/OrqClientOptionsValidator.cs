using Microsoft.Extensions.Options;
using OrqGenerated.Internal;

namespace OrqGenerated;

/// <summary>Finds at start what the client would find when it is made: a missing key, or two of them.</summary>
internal sealed class OrqClientOptionsValidator(string client) : IValidateOptions<OrqClientOptions>
{
    public string Client => client;

    public ValidateOptionsResult Validate(string? name, OrqClientOptions options)
    {
        if (!string.Equals(name, Client, StringComparison.Ordinal))
        {
            return ValidateOptionsResult.Skip;
        }

        try
        {
            _ = new CallSettings(options);
            _ = new ApiKeys(options);
            return ValidateOptionsResult.Success;
        }
        catch (ArgumentException exception)
        {
            var which = Client.Length == 0 ? "" : $"Client '{Client}': ";
            return ValidateOptionsResult.Fail(which + exception.Message);
        }
    }
}
