namespace OrqGenerated.Tests.Support;

/// <summary>The repository that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OrqGenerated.sln")))
            folder = folder.Parent;

        return folder?.FullName
            ?? throw new InvalidOperationException(
                $"No folder above {AppContext.BaseDirectory} holds OrqGenerated.sln."
            );
    }
}
