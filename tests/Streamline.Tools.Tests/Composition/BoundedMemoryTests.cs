using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using Streamline.Tools.Tests.Support;

namespace Streamline.Tools.Tests.Composition;

/// <summary>A very long answer through the whole pipeline: bytes are counted, not time.</summary>
/// <remarks>The heap is the process's, so these tests run while no other test does.</remarks>
[Trait("Law", "8")]
[Collection(AloneCollection.Name)]
public sealed class BoundedMemoryTests
{
    private const int DeltaChars = 16 * 1024;
    private const int Deltas = 32_768;

    /// <summary>1 GiB of UTF-16 text, of which the fold keeps 4 MiB and the buffer 2 MiB.</summary>
    [Theory]
    [Trait("Finding", "R2")]
    [InlineData(BackpressureFullMode.Wait)]
    [InlineData(BackpressureFullMode.Coalesce)]
    public async Task Stream_1GigabyteWithASlowConsumer_StaysWithin8MegabytesOfIdle(BackpressureFullMode mode)
    {
        var source = new FakeStreamClient((_, cancellationToken) => TextAsync(cancellationToken));
        var client = new StreamClientBuilder(source)
            .UseTools(AIFunctionFactory.Create((string city) => "rain", "get_weather"))
            .UseDefaults(backpressure: buffer => buffer.FullMode = mode)
            .Build();
        var idle = GC.GetTotalMemory(forceFullCollection: true);
        var (most, chars, count) = (0L, 0L, 0);

        await foreach (var streamEvent in client.StreamAsync("Hi"))
        {
            chars += streamEvent is TextDelta delta ? delta.Text.Length : 0;
            if (++count % 512 == 0)
            {
                // The consumer is slow here: the source fills the buffer meanwhile.
                await Task.Yield();
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - idle);
            }
        }

        chars.Should().Be((long)Deltas * DeltaChars);
        most.Should().BeGreaterThan(0).And.BeLessThan(8_000_000);
    }

    /// <summary>128 MiB of text through both bridges, whose folds are bounded like that of the loop.</summary>
    [Fact]
    [Trait("Finding", "T5")]
    public async Task Bridges_LongAnswer_StayWithin16MegabytesOfIdle()
    {
        var source = new FakeStreamClient((_, cancellationToken) => TextAsync(cancellationToken, Deltas / 8));
        using var chat = new StreamClientBuilder(source).UseTools().Build().AsChatClient();
        var client = chat.AsStreamClient();
        var idle = GC.GetTotalMemory(forceFullCollection: true);
        var (most, count) = (0L, 0);

        await foreach (var streamEvent in client.StreamAsync("Hi"))
        {
            if (++count % 512 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - idle);
            }
        }

        count.Should().BeGreaterThan(Deltas / 8);
        most.Should().BeGreaterThan(0).And.BeLessThan(16_000_000);
    }

    private static async IAsyncEnumerable<StreamEvent> TextAsync([EnumeratorCancellation] CancellationToken cancellationToken, int deltas = Deltas)
    {
        yield return new ResponseStarted { Provider = "test", ResponseId = "r" };
        for (var i = 0; i < deltas; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (i % 64 == 0)
            {
                await Task.Yield();
            }

            yield return new TextDelta { Index = 0, Text = new string((char)('a' + (i % 26)), DeltaChars) };
        }

        yield return new ResponseCompleted { FinishReason = FinishReason.Stop };
    }
}
