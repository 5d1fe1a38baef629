using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.ContractTests.Support;

/// <summary>The npm packages of <c>tests/servers</c>, restored when they are missing or other than the lock file says.</summary>
internal static class NodePackages
{
    private static readonly string Folder = Repository.PathTo("tests", "servers");
    private static readonly string NodeModules = Path.Combine(Folder, "node_modules");

    /// <summary>Written after a complete restore, with the hash of the lock file that was restored.</summary>
    private static readonly string Stamp = Path.Combine(NodeModules, ".restored");

    /// <summary>Starts <c>node</c> on a script of <c>tests/servers</c> with all streams redirected.</summary>
    public static Process StartNode(string script, params string[] arguments) =>
        Start("node", [Path.Combine(Folder, script), .. arguments]);

    /// <summary>Runs <c>npm ci</c> unless its result is already there. Two processes may call this at once.</summary>
    public static async Task RestoreAsync()
    {
        using var onlyOne = await LockAsync();
        var wanted = Convert.ToHexString(
            SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Folder, "package-lock.json")))
        );
        if (File.Exists(Stamp) && await File.ReadAllTextAsync(Stamp) == wanted)
        {
            return;
        }

        using var npm = Start(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci"]);
        npm.StandardInput.Close();
        var output = npm.StandardOutput.ReadToEndAsync();
        var error = await npm.StandardError.ReadToEndAsync();
        await npm.WaitForExitAsync();
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"npm ci failed in {Folder}: {error} {await output}"
            );
        }

        await File.WriteAllTextAsync(Stamp, wanted);
    }

    private static async Task<FileStream> LockAsync()
    {
        // Beside node_modules, which npm ci deletes.
        var path = Path.Combine(Folder, ".restore-lock");
        while (true)
        {
            try
            {
                return new FileStream(
                    path,
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None
                );
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }
    }

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A test asks nobody but its own servers.
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException(
                "Install Node.js, version 20 or newer with npm, and put it on the PATH: the servers that the contract tests talk to come with it.",
                e
            );
        }
    }
}
