using Microsoft.CodeAnalysis;

namespace OrqGenerated.Tests;

/// <summary>The assemblies that the tests run on, for the compiler: .NET and all that the tests reference.</summary>
internal static class CompilerReferences
{
    public static IReadOnlyList<MetadataReference> All { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(file => MetadataReference.CreateFromFile(file)),
    ];
}
