using OrqGenerated.Tests.Support;

namespace OrqGenerated.PackageTests;

/// <summary>The exit code and the output of a command.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    public string Text => Output + Errors;

    public CommandResult MustSucceed()
    {
        Assert.That(ExitCode, Is.Zero, $"the command should succeed, but printed:\n{Text}");
        return this;
    }
}

/// <summary>Runs programs in an environment that shows no trace of the running test.</summary>
internal static class Command
{
    public static Task<CommandResult> RunAsync(string folder, string program, params string[] arguments) =>
        RunAsync(folder, program, arguments, []);

    public static async Task<CommandResult> RunAsync(
        string folder,
        string program,
        string[] arguments,
        (string Name, string? Value)[] environment
    )
    {
        using var process = Start(folder, program, arguments, environment);
        var (exitCode, output, error) = await process.ExitAsync();
        return new CommandResult(exitCode, output, error);
    }

    public static TestProcess Start(
        string folder,
        string program,
        string[] arguments,
        params (string Name, string? Value)[] environment
    ) =>
        TestProcess.Dotnet(
            program,
            arguments,
            folder,
            [("NUGET_PACKAGES", null), ("ORQ_API_KEY", null), .. environment]
        );
}
