using Streamline.TestSupport;

namespace Streamline.Tests.Pipeline;

[Trait("Law", "9")]
public sealed class LeavingTests
{
    [Fact]
    public Task UseRetry_LeftAtRandomPoints_LeavesNothing() => LeavingStress.RunAsync(source => Retry(source).Build());

    [Fact]
    public Task UseTimeouts_LeftAtRandomPoints_LeavesNothing() => LeavingStress.RunAsync(source => Timeouts(source).Build());

    [Theory]
    [InlineData(BackpressureFullMode.Wait, 1)]
    [InlineData(BackpressureFullMode.Wait, 8)]
    [InlineData(BackpressureFullMode.Coalesce, 3)]
    public Task UseBackpressure_LeftAtRandomPoints_LeavesNothing(BackpressureFullMode mode, int capacity) =>
        LeavingStress.RunAsync(source => Backpressure(new StreamClientBuilder(source), mode, capacity).Build());

    [Fact]
    public Task AllTogether_LeftAtRandomPoints_LeavesNothing() => LeavingStress.RunAsync(source =>
    {
        var builder = Retry(source).UseTimeouts(options => options.TimeProvider = new ManualTimeProvider());
        return Backpressure(builder, BackpressureFullMode.Wait, 4).Build();
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

    private static StreamClientBuilder Backpressure(StreamClientBuilder builder, BackpressureFullMode mode, int capacity) => builder.UseBackpressure(options =>
    {
        options.Capacity = capacity;
        options.FullMode = mode;
    });
}
