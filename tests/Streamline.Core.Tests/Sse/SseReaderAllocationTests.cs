using Streamline.Sse;
using Streamline.TestSupport;
using Streamline.TestSupport.Sse;

namespace Streamline.Tests.Sse;

public class SseReaderAllocationTests
{
    private const int Events = 2_000;

    public static TheoryData<string, int> Cases => new()
    {
        { "OpenAI", int.MaxValue },
        { "OpenAI", 4096 },
        { "OpenAI", 64 },
        { "Anthropic", 4096 },
        { "Anthropic", 64 },
        { "rules", 4096 },
        { "rules", 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task TryRead_OnceTheBuffersHaveGrown_AllocatesNothing(string payload, int chunkSize)
    {
        var bytes = payload switch
        {
            "OpenAI" => LlmStreams.OpenAI(Events),
            "Anthropic" => LlmStreams.Anthropic(Events),
            _ => [.. Enumerable.Repeat(SseFixtures.Rules.SelectMany(fixture => fixture.Bytes.Concat("\n\n"u8.ToArray())), 10).SelectMany(all => all)],
        };
        var endless = new ReplayPipeReader(bytes, chunkSize) { IsEndless = true };
        await using var reader = new SseReader(endless, new SseReaderOptions { ReportComments = true });

        // The first round grows the buffers, fills the pools and lets the runtime settle on its code.
        Read(reader, Events);
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Read(reader, Events);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        // The least of five: what the runtime itself allocates now and then is not the reader's.
        least.Should().Be(0);
    }

    private static void Read(SseReader reader, int count)
    {
        while (count > 0)
        {
            var wait = reader.WaitToReadAsync();
            if (!wait.IsCompletedSuccessfully || !wait.GetAwaiter().GetResult())
            {
                throw new InvalidOperationException("A pipe in memory never waits, and an endless one never ends.");
            }

            while (count > 0 && reader.TryRead(out _))
            {
                count--;
            }
        }
    }
}
