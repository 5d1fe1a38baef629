using System.Globalization;
using Spectre.Console;

namespace OrqGenerated.Cli.Import;

/// <summary>Shows how far an import is, if someone watches; without a terminal it only passes notes on.</summary>
internal sealed class ProgressBar
{
    private readonly Terminal _terminal;
    private readonly IAnsiConsole? _console;

    public ProgressBar(Terminal terminal)
    {
        _terminal = terminal;
        _console = terminal.IsInteractive
            ? AnsiConsole.Create(
                new AnsiConsoleSettings
                {
                    Ansi = AnsiSupport.Yes,
                    Interactive = InteractionSupport.Yes,
                    Out = new AnsiConsoleOutput(terminal.Error),
                }
            )
            : null;
    }

    /// <summary>Writes a line on stderr, above the bar.</summary>
    public void Note(string line)
    {
        if (_console is null)
        {
            _terminal.Error.WriteLine(line);
        }
        else
        {
            _console.WriteLine(line);
        }
    }

    public async Task ShowAsync(ImportRun run, ImportInput input, Func<Task> work)
    {
        if (_console is null)
        {
            await work().ConfigureAwait(false);
            return;
        }

        await _console
            .Progress()
            .AutoClear(true)
            .Columns(
                new SpinnerColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new TaskDescriptionColumn()
            )
            .StartAsync(async progress =>
            {
                var task = progress.AddTask("contacts", maxValue: 1);
                task.IsIndeterminate = input.Progress is null;
                var working = work();
                while (!working.IsCompleted)
                {
                    task.Value = input.Progress ?? 0;
                    task.Description = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{run.Succeeded:N0} sent, {run.Failed:N0} failed"
                    );
                    await Task.WhenAny(
                            working,
                            Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System)
                        )
                        .ConfigureAwait(false);
                }

                await working.ConfigureAwait(false);
            })
            .ConfigureAwait(false);
    }
}
