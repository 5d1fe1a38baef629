using System.CommandLine;
using System.Text.Json;
using OrqGenerated.Sandbox;

namespace OrqGenerated.Cli;

/// <summary><c>sandbox</c>: the in-process server alone, for programs in other processes; for measuring and trying out.</summary>
internal static class SandboxCommand
{
    public static Command Build(Terminal terminal)
    {
        var port = new Option<int>("--port")
        {
            Description = "The loopback port; a free one by default.",
        };
        var command = new Command(
            "sandbox",
            "Runs the sandbox until standard input ends; prints its URL and its key as one line of JSON."
        )
        {
            port,
        };
        command.Hidden = true;
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var options = new OrqSandboxOptions
                {
                    Port = parsed.GetValue(port),
                    RecordRequests = false,
                    MaxContacts = 100_000,
                };
                var sandbox = await OrqSandbox
                    .StartAsync(options, cancellationToken)
                    .ConfigureAwait(false);
                await using (sandbox.ConfigureAwait(false))
                {
                    var line = JsonSerializer.Serialize(
                        new { server_url = sandbox.ServerUrl, api_key = sandbox.ApiKey }
                    );
                    await terminal.Output.WriteLineAsync(line).ConfigureAwait(false);
                    await terminal.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
                    await terminal
                        .Input.CopyToAsync(Stream.Null, cancellationToken)
                        .WaitAsync(cancellationToken)
                        .ConfigureAwait(false);
                }

                return ExitCode.Done;
            }
        );
        return command;
    }
}
