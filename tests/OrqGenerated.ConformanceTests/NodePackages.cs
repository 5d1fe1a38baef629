using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.ConformanceTests;

/// <summary>Node.js is missing or outdated; the message says what to install.</summary>
internal sealed class NodeMissingException(Exception? inner = null)
    : InvalidOperationException("Install Node.js 20 or newer with npm and put it on the PATH.", inner);

/// <summary>The scripts in the folder <c>npm</c> and their packages.</summary>
internal static class NodePackages
{
    private static readonly string Source = Repository.PathTo("tests", "OrqGenerated.ConformanceTests", "npm");

    private static readonly Lazy<Task<string>> Restored = new(RestoreOnceAsync);

    /// <summary>Runs <c>npm ci</c>, unless it already ran for the current files.</summary>
    /// <exception cref="NodeMissingException">Node.js is missing or too old.</exception>
    /// <exception cref="InvalidOperationException">The packages could not be restored.</exception>
    public static Task RestoreAsync() => Restored.Value;

    /// <summary>Starts <c>node</c> on a script.</summary>
    /// <param name="script">Its path in <c>npm</c> or its packages.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<TestProcess> StartAsync(string script, params string[] arguments)
    {
        var folder = await Restored.Value.ConfigureAwait(false);
        return Start("node", folder, [Path.Combine(folder, script), .. arguments]);
    }

    /// <summary>Runs a script to its end, without input.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string script, params string[] arguments)
    {
        using var process = await StartAsync(script, arguments).ConfigureAwait(false);
        return await EndAsync(process).ConfigureAwait(false);
    }

    // Each version of the files has its own folder. It is filled under another name and then renamed, so that of
    // several processes at once the first one wins and the others use its folder.
    private static async Task<string> RestoreOnceAsync()
    {
        await RequireNodeAsync().ConfigureAwait(false);
        var files = Directory.GetFiles(Source).Order(StringComparer.Ordinal).ToList();
        var folder = Path.Combine(Source, "..", "obj", "npm", await HashAsync(files).ConfigureAwait(false));
        if (Directory.Exists(folder))
            return folder;

        var filling = $"{folder}.{Path.GetRandomFileName()}";
        Directory.CreateDirectory(filling);
        files.ForEach(file => File.Copy(file, Path.Combine(filling, Path.GetFileName(file))));
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        using var process = Start(npm, filling, ["ci"]);
        var (exitCode, output) = await EndAsync(process).ConfigureAwait(false);
        if (exitCode != 0)
            throw new InvalidOperationException($"npm ci failed in {filling}: {output}");

        try
        {
            Directory.Move(filling, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Directory.Delete(filling, recursive: true);
        }

        return folder;
    }

    private static async Task RequireNodeAsync()
    {
        using var process = Start("node", Source, ["--version"]);
        var (_, version) = await EndAsync(process).ConfigureAwait(false);
        var major = version.TrimStart('v').Split('.')[0];
        if (!int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 20)
            throw new NodeMissingException();
    }

    private static async Task<string> HashAsync(List<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
            hash.AppendData(await File.ReadAllBytesAsync(file).ConfigureAwait(false));

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static async Task<(int ExitCode, string Output)> EndAsync(TestProcess process)
    {
        process.CloseInput();
        var (exitCode, output, error) = await process.ExitAsync().ConfigureAwait(false);
        return (exitCode, output + error);
    }

    private static TestProcess Start(string program, string folder, string[] arguments)
    {
        try
        {
            // Tests contact only their own servers.
            return new TestProcess(
                program,
                arguments,
                folder,
                ("REDOCLY_TELEMETRY", "off"),
                ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
            )
            {
                Limit = TimeSpan.FromMinutes(5),
            };
        }
        catch (Win32Exception e)
        {
            throw new NodeMissingException(e);
        }
    }
}
