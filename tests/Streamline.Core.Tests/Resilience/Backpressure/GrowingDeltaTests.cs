using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Backpressure;

public sealed class GrowingDeltaTests
{
    [Fact]
    public void TryMerge_DeltasOfOneBlock_AreOne()
    {
        var delta = new GrowingDelta(Words("a"));
        delta.TryMerge(Words("b")).Should().BeTrue();
        delta.TryMerge(Words("c")).Should().BeTrue();
        delta.TryMerge(Words("d", index: 1)).Should().BeFalse();

        delta.Take().Should().BeOfType<TextDelta>().Which.Text.Should().Be("abc");
    }

    [Fact]
    public void TryMerge_OnceItIsTaken_IsTooLate()
    {
        var first = Words("a");
        var delta = new GrowingDelta(first);

        delta.Take().Should().BeSameAs(first);
        delta.TryMerge(Words("b")).Should().BeFalse("nobody would see it");
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task AddAsync_WhatHadToWait_IsCountedOnce()
    {
        var buffer = new EventBuffer(new BackpressureOptions { Capacity = 1, MaxBufferedChars = 10 });
        for (var i = 0; i < 10; i++)
        {
            var first = buffer.AddAsync(Words("aaaa"), CancellationToken.None);
            first.IsCompleted.Should().BeTrue("the buffer is empty");
            var second = buffer.AddAsync(Words("bbbb"), CancellationToken.None).AsTask();
            second.IsCompleted.Should().BeFalse("one event is the most");
            buffer.TryTake(out _).Should().BeTrue();
            await second.OrFail();
            buffer.TryTake(out _).Should().BeTrue();
        }
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task AddAsync_AsLargeAsTheLimitAfterOneThatHadToWait_FindsTheBufferEmpty()
    {
        var buffer = new EventBuffer(new BackpressureOptions { Capacity = 1, MaxBufferedChars = 10 });
        await buffer.AddAsync(Words("aaaa"), CancellationToken.None);
        var waiting = buffer.AddAsync(Words("bbbb"), CancellationToken.None).AsTask();
        buffer.TryTake(out _).Should().BeTrue();
        await waiting.OrFail();
        buffer.TryTake(out _).Should().BeTrue();
        await buffer.AddAsync(Words("c"), CancellationToken.None);
        buffer.TryTake(out _).Should().BeTrue();

        buffer.AddAsync(Words("0123456789"), CancellationToken.None).AsTask().IsCompletedSuccessfully.Should().BeTrue();
        buffer.TryTake(out _).Should().BeTrue();
    }
}
