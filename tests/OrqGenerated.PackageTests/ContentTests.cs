using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace OrqGenerated.PackageTests;

/// <summary>The files of the packages.</summary>
internal sealed class ContentTests
{
    private static readonly string[] Libraries = Packages.Ids[..3];

    [TestCase(
        "OrqGenerated",
        "net10.0: Microsoft.Extensions.Logging.Abstractions, Newtonsoft.Json",
        "net8.0: Microsoft.Extensions.Logging.Abstractions, Newtonsoft.Json"
    )]
    [TestCase(
        "OrqGenerated.DependencyInjection",
        "net10.0: Microsoft.Extensions.Http, OrqGenerated [9999.0.0]",
        "net8.0: Microsoft.Extensions.Http, OrqGenerated [9999.0.0]"
    )]
    [TestCase("OrqGenerated.Sandbox", "net10.0: ")]
    public void A_library_depends_only_on_what_it_needs(string id, params string[] expected)
    {
        // The packages share internals, so each depends on exactly its own version of the other.
        var groups = Elements(Manifest(id), "group")
            .Where(group => group.Parent!.Name.LocalName == "dependencies")
            .Select(group => $"{group.Attribute("targetFramework")!.Value}: {string.Join(", ", Names(group))}");

        Assert.That(groups, Is.EqualTo(expected));
    }

    [TestCaseSource(typeof(Packages), nameof(Packages.Ids))]
    public void A_package_has_a_readme_an_icon_a_license_and_a_description(string id)
    {
        var manifest = Manifest(id);
        using var package = Packages.Open(id);

        Assert.Multiple(() =>
        {
            foreach (var (element, file) in new[] { ("readme", "README.md"), ("icon", "icon.png") })
            {
                Assert.That(Text(manifest, element), Is.EqualTo(file));
                Assert.That(package.GetEntry(file)?.Length, Is.GreaterThan(0), file);
            }

            Assert.That(Text(manifest, "license"), Is.EqualTo("MIT"));
            Assert.That(package.GetEntry("LICENSE"), Is.Not.Null, "the text of the license");
            Assert.That(Text(manifest, "description"), Is.Not.Empty.And.Not.EqualTo("Package Description"));
            Assert.That(Text(manifest, "tags"), Does.Contain("orq.ai"));
        });
    }

    [TestCaseSource(typeof(Packages), nameof(Packages.Ids))]
    public void A_package_names_its_repository_only_if_it_is_public(string id)
    {
        var repository = Elements(Manifest(id), "repository").SingleOrDefault()?.Attribute("url")?.Value;

        Assert.That(repository, Is.Null.Or.StartsWith("https://"));
    }

    [TestCaseSource(nameof(Libraries))]
    public void A_library_is_deterministic_and_can_be_debugged(string id)
    {
        using var package = Packages.Open(id);
        using var symbols = Packages.Open(id, "snupkg");
        foreach (var assembly in package.Entries.Where(entry => Path.GetExtension(entry.FullName) == ".dll"))
        {
            using var pe = new PEReader(Bytes(assembly));
            Assert.That(
                pe.ReadDebugDirectory().Select(entry => entry.Type),
                Does.Contain(DebugDirectoryEntryType.Reproducible),
                $"{assembly.FullName} must be deterministic"
            );

            var pdb = symbols.GetEntry(Path.ChangeExtension(assembly.FullName, "pdb"));
            Assert.That(pdb, Is.Not.Null, $"symbols of {assembly.FullName}");
            using var provider = MetadataReaderProvider.FromPortablePdbStream(Bytes(pdb!));
            var reader = provider.GetMetadataReader();
            var sources = reader
                .Documents.Select(handle => (Handle: handle, Name: reader.GetString(reader.GetDocument(handle).Name)))
                .ToList();
            Assert.That(
                sources.Select(source => source.Name),
                Is.All.StartsWith("/_/"),
                "symbols must name sources relative to the root, wherever they were built"
            );
            Assert.That(
                sources
                    .Where(source => source.Name.Contains("/obj/", StringComparison.Ordinal))
                    .Where(source => reader.GetCustomDebugInformation(source.Handle).Count == 0)
                    .Select(source => source.Name),
                Is.Empty,
                "symbols must embed generated sources, which are in no repository"
            );
        }
    }

    [TestCaseSource(nameof(Libraries))]
    public void The_XML_documentation_omits_internal_types(string id)
    {
        using var package = Packages.Open(id);
        var files = package
            .Entries.Where(entry => Path.GetExtension(entry.FullName) == ".xml")
            .Where(entry => entry.FullName.StartsWith("lib/", StringComparison.Ordinal))
            .ToList();

        Assert.That(files, Is.Not.Empty);
        foreach (var file in files)
        {
            var members = XDocument
                .Load(Bytes(file))
                .Descendants("member")
                .Select(member => member.Attribute("name")!.Value)
                .ToList();
            Assert.That(members, Is.Not.Empty);
            Assert.That(members, Has.None.Contains("Internal."));
        }
    }

    private static IEnumerable<string> Names(XElement group) =>
        group
            .Elements()
            .Select(item => (Id: item.Attribute("id")!.Value, Version: item.Attribute("version")!.Value))
            .Select(item => item.Version.StartsWith('[') ? $"{item.Id} {item.Version}" : item.Id)
            .Order(StringComparer.Ordinal);

    private static XDocument Manifest(string id)
    {
        using var package = Packages.Open(id);
        return XDocument.Load(Bytes(package.GetEntry($"{id}.nuspec")!));
    }

    private static MemoryStream Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        bytes.Position = 0;
        return bytes;
    }

    private static IEnumerable<XElement> Elements(XDocument manifest, string name) =>
        manifest.Descendants().Where(element => element.Name.LocalName == name);

    private static string Text(XDocument manifest, string name) => Elements(manifest, name).Single().Value;
}
