using Polly;
using Polly.Retry;

namespace OrqGenerated.Internal;

/// <summary>The loop of retries, which is Polly's; when, how often and how long is decided by <see cref="CallRun"/>.</summary>
/// <remarks>Touched when a first attempt fails: most programs never need Polly, and loading it delays their first call.</remarks>
internal static class RetryLoop
{
    public static readonly ResiliencePipeline<CallRun> Pipeline =
        new ResiliencePipelineBuilder<CallRun>()
            .AddRetry(
                new RetryStrategyOptions<CallRun>
                {
                    MaxRetryAttempts = int.MaxValue,
                    ShouldHandle = static args => new(args.Outcome.Result?.MayRetry() == true),
                    // Polly's own wait would go on after the client's disposal.
                    DelayGenerator = static async args =>
                    {
                        await args
                            .Outcome.Result!.WaitAsync(args.Context.CancellationToken)
                            .ConfigureAwait(false);
                        return TimeSpan.Zero;
                    },
                }
            )
            .Build();
}
