using Streamline.TestSupport;

namespace Streamline.Tests.Middleware;

[Trait("Law", "9")]
public sealed class LeavingTests
{
    [Fact]
    public Task UseRetry_LeftAtRandomPoints_LeavesNothing() => LeavingStress.RunAsync(source => Retry(source).Build());

    [Fact]
    public Task UseTimeouts_LeftAtRandomPoints_LeavesNothing() => LeavingStress.RunAsync(source => Timeouts(source).Build());

    [Theory]
    [InlineData(BackpressureFullMode.Wait, 1, true)]
    [InlineData(BackpressureFullMode.Wait, 8, true)]
    [InlineData(BackpressureFullMode.Wait, 8, false)]
    [InlineData(BackpressureFullMode.Coalesce, 3, true)]
    public Task UseBackpressure_LeftAtRandomPoints_LeavesNothing(BackpressureFullMode mode, int capacity, bool readsAhead) =>
        LeavingStress.RunAsync(source => Backpressure(new StreamClientBuilder(source), mode, capacity, readsAhead).Build());

    [Fact]
    public Task AllTogether_LeftAtRandomPoints_LeavesNothing() => LeavingStress.RunAsync(source =>
    {
        var builder = Retry(source).UseTimeouts(options => options.TimeProvider = new ManualTimeProvider());
        return Backpressure(builder, BackpressureFullMode.Wait, 4, readsAhead: true).Build();
    });

    private static StreamClientBuilder Retry(IStreamClient source) => new StreamClientBuilder(source).UseRetry(options =>
    {
        options.BaseDelay = TimeSpan.Zero;
        options.MidStream = MidStreamPolicy.Restart;
        options.MaxHeldEvents = 2;
    });

    private static StreamClientBuilder Timeouts(IStreamClient source) => new StreamClientBuilder(source).UseTimeouts(options =>
    {
        options.TimeProvider = new ManualTimeProvider();
        options.Total = TimeSpan.FromHours(1);
    });

    private static StreamClientBuilder Backpressure(StreamClientBuilder builder, BackpressureFullMode mode, int capacity, bool readsAhead) => builder.UseBackpressure(options =>
    {
        // The pump gets at the source whenever the consumer is away for a moment, or never.
        options.TimeProvider = readsAhead ? new EagerTimeProvider() : new ManualTimeProvider();
        options.Capacity = capacity;
        options.FullMode = mode;
    });
}
