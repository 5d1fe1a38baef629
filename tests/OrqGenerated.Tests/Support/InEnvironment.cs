namespace OrqGenerated.Tests.Support;

/// <summary>Sets an environment variable, or removes it if the value is null, until it is disposed.</summary>
internal sealed class InEnvironment : IDisposable
{
    private readonly string _name;
    private readonly string? _before;

    public InEnvironment(string name, string? value)
    {
        _name = name;
        _before = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, value);
    }

    public void Dispose() => Environment.SetEnvironmentVariable(_name, _before);
}
