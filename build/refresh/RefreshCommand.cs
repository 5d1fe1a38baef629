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

    /// <summary>The file read last, whose content an error is about.</summary>
    private string _file = "";

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
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            // A string where OpenAPI has a mapping, invalid UTF-8 and the like; there are too many to check each.
            error.WriteLine($"{_file} cannot be used: {e.Message.ReplaceLineEndings(" ")}");
            return ExitCode.BadInput;
        }
    }

    private int Refresh(string source, string configFile, string target, bool isCheck)
    {
        var config = RefreshConfig.Read(Read(configFile), configFile);
        var refreshed = RefreshFrom(Read(source), config);
        var after = CanonicalYaml.Write(refreshed.Document);
        var before = File.Exists(target) ? Read(target) : null;
        var (report, isBreaking) = before is null
            ? ("", false)
            : ChangeReport.Write(DocumentReader.Read(before, target), refreshed.Document);
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

    private Refreshed RefreshFrom(string text, RefreshConfig config)
    {
        var upstream = new Upstream(DocumentReader.ReadWhole(text, _file), _file);
        var refreshed = new Refresher(upstream, config).Refresh();

        // An independent reader of OpenAPI checks the result before anything is written.
        var result = OpenApiDocument.Parse(refreshed.Document.ToJsonString(), OpenApiConstants.Json);
        if (result.Diagnostic?.Errors.FirstOrDefault() is { } first)
            throw new BadInputException($"the refreshed document would not be valid OpenAPI: {first}");

        return refreshed;
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

    private string Read(string file)
    {
        _file = file == "-" ? "standard input" : file;
        using var reader = file == "-" ? new StreamReader(input(), Utf8) : new StreamReader(file, Utf8);
        return reader.ReadToEnd();
    }
}
