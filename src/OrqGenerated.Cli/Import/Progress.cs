using Spectre.Console;
using static System.FormattableString;

namespace OrqGenerated.Cli.Import;

/// <summary>Shows the progress of an import: a bar on a terminal, elsewhere a line every 10 seconds.</summary>
internal sealed class Progress(Terminal terminal)
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(200);

    private readonly long _started = terminal.Time.GetTimestamp();
    private readonly IAnsiConsole? _console = terminal.IsInteractive ? ConsoleOn(terminal.Error) : null;

    public TimeSpan Elapsed => terminal.Time.GetElapsedTime(_started);

    /// <summary>Writes a line to stderr, above the bar.</summary>
    public void Note(string line)
    {
        if (_console is null)
            terminal.Say(line);
        else
            _console.WriteLine(Terminal.Printable(line));
    }

    /// <summary>Runs an import and shows its progress.</summary>
    public async Task RunAsync(ImportRun run, Ledger ledger, RowReader rows)
    {
        if (_console is null)
        {
            await RunAsync(run.RunAsync, LineInterval, () => Note(Status(run, ledger, rows)));
            return;
        }

        await _console
            .Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new ProgressBarColumn(), new TaskDescriptionColumn())
            .StartAsync(progress =>
            {
                var task = progress.AddTask("contacts", maxValue: 1);
                task.IsIndeterminate = rows.FractionRead is null;
                return RunAsync(run.RunAsync, BarInterval, Update);

                void Update()
                {
                    task.Value = FractionDone(ledger, rows) ?? 0;
                    task.Description = Markup.Escape(Status(run, ledger, rows));
                }
            });
    }

    private static IAnsiConsole ConsoleOn(TextWriter error) =>
        AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                Interactive = InteractionSupport.Yes,
                Out = new AnsiConsoleOutput(error),
            }
        );

    private async Task RunAsync(Func<Task> work, TimeSpan interval, Action update)
    {
        using var timer = new PeriodicTimer(interval, terminal.Time);
        var running = work();
        while (await Task.WhenAny(running, timer.WaitForNextTickAsync().AsTask()) != running)
            update();

        await running;
    }

    // Rows are read ahead, so a small file is read long before its rows are sent.
    private static double? FractionDone(Ledger ledger, RowReader rows) =>
        ledger.Rows == 0 ? null : rows.FractionRead * ledger.Done / ledger.Rows;

    private string Status(ImportRun run, Ledger ledger, RowReader rows)
    {
        var perSecond = (ledger.Succeeded + ledger.Failed - ledger.FailedEarlier) / Elapsed.TotalSeconds;
        var status = Invariant(
            $"{ledger.Succeeded + ledger.Skipped:N0} done, {ledger.Failed:N0} failed, {Rate(perSecond)}"
        );
        if (FractionDone(ledger, rows) is { } done and > 0 && perSecond > 0)
        {
            var left = ledger.Done * (1 / done - 1) / perSecond;
            status += Invariant($", {done:P0}, {TimeSpan.FromSeconds(Math.Ceiling(Math.Min(left, 1e9)))} left");
        }

        return run.Pause > TimeSpan.Zero
            ? Invariant($"{status}, waiting for the limit, {Math.Ceiling(run.Pause.TotalSeconds)} s")
            : status;
    }

    private static string Rate(double perSecond) =>
        perSecond >= 1 ? Invariant($"{perSecond:N0}/s") : Invariant($"{perSecond * 60:N0}/min");
}
