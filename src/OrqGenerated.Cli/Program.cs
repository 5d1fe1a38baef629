using System.Runtime.InteropServices;
using System.Text;
using OrqGenerated.Cli;

var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var input = Console.OpenStandardInput();
using var output = new StreamWriter(Console.OpenStandardOutput(), encoding);
using var error = new StreamWriter(Console.OpenStandardError(), encoding) { AutoFlush = true };
using var interruption = new CancellationTokenSource();
var terminal = new Terminal(
    input,
    output,
    error,
    Environment.GetEnvironmentVariable,
    IsTerminal: !Console.IsErrorRedirected,
    TimeProvider.System
);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
var exitCode = await CommandLine.RunAsync(args, terminal, interruption.Token);

// A pending read of standard input must not keep the process alive.
Environment.Exit(exitCode);

// The first signal stops the command, the second the process.
void Interrupt(PosixSignalContext context)
{
    context.Cancel = true;
    if (interruption.IsCancellationRequested)
    {
        if (terminal.IsInteractive)
        {
            // The progress bar has hidden the cursor.
            Console.Error.Write("\e[?25h");
        }

        Environment.Exit(ExitCode.Interrupted);
    }

    interruption.Cancel();
}
