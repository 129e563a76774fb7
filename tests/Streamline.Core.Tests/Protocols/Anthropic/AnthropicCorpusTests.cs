using System.Text;
using FluentAssertions.Execution;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Anthropic;

public class AnthropicCorpusTests
{
    [CorpusFact(AnthropicCorpus.Recordings)]
    [Trait("Law", "1")]
    public async Task Read_RecordedStreams_GivesTheSameEventsAtEveryChunkSize()
    {
        foreach (var file in Files())
        {
            var bytes = Corpora.ReadBytes(file);
            var whole = await ReadAsync(file, bytes, int.MaxValue);
            foreach (var size in WireRun.ChunkSizes)
            {
                (await ReadAsync(file, bytes, size)).ToLines().Should().Be(whole.ToLines(), "{0} was read in chunks of {1}", file, size);
            }
        }
    }

    [CorpusFact(AnthropicCorpus.Recordings)]
    [Trait("Law", "11")]
    public async Task Read_RecordedStreams_KnowsEverythingInThem()
    {
        foreach (var file in Files())
        {
            (await ReadAsync(file, Corpora.ReadBytes(file), int.MaxValue)).Should().NotContain(e => e is ProviderEvent, "{0} holds nothing new", file);
        }
    }

    [CorpusFact(AnthropicCorpus.Recordings)]
    public async Task Read_RecordedStreams_FoldToWhatAnIndependentReadingGives()
    {
        foreach (var file in Files())
        {
            var bytes = Corpora.ReadBytes(file);
            MessageSummary.Of(await ReadAsync(file, bytes, int.MaxValue)).Text.Should().Be(MessageSummary.OfBytes(bytes).Text, "of {0}", file);
        }
    }

    [CorpusFact(AnthropicCorpus.Recordings)]
    public async Task Encode_RecordedStreams_DecodesToTheSameEvents()
    {
        foreach (var file in Files())
        {
            var events = await ReadAsync(file, Corpora.ReadBytes(file), int.MaxValue);
            var again = await ReadAsync(file, WireRun.Encode(StreamProtocols.Anthropic, events), int.MaxValue);
            again.ToLines().Should().Be(events.ToLines(), "{0} was encoded and decoded again", file);
        }
    }

    [CorpusFact(AnthropicCorpus.Recordings)]
    [Trait("Law", "4")]
    public async Task Read_RecordedStreamsCutAnywhere_AreInterruptedUnlessTheyAreWhole()
    {
        foreach (var file in Files())
        {
            var bytes = Corpora.ReadBytes(file);
            var whole = (await ReadAsync(file, bytes, int.MaxValue)).ToLines();
            using var scope = new AssertionScope(file);
            for (var cut = 0; cut < bytes.Length; cut += Math.Max(1, bytes.Length / 97))
            {
                var (events, exception) = await WireRun.ReadAsync(StreamProtocols.Anthropic, bytes.AsMemory(0, cut));
                if (events.OfType<ResponseCompleted>().Any())
                {
                    // Only message_stop is missing: the stop reason had come.
                    Encoding.UTF8.GetString(bytes.AsSpan(0, cut)).Should().Contain("message_delta");
                    continue;
                }

                var partial = exception.Should().BeOfType<StreamInterruptedException>("it was cut at byte {0}", cut).Which.PartialResponse;
                (partial is not null || events.Count == 0).Should().BeTrue("what had arrived at byte {0} is known", cut);
                whole.Should().StartWith(events.ToLines());
            }
        }
    }

    /// <summary>Leading blanks that change from payload to payload keep the decoder from predicting any, so that it parses each.</summary>
    [CorpusFact(AnthropicCorpus.Recordings)]
    public async Task Read_RecordedStreamsWithoutPrediction_GivesTheSameEvents()
    {
        foreach (var file in Files())
        {
            var bytes = Corpora.ReadBytes(file);
            var blanks = 0;
            var text = string.Join('\n', Encoding.UTF8.GetString(bytes).Split('\n').Select(line =>
                line.StartsWith("data:", StringComparison.Ordinal) ? "data:" + new string(' ', 1 + (blanks++ % 2)) + line[5..].TrimStart() : line));
            var parsed = await ReadAsync(file, Encoding.UTF8.GetBytes(text), int.MaxValue);
            parsed.ToLines().Should().Be((await ReadAsync(file, bytes, int.MaxValue)).ToLines(), "of {0}", file);
        }
    }

    private static List<string> Files()
    {
        List<string> files = [.. AnthropicCorpus.Files()];
        files.Should().NotBeEmpty();
        return files;
    }

    private static async Task<List<StreamEvent>> ReadAsync(string file, ReadOnlyMemory<byte> bytes, int chunkSize)
    {
        var (events, exception) = await WireRun.ReadAsync(StreamProtocols.Anthropic, bytes, chunkSize);
        exception.Should().BeNull("{0} is a whole response", file);
        events[^1].Should().BeOfType<ResponseCompleted>("{0} is a whole response", file);
        return events;
    }
}
