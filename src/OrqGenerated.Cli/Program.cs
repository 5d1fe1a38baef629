using System.Runtime.InteropServices;
using System.Text;
using OrqGenerated.Cli;

var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var input = Console.OpenStandardInput();
using var output = new StreamWriter(Console.OpenStandardOutput(), encoding);
using var error = new StreamWriter(Console.OpenStandardError(), encoding) { AutoFlush = true };
using var interruption = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);

var terminal = new Terminal(
    input,
    output,
    error,
    Environment.GetEnvironmentVariable,
    IsInteractive: !Console.IsErrorRedirected
);
return await CommandLine.RunAsync(args, terminal, interruption.Token).ConfigureAwait(false);

// The first signal ends the work in order; the second one, as always, the process.
void Interrupt(PosixSignalContext context)
{
    context.Cancel = !interruption.IsCancellationRequested;
    interruption.Cancel();
}
