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

/// <summary>Reads the files, refreshes, reports, and writes the document unless something is wrong.</summary>
internal sealed class RefreshCommand(Func<Stream> input, TextWriter output, TextWriter error)
{
    /// <summary>Knows the byte order mark, because .NET would read on without errors behind one.</summary>
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    /// <param name="source">A file, or <c>-</c> for standard input.</param>
    /// <param name="target">The document, or null for the one that belongs to the config.</param>
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
        var config = Shaped(
            configFile,
            () => RefreshConfig.Read(DocumentReader.Read(ReadFile(configFile), configFile), configFile)
        );
        var name = source == "-" ? "standard input" : source;
        var refreshed = Shaped(
            name,
            () =>
            {
                var text = source == "-" ? ReadInput() : ReadFile(source);
                var upstream = new Upstream(DocumentReader.ReadWhole(text, name), name);
                return Validated(new Refresher(upstream, config).Refresh());
            }
        );
        var before = File.Exists(target) ? Shaped(target, () => ReadFile(target)) : null;
        var after = CanonicalYaml.Write(refreshed.Document);
        var (report, isBreaking) = before is null
            ? ("", false)
            : Shaped(target, () => ChangeReport.Write(DocumentReader.Read(before, target), refreshed.Document));
        if (before != after && !isCheck)
        {
            // Replaced as a whole or not at all, also on a full disk.
            File.WriteAllText(target + ".tmp", after);
            File.Move(target + ".tmp", target, overwrite: true);
        }

        foreach (var note in refreshed.Notes)
        {
            error.WriteLine(note.ReplaceLineEndings(" "));
        }

        if (before == after)
        {
            return ExitCode.Done;
        }

        output.Write(report);
        if (isCheck)
        {
            error.WriteLine($"{target} is out of date");
            return ExitCode.OutOfDate;
        }

        return isBreaking ? ExitCode.Breaking : ExitCode.Done;
    }

    private static T Shaped<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            // A text where OpenAPI has a mapping, half a surrogate pair, bytes that are no UTF-8, and the like: there
            // are more ways than are worth a check each.
            throw new BadInputException($"{file} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>
    /// <c>refresh.yaml</c> is for <c>contacts.yaml</c> beside it, <c>x.refresh.yaml</c> for <c>x.yaml</c>.
    /// </summary>
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

    /// <summary>A second opinion, by a reader that is not ours, before anything is written.</summary>
    private static Refreshed Validated(Refreshed refreshed)
    {
        var result = OpenApiDocument.Parse(refreshed.Document.ToJsonString(), OpenApiConstants.Json);
        return result.Diagnostic?.Errors.FirstOrDefault() is { } first
            ? throw new BadInputException($"the refreshed document would not be valid OpenAPI: {first}")
            : refreshed;
    }
}
