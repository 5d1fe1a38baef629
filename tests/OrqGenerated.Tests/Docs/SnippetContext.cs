using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace OrqGenerated.Tests.Docs;

/// <summary>Names that a snippet assumes; its own declarations hide these.</summary>
public abstract class SnippetContext
{
    protected string[] args { get; } = [];
    protected IContactsClient client { get; } = null!;
    protected CreateContactRequestBody body { get; } = null!;
    protected IAsyncEnumerable<CreateContactRequestBody> bodies { get; } = null!;
    protected Person dto { get; } = null!;
    protected CancellationToken cancellationToken { get; }
    protected IServiceCollection services { get; } = null!;
    protected IConfiguration configuration { get; } = null!;
    protected string euKey { get; } = null!;
    protected KeyStore vault { get; } = null!;
    protected HttpMessageHandler handler { get; } = null!;

    /// <summary>The reader's own type, with fields that may be null.</summary>
    public sealed record Person(string? Name, bool HasEmail, string? Email);

    /// <summary>The reader's key store.</summary>
    public abstract class KeyStore
    {
        public abstract ValueTask<string> GetSecretAsync(string name, CancellationToken token);
    }
}
