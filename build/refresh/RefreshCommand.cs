using System.Text;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace OrqGenerated.Refresh;

internal static class ExitCode
{
    public const int Done = 0;
    public const int OutOfDate = 1;
    public const int BadInput = 2;
    public const int Breaking = 3;
}

/// <param name="Upstream">A file, or <c>-</c>.</param>
/// <param name="Config">A file, or null for the repository's.</param>
/// <param name="Output">A file, or null for the repository's.</param>
internal sealed record RefreshArguments(
    string Upstream,
    string? Config,
    string? Output,
    bool Check,
    bool All
);

/// <summary>Reads the files, refreshes, reports, and replaces the document as a whole or not at all.</summary>
internal sealed class RefreshCommand(Func<Stream> input, TextWriter output, TextWriter error)
{
    public int Run(RefreshArguments arguments)
    {
        try
        {
            return Refresh(arguments);
        }
        catch (Exception e)
            when (e is BadInputException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(e.Message.ReplaceLineEndings(" "));
            return ExitCode.BadInput;
        }
    }

    private int Refresh(RefreshArguments arguments)
    {
        if (arguments is { All: true, Config: not null } or { All: true, Output: null })
        {
            throw new BadInputException("--all takes no --config, and needs --output");
        }

        var configFile = arguments.All ? null : arguments.Config ?? InRepository("refresh.yaml");
        var target = arguments.Output ?? InRepository("contacts.yaml");
        var config = configFile is null
            ? null
            : RefreshConfig.Read(DocumentReader.Read(ReadFile(configFile), configFile), configFile);
        var name = arguments.Upstream == "-" ? "standard input" : arguments.Upstream;
        var text = arguments.Upstream == "-" ? ReadInput(name) : ReadFile(arguments.Upstream);
        var upstream = new Upstream(DocumentReader.ReadWhole(text, name), name);

        var before = File.Exists(target) ? ReadFile(target) : null;
        var previous = before is null || arguments.All ? null : TryReadPrevious(before, target);
        var refreshed = Shaped(
            name,
            () =>
                Refresher.Refresh(
                    upstream,
                    config ?? RefreshConfig.WholeDocument(upstream.Root),
                    previous
                )
        );
        Shaped(name, () => Validate(refreshed.Document));
        var after = CanonicalYaml.Write(refreshed.Document);

        var report = Shaped(target, () => new ChangeReport(previous, refreshed));
        if (before != after && !arguments.Check)
        {
            Replace(target, after);
        }

        foreach (var note in refreshed.Notes)
        {
            error.WriteLine(note);
        }

        if (before == after)
        {
            return ExitCode.Done;
        }

        output.Write(report.ToMarkdown());
        if (arguments.Check)
        {
            error.WriteLine($"{target} is out of date");
            return ExitCode.OutOfDate;
        }

        return report.IsBreaking ? ExitCode.Breaking : ExitCode.Done;
    }

    private static T Shaped<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e)
            when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            // A text where OpenAPI has a mapping, and the like: there are more ways than are worth a check each.
            throw new BadInputException($"{file} is not valid OpenAPI: {e.Message}", e);
        }
    }

    private static string InRepository(string file)
    {
        for (
            var folder = new DirectoryInfo(Directory.GetCurrentDirectory());
            folder is not null;
            folder = folder.Parent
        )
        {
            if (File.Exists(Path.Combine(folder.FullName, "openapi", "refresh.yaml")))
            {
                return Path.Combine(folder.FullName, "openapi", file);
            }
        }

        throw new BadInputException(
            "no openapi/refresh.yaml in this folder or above it; --config and --output name the files"
        );
    }

    private static string ReadFile(string file) =>
        File.Exists(file)
            ? DocumentReader.Decode(File.ReadAllBytes(file), file)
            : throw new BadInputException($"{file} does not exist");

    private string ReadInput(string name)
    {
        using var stream = input();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return DocumentReader.Decode(bytes.ToArray(), name);
    }

    private JsonObject? TryReadPrevious(string text, string file)
    {
        try
        {
            var previous = DocumentReader.Read(text, file);
            _ = new Upstream(previous, file);
            return previous;
        }
        catch (BadInputException e)
        {
            error.WriteLine($"no comparison with the document as it was: {e.Message}");
            return null;
        }
    }

    /// <summary>A second opinion, by a reader that is not ours, before anything is written.</summary>
    private static JsonObject Validate(JsonObject document)
    {
        var result = OpenApiDocument.Parse(document.ToJsonString(), OpenApiConstants.Json);

        // Two paths that differ in the names of their parameters only are two methods for a client.
        var errors = result.Diagnostic?.Errors.Where(e =>
            e is not OpenApiValidatorError { RuleName: nameof(OpenApiPathsRules.PathMustBeUnique) }
        );
        if (errors?.FirstOrDefault() is { } first)
        {
            throw new BadInputException(
                $"the refreshed document would not be valid OpenAPI: {first}"
            );
        }

        return document;
    }

    private static void Replace(string file, string text)
    {
        var temporary = $"{file}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllText(temporary, text, new UTF8Encoding(false));
            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
