using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Text.Smoothing;

public sealed class SmoothingStreamClientTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    [Trait("Law", "12")]
    public async Task Burst_IsShownInTicks()
    {
        await using var events = Smooth(new FakeStreamClient(Stalls(Words(new string('x', 100))))).StreamAsync(Request).GetAsyncEnumerator();
        var shown = 0;
        for (var i = 0; i < 5; i++)
        {
            var moving = events.MoveNextAsync().AsTask();
            while (await Task.WhenAny(moving, _time.WaitForTimersAsync()).OrFail() != moving)
            {
                _time.Advance(TimeSpan.FromMilliseconds(1));
            }

            (await moving).Should().BeTrue();
            shown += events.Current.Should().BeOfType<TextDelta>().Which.Text.Length;
        }

        shown.Should().Be(100);
        (_time.GetUtcNow() - new ManualTimeProvider().GetUtcNow()).Should().BeGreaterThan(TimeSpan.FromMilliseconds(90)).And.BeLessThanOrEqualTo(SmoothingOptions.DefaultMaxDelay);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Failure_ComesAfterAllText()
    {
        var source = new FakeStreamClient(Fails(Interrupted(), Started(), Words(new string('x', 1000))));
        var (events, exception) = await _time.RunAsync(Smooth(source).StreamAsync(Request));

        TextOf(events).Should().HaveLength(1000);
        exception.Should().BeOfType<StreamInterruptedException>();
        PartialResponse.TryGet(exception!, out var partial).Should().BeTrue();
        partial!.Text.Should().HaveLength(1000);
        source.Open.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Leaving_WhileTextWaits_ClosesTheSource()
    {
        var source = new FakeStreamClient(Stalls(Words(new string('x', 1000))));
        await using (var events = Smooth(source).StreamAsync(Request).GetAsyncEnumerator())
        {
            await events.MoveNextAsync();
        }

        source.Open.Should().Be(0);
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Cancelling_EndsWithTheCallersToken()
    {
        using var cancellation = new CancellationTokenSource();
        var reading = Smooth(new FakeStreamClient(Stalls(Started()))).StreamAsync(Request, cancellation.Token).CatchAsync();
        await cancellation.CancelAsync();

        (await reading.OrFail()).Exception.Should().BeAssignableTo<OperationCanceledException>().Which.CancellationToken.Should().Be(cancellation.Token);
    }

    [Fact]
    public void Options_OutOfRange_Throw()
    {
        FluentActions.Invoking(() => new SmoothingOptions { MaxDelay = TimeSpan.Zero }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new SmoothingOptions { MaxDelay = TimeSpan.FromSeconds(11) }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new SmoothingOptions { Interval = TimeSpan.FromSeconds(2) }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new SmoothingOptions { MaxChars = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => StreamClientBuilderExtensions.UseSmoothing(null!)).Should().Throw<ArgumentNullException>();
    }

    private IStreamClient Smooth(FakeStreamClient source) => new StreamClientBuilder(source).UseTimeProvider(_time).UseSmoothing().Build();
}
