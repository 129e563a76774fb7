namespace Streamline.Tests.Resilience.Hedging;

public sealed class FirstContentTimesTests
{
    private readonly FirstContentTimes _times = new();

    [Fact]
    public void Percentile_OfTimes_IsOneThatWasTaken()
    {
        for (var i = 20; i >= 1; i--)
        {
            Add(i);
        }

        _times.Percentile(0.95).Should().Be(TimeSpan.FromSeconds(19));
        _times.Percentile(0.951).Should().Be(TimeSpan.FromSeconds(20));
        _times.Percentile(0.5).Should().Be(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Percentile_RequestsThatWereClosed_TookLonger()
    {
        Add(1);
        Add(2);
        _times.Add(null);
        _times.Add(null);

        _times.Percentile(0.5).Should().Be(TimeSpan.FromSeconds(2));
        _times.Percentile(0.99).Should().Be(TimeSpan.FromSeconds(2), "it is the longest that is known");
    }

    [Fact]
    public void Percentile_NoTimeIsKnown_IsTheLongest()
    {
        _times.Add(null);
        _times.Add(null);

        _times.Percentile(0.99).Should().Be(TimeSpan.MaxValue);
    }

    [Fact]
    [Trait("Law", "8")]
    public void Add_MoreThanAreKept_ForgetsTheOldest()
    {
        for (var i = 0; i < 256; i++)
        {
            Add(100);
        }

        _times.Count.Should().Be(256);
        for (var i = 0; i < 256; i++)
        {
            Add(1);
        }

        _times.Count.Should().Be(256);
        _times.Percentile(0.99).Should().Be(TimeSpan.FromSeconds(1));
    }

    private void Add(int seconds) => _times.Add(TimeSpan.FromSeconds(seconds));
}
