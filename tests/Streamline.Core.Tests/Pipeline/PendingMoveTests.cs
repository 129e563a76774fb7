using System.Threading.Channels;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Pipeline;

/// <summary>A second move while one is pending is refused, and the stream goes on as if it had not been asked.</summary>
public sealed class PendingMoveTests
{
    [Theory]
    [InlineData("retry")]
    [InlineData("timeouts")]
    [InlineData("backpressure")]
    [InlineData("defaults")]
    [InlineData("fold")]
    public async Task MoveNextAsync_WhileAMoveIsPending_IsRefusedAndTheStreamContinues(string stage)
    {
        var channel = Channel.CreateUnbounded<StreamEvent>();
        await using var events = Build(stage, new FakeStreamClient((_, token) => channel.Reader.ReadAllAsync(token))).StreamAsync(Request).GetAsyncEnumerator();
        List<StreamEvent> seen = [];
        foreach (var sent in new StreamEvent[] { Words("a"), Words("b"), Completed() })
        {
            var pending = events.MoveNextAsync().AsTask();
            for (var i = 0; i < 3; i++)
            {
                await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask()).Should().ThrowAsync<InvalidOperationException>().WithMessage("A move to the next event is pending.*");
            }

            channel.Writer.TryWrite(sent);

            (await pending.OrFail()).Should().BeTrue();
            seen.Add(events.Current);
        }

        channel.Writer.Complete();
        (await events.MoveNextAsync().AsTask().OrFail()).Should().BeFalse();
        seen.Should().HaveCount(3);
        TextOf(seen).Should().Be("ab");
    }

    [Fact]
    public async Task MoveNextAsync_AfterAFailedMove_IsNotRefused()
    {
        await using var events = new StreamClientBuilder(new FakeStreamClient(Fails(Interrupted(), Started()))).UseTimeouts().Build().StreamAsync(Request).GetAsyncEnumerator();
        await events.MoveNextAsync();
        await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask()).Should().ThrowAsync<StreamInterruptedException>();

        (await events.MoveNextAsync().AsTask().OrFail()).Should().BeFalse();
    }

    private static IStreamClient Build(string stage, IStreamClient source) => stage switch
    {
        "retry" => new StreamClientBuilder(source).UseRetry().Build(),
        "timeouts" => new StreamClientBuilder(source).UseTimeouts().Build(),
        "backpressure" => new StreamClientBuilder(source).UseBackpressure().Build(),
        "defaults" => new StreamClientBuilder(source).UseDefaults().Build(),
        _ => new StreamClientBuilder(source).Use((request, next, token) => next.StreamAsync(request, token)).Build(),
    };
}
