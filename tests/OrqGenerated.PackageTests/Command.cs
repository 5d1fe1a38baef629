using System.Diagnostics;

namespace OrqGenerated.PackageTests;

/// <summary>How a command ended, and what it printed.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    public string Text => Output + Errors;

    public CommandResult MustSucceed()
    {
        Assert.That(ExitCode, Is.Zero, $"the command should succeed, but printed:\n{Text}");
        return this;
    }
}

/// <summary>Programs that a test starts, in an environment without traces of the build that runs the test.</summary>
internal static class Command
{
    public static Task<CommandResult> RunAsync(string folder, string program, params string[] arguments) =>
        RunAsync(folder, program, arguments, null);

    public static async Task<CommandResult> RunAsync(
        string folder,
        string program,
        string[] arguments,
        IReadOnlyDictionary<string, string>? environment
    )
    {
        using var process = Start(folder, program, arguments, environment);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, output.ReplaceLineEndings("\n"), await errors);
    }

    public static Process Start(
        string folder,
        string program,
        string[] arguments,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            var name in start.Environment.Keys.Where(name =>
                name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
                || name is "NUGET_PACKAGES" or "ORQ_API_KEY"
            )
        )
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        // No server process outlives the test.
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
