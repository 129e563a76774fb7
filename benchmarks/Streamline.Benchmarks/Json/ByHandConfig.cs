using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using Perfolizer.Horology;

namespace Streamline.Benchmarks.Json;

/// <summary>All cases in one run: everything is measured warm, but what takes minutes for one pass, closing 1 MB by hand, which is passed once.</summary>
internal sealed class ByHandConfig : ManualConfig
{
    private const string OnceId = "once";

    public ByHandConfig()
    {
        _ = AddJob(
            Job.Default.WithId("warm").WithWarmupCount(10).WithIterationCount(8).WithIterationTime(TimeInterval.FromMilliseconds(100)),
            Job.Default.WithId(OnceId).WithStrategy(BenchmarkDotNet.Engines.RunStrategy.Monitoring)
                .WithWarmupCount(0).WithIterationCount(1).WithInvocationCount(1).WithUnrollFactor(1));
        _ = AddFilter(new SimpleFilter(benchmark => benchmark.Job.Id == OnceId == TakesMinutes(benchmark)));
        _ = WithBuildTimeout(TimeSpan.FromMinutes(10));
    }

    private static bool TakesMinutes(BenchmarkCase benchmark) =>
        benchmark.Descriptor.WorkloadMethod.Name == nameof(PartialJsonByHandBenchmarks.ByHand)
        && ((string)benchmark.Parameters[nameof(PartialJsonByHandBenchmarks.Case)]).StartsWith("1000000 ", StringComparison.Ordinal);
}
