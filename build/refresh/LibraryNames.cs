using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace OrqGenerated.Refresh;

/// <summary>The names that the compiled library has a meaning for, so that no schema may have them.</summary>
internal static class LibraryNames
{
    /// <summary>
    /// The library's own types, and all types of the namespaces that it uses, as its assembly tells. Constants leave no
    /// trace of their types there, hence all types.
    /// </summary>
    public static IEnumerable<string> All(string library)
    {
        var used = Read(library);
        var namespaces = used.Select(t => t.Namespace).ToHashSet(StringComparer.Ordinal);
        var roots = namespaces.Select(n => n.Split('.')[0]);
        var known = Directory
            .GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll")
            .Concat(Directory.GetFiles(Path.GetDirectoryName(Path.GetFullPath(library))!, "*.dll"))
            .Where(f => !Path.GetFileName(f).StartsWith("OrqGenerated", StringComparison.Ordinal))
            .SelectMany(PublicTypes)
            .Where(t => namespaces.Contains(t.Namespace));
        return used.Concat(known)
            .Select(t => t.Name)
            .Concat(roots)
            .Where(n => n.Length > 0 && n.All(char.IsAsciiLetterOrDigit))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
    }

    /// <summary>The types that the library declares by hand, and those that it refers to.</summary>
    public static List<(string Namespace, string Name)> Read(string library)
    {
        using var file = new PEReader(File.OpenRead(library));
        var metadata = file.GetMetadataReader();
        var own = metadata
            .TypeDefinitions.Select(metadata.GetTypeDefinition)
            .Where(t => !t.IsNested && !IsGenerated(metadata, t))
            .Select(t => (t.Namespace, t.Name));
        var others = metadata.TypeReferences.Select(metadata.GetTypeReference).Select(t => (t.Namespace, t.Name));
        return Named(metadata, own.Concat(others));
    }

    private static List<(string Namespace, string Name)> PublicTypes(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        if (!file.HasMetadata)
        {
            return [];
        }

        var metadata = file.GetMetadataReader();
        var types = metadata.TypeDefinitions.Select(metadata.GetTypeDefinition);
        return Named(
            metadata,
            types
                .Where(t => t.Attributes.HasFlag(TypeAttributes.Public) && !t.IsNested)
                .Select(t => (t.Namespace, t.Name))
        );
    }

    private static List<(string Namespace, string Name)> Named(
        MetadataReader metadata,
        IEnumerable<(StringHandle Namespace, StringHandle Name)> types
    ) => [.. types.Select(t => (metadata.GetString(t.Namespace), metadata.GetString(t.Name).Split('`')[0]))];

    /// <summary>Whether NSwag's templates made it; they say so in an attribute.</summary>
    private static bool IsGenerated(MetadataReader metadata, TypeDefinition type) =>
        type.GetCustomAttributes()
            .Select(a => metadata.GetCustomAttribute(a).Constructor)
            .Where(c => c.Kind == HandleKind.MemberReference)
            .Select(c => metadata.GetMemberReference((MemberReferenceHandle)c).Parent)
            .Where(p => p.Kind == HandleKind.TypeReference)
            .Any(p =>
                metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)p).Name) == "GeneratedCodeAttribute"
            );
}
