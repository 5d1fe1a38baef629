using System.Text;
using Microsoft.OpenApi;

namespace OrqGenerated.Refresh;

internal static class ExitCode
{
    public const int Done = 0;
    public const int OutOfDate = 1;
    public const int BadInput = 2;
    public const int Breaking = 3;
}

/// <summary>Reads the files, reports what changes, and writes the document if there was no error.</summary>
internal sealed class RefreshCommand(Func<Stream> input, TextWriter output, TextWriter error)
{
    /// <summary>Knows the byte order mark; otherwise .NET would switch to lenient decoding after one.</summary>
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    /// <param name="source">A file, or <c>-</c> for standard input.</param>
    /// <param name="target">The document to write; null for the one that belongs to the configuration.</param>
    public int Run(string source, string configFile, string? target, bool isCheck)
    {
        try
        {
            return Refresh(source, configFile, target ?? DocumentOf(configFile), isCheck);
        }
        catch (Exception e) when (e is BadInputException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(e.Message.ReplaceLineEndings(" "));
            return ExitCode.BadInput;
        }
    }

    private int Refresh(string source, string configFile, string target, bool isCheck)
    {
        var config = Blaming(configFile, () => RefreshConfig.Read(ReadFile(configFile), configFile));
        var name = source == "-" ? "standard input" : source;
        var refreshed = Blaming(name, () => RefreshFrom(source == "-" ? ReadInput() : ReadFile(source), name, config));
        var before = File.Exists(target) ? Blaming(target, () => ReadFile(target)) : null;
        var after = CanonicalYaml.Write(refreshed.Document);
        var (report, isBreaking) = before is null
            ? ("", false)
            : Blaming(target, () => ChangeReport.Write(DocumentReader.Read(before, target), refreshed.Document));
        foreach (var note in refreshed.Notes)
            error.WriteLine(note.ReplaceLineEndings(" "));

        if (before == after)
            return ExitCode.Done;

        // Comes first: once the document is written, no further run can report what changed.
        output.Write(report);
        if (isCheck)
        {
            error.WriteLine($"{target} is out of date");
            return ExitCode.OutOfDate;
        }

        // Replaces the file completely or not at all, even if the disk is full.
        File.WriteAllText(target + ".tmp", after);
        File.Move(target + ".tmp", target, overwrite: true);
        return isBreaking ? ExitCode.Breaking : ExitCode.Done;
    }

    private static Refreshed RefreshFrom(string text, string name, RefreshConfig config)
    {
        var upstream = new Upstream(DocumentReader.ReadWhole(text, name), name);
        var refreshed = new Refresher(upstream, config).Refresh();

        // An independent reader of OpenAPI checks the result before anything is written.
        var result = OpenApiDocument.Parse(refreshed.Document.ToJsonString(), OpenApiConstants.Json);
        if (result.Diagnostic?.Errors.FirstOrDefault() is { } first)
            throw new BadInputException($"the refreshed document would not be valid OpenAPI: {first}");

        return refreshed;
    }

    /// <summary>
    /// Names the file in the error about a string where OpenAPI has a mapping, half a surrogate pair, invalid UTF-8 and
    /// the like: there are too many to check each.
    /// </summary>
    private static T Blaming<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            throw new BadInputException($"{file} cannot be used: {e.Message}", e);
        }
    }

    /// <summary><c>refresh.yaml</c> belongs to <c>contacts.yaml</c>, <c>x.refresh.yaml</c> to <c>x.yaml</c>.</summary>
    private static string DocumentOf(string configFile)
    {
        const string suffix = ".refresh.yaml";
        var name = Path.GetFileName(configFile);
        var document =
            name == "refresh.yaml" ? "contacts.yaml"
            : name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] + ".yaml"
            : throw new BadInputException($"--output has to name the document of {configFile}");
        return Path.Combine(Path.GetDirectoryName(configFile) ?? "", document);
    }

    private static string ReadFile(string file) => File.ReadAllText(file, Utf8);

    private string ReadInput()
    {
        using var reader = new StreamReader(input(), Utf8);
        return reader.ReadToEnd();
    }
}
