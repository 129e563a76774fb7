using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Errors;

/// <summary>Messages say what happened, and to what.</summary>
public sealed class ErrorMessageTests
{
    [Theory]
    [InlineData(2, 3, "MaxCost is 2; found at least 3.")]
    [InlineData(2, 2, "MaxCost is 2; it was reached.")]
    public void StreamLimitException_TellsReachedFromPassed(long limit, long actual, string message) =>
        new StreamLimitException("MaxCost", limit, actual).Message.Should().Be(message);

    [Fact]
    public void StreamLimitException_WithAUnit_TellsItWithEachFigure() =>
        new StreamLimitException("MaxWait", 300, 301, " ms").Message.Should().Be("MaxWait is 300 ms; found at least 301 ms.");

    [Fact]
    public async Task StreamTimeoutException_NobodyCancelled_DoesNotBlameTheCaller()
    {
        var time = new ManualTimeProvider();
        var client = new StreamClientBuilder(new FakeStreamClient(Stalls())).UseTimeouts(options => (options.FirstEvent, options.TimeProvider) = (TimeSpan.FromSeconds(1), time)).UseBackpressure().Build();
        await using var events = client.StreamAsync(Request).GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();

        time.Advance(TimeSpan.FromSeconds(1));

        var exception = (await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<StreamTimeoutException>()).Which;
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            inner.Message.Should().NotContain("by its caller");
        }
    }
}
