using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace OrqGenerated.Refresh;

internal static class ExitCode
{
    public const int Done = 0;
    public const int OutOfDate = 1;
    public const int BadInput = 2;
    public const int Breaking = 3;
}

/// <summary>Reads the files, refreshes, reports, and replaces the document as a whole or not at all.</summary>
internal sealed class RefreshCommand(Func<Stream> input, TextWriter output, TextWriter error)
{
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
            () => new RefreshConfig(DocumentReader.Read(ReadFile(configFile), configFile), configFile)
        );
        var name = source == "-" ? "standard input" : source;
        var text = source == "-" ? DocumentReader.Decode(input(), name) : ReadFile(source);
        var upstream = Shaped(name, () => new Upstream(DocumentReader.ReadWhole(text, name), name));

        var before = File.Exists(target) ? ReadFile(target) : null;
        var previous = before is null ? null : TryReadPrevious(before, target);
        var refreshed = Shaped(name, () => Validated(new Refresher(upstream, config).Refresh(previous)));
        var after = CanonicalYaml.Write(refreshed.Document);
        var (report, isBreaking) = previous is null
            ? ("", before is not null)
            : ChangeReport.Write(previous, refreshed.Document);
        if (before != after && !isCheck)
        {
            Replace(target, after);
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
            // A text where OpenAPI has a mapping, half a surrogate pair, and the like: there are more ways than are
            // worth a check each.
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

    private static string ReadFile(string file) => DocumentReader.Decode(File.OpenRead(file), file);

    private JsonObject? TryReadPrevious(string text, string file)
    {
        try
        {
            var root = Shaped(file, () => new Upstream(DocumentReader.Read(text, file), file).Root);
            _ = Shaped(file, () => new CSharpApi(root));
            return root;
        }
        catch (BadInputException e)
        {
            error.WriteLine($"no comparison with the document as it was: {e.Message}");
            return null;
        }
    }

    /// <summary>A second opinion, by a reader that is not ours, before anything is written.</summary>
    private static Refreshed Validated(Refreshed refreshed)
    {
        var result = OpenApiDocument.Parse(refreshed.Document.ToJsonString(), OpenApiConstants.Json);

        // Two paths that differ in the names of their parameters only are two methods for a client.
        var errors = result.Diagnostic?.Errors.Where(e =>
            e is not OpenApiValidatorError { RuleName: nameof(OpenApiPathsRules.PathMustBeUnique) }
        );
        return errors?.FirstOrDefault() is { } first
            ? throw new BadInputException($"the refreshed document would not be valid OpenAPI: {first}")
            : refreshed;
    }

    private static void Replace(string file, string text)
    {
        var temporary = $"{file}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
