using System.CodeDom.Compiler;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Refresh;

/// <summary>
/// No schema may have the name of a type that the library uses: build/refresh/ReservedNames.txt lists the library's own
/// types and all types of the namespaces it uses, since a constant leaves no trace of its type.
/// </summary>
internal sealed class ReservedNameTests
{
    private const string Update = "UPDATE_RESERVED_NAMES";

    private static readonly Assembly Library = typeof(OrqClientOptions).Assembly;
    private static readonly Regex Line = new("(?<names>.{1,118})(?: |$)", RegexOptions.NonBacktracking);

    [Test]
    public void Every_name_that_the_library_uses_is_reserved()
    {
        var list = Repository.PathTo("build", "refresh", "ReservedNames.txt");
        var used = UsedTypes();
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            var namespaces = used.Select(t => t.Namespace).ToHashSet(StringComparer.Ordinal);
            var known = KnownTypes().Where(t => namespaces.Contains(t.Namespace)).Select(t => t.Name);
            var all = Names(used).Concat(known).Concat(namespaces.Select(n => n.Split('.')[0]));
            File.WriteAllText(list, Line.Replace(string.Join(' ', Sorted(all)), "${names}\n"));
        }

        Assert.That(
            Sorted(Names(used)).Except(File.ReadAllText(list).Split([' ', '\n']), StringComparer.Ordinal),
            Is.Empty,
            $"`{Update}=1 dotnet test tests/OrqGenerated.Tests --filter ReservedName` writes the list"
        );
    }

    /// <summary>The names of types, and of namespaces nested in that of the generated code.</summary>
    private static IEnumerable<string> Names(List<(string Namespace, string Name)> types) =>
        types.SelectMany(t =>
            t.Namespace.Split('.') is ["OrqGenerated", var inner, ..] ? [t.Name, inner] : (string[])[t.Name]
        );

    /// <summary>The handwritten types of the library, and those it references.</summary>
    private static List<(string Namespace, string Name)> UsedTypes() =>
        [
            .. Library
                .GetTypes()
                .Where(t => !t.IsNested && t.GetCustomAttribute<GeneratedCodeAttribute>() is null)
                .Select(t => (t.Namespace ?? "", t.Name)),
            .. Read(
                Library.Location,
                metadata => metadata.TypeReferences.Select(metadata.GetTypeReference).Select(t => (t.Namespace, t.Name))
            ),
        ];

    /// <summary>The public types of .NET and of the packages in the output folder.</summary>
    private static IEnumerable<(string Namespace, string Name)> KnownTypes() =>
        Directory
            .GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll")
            .Concat(Directory.GetFiles(Path.GetDirectoryName(Library.Location)!, "*.dll"))
            .Where(f => !Path.GetFileName(f).StartsWith("OrqGenerated", StringComparison.Ordinal))
            .SelectMany(f =>
                Read(
                    f,
                    metadata =>
                        metadata
                            .TypeDefinitions.Select(metadata.GetTypeDefinition)
                            .Where(t => t.Attributes.HasFlag(TypeAttributes.Public) && !t.IsNested)
                            .Select(t => (t.Namespace, t.Name))
                )
            );

    private static List<(string Namespace, string Name)> Read(
        string file,
        Func<MetadataReader, IEnumerable<(StringHandle Namespace, StringHandle Name)>> types
    )
    {
        using var image = new PEReader(File.OpenRead(file));
        var metadata = image.HasMetadata ? image.GetMetadataReader() : null;
        return metadata is null
            ? []
            : [.. types(metadata).Select(t => (metadata.GetString(t.Namespace), metadata.GetString(t.Name)))];
    }

    private static IEnumerable<string> Sorted(IEnumerable<string> names) =>
        names
            .Select(n => n.Split('`')[0])
            .Where(n => n.Length > 0 && n.All(char.IsAsciiLetterOrDigit))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
}
