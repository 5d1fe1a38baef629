using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace OrqGenerated.Benchmarks;

/// <summary>One call in memory, by BenchmarkDotNet: every client with every kind of body.</summary>
public class Matrix : IDisposable
{
    private Sides _sides = Sides.InMemory(Workload.Example);

    /// <summary>The kind of body.</summary>
    [Params("example", "0 metadata", "1000 metadata", "100 KB text")]
    public string Body { get; set; } = "";

    /// <summary>Runs the matrix and writes its table to standard output and below <c>artifacts/</c>.</summary>
    internal static void Run() =>
        BenchmarkRunner.Run<Matrix>(
            ManualConfig
                .CreateEmpty()
                .AddLogger(ConsoleLogger.Default)
                .AddColumnProvider(DefaultColumnProviders.Instance)
                .AddExporter(MarkdownExporter.GitHub)
                .AddDiagnoser(MemoryDiagnoser.Default)
                // Its own way of building a program per benchmark does not know this runtime.
                .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
                .WithArtifactsPath(Tests.Support.Repository.PathTo("artifacts", "benchmarks"))
        );

    /// <summary>Makes the clients for a body.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _sides.Dispose();
        _sides = Sides.InMemory(
            Body switch
            {
                "example" => Workload.Example,
                "0 metadata" => Workload.WithMetadata(0),
                "1000 metadata" => Workload.WithMetadata(1000),
                _ => Workload.WithText(100 * 1024),
            }
        );
    }

    /// <summary>This client.</summary>
    [Benchmark]
    public Task OrqGenerated() => _sides.Ours();

    /// <summary>Handwritten, without features.</summary>
    [Benchmark(Baseline = true)]
    public Task RawStj() => _sides.Raw();

    /// <summary>NSwag's own templates.</summary>
    [Benchmark]
    public Task NSwagDefault() => _sides.NSwag();

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _sides.Dispose();
        GC.SuppressFinalize(this);
    }
}
