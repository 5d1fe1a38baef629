using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrqGenerated.Cli.Import;

/// <summary>Why a run ended before its input did.</summary>
internal sealed record Ending(int ExitCode, string Reason);

/// <summary>How many rows a run has read, and what became of them; every row is counted once.</summary>
internal sealed class Tally
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Rows of the shard that were read.</summary>
    public long Rows { get; set; }

    public long Succeeded { get; set; }

    /// <summary>Rows that failed, those of earlier runs too.</summary>
    public long Failed { get; set; }

    /// <summary>Rows that had failed for good in an earlier run, and were not sent again.</summary>
    public long FailedEarlier { get; set; }

    /// <summary>Failed rows that the next run with the same checkpoint sends again.</summary>
    public long Repeatable { get; set; }

    /// <summary>Rows that an earlier run had sent.</summary>
    public long Skipped { get; set; }

    /// <summary>Warnings of a dry run.</summary>
    public long Warnings { get; set; }

    /// <summary>Null unless something ended the run before the end of its input.</summary>
    public Ending? EndedBy { get; set; }

    /// <summary>Rows that were read and are neither sent nor failed.</summary>
    public long Unfinished => Rows - Succeeded - Failed - Skipped;

    public string ToJson(bool isDry, TimeSpan elapsed) =>
        JsonSerializer.Serialize(
            new
            {
                rows = Rows,
                succeeded = Succeeded,
                failed = Failed,
                skipped = Skipped,
                unfinished = Unfinished,
                complete = EndedBy is null,
                ended_by = EndedBy?.Reason,
                duration = Math.Round(elapsed.TotalSeconds, 3),
                dry_run = isDry,
                warnings = Warnings,
            },
            Options
        );
}
