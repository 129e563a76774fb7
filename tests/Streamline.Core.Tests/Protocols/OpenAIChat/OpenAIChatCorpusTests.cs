using System.Text;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.OpenAIChat;

/// <summary>Every recorded stream of this wire, recognised by its content, against an independent reading of the same file.</summary>
public sealed class OpenAIChatCorpusTests
{
    [CorpusFact("pydantic-ai-raw-sse")]
    public Task Decode_PydanticRecordings_EqualTheOracle() => VerifyAllAsync("pydantic-ai-raw-sse");

    [CorpusFact("semantic-kernel-streams")]
    public Task Decode_SemanticKernelRecordings_EqualTheOracle() => VerifyAllAsync("semantic-kernel-streams");

    [CorpusFact("pydantic-ai-raw-sse")]
    [Trait("Law", "4")]
    public async Task Decode_EveryRecordingCutAfterAnyChunk_EndsWithTheAnswerOrAnException()
    {
        foreach (var (name, file, _) in Recordings("pydantic-ai-raw-sse").Where(recording => recording.File.Length < 8 * 1024))
        {
            var text = Encoding.UTF8.GetString(file);
            for (var cut = text.IndexOf("\n\n", StringComparison.Ordinal); cut >= 0; cut = text.IndexOf("\n\n", cut + 2, StringComparison.Ordinal))
            {
                var prefix = text[..(cut + 2)];
                var (events, exception) = await OpenAIChatWire.DecodeAsync(prefix);
                var expected = OpenAIChatOracle.TryRead(Encoding.UTF8.GetBytes(prefix));
                var isWhole = expected is { IsWhole: true };
                (exception is null).Should().Be(isWhole, "{0} was cut at {1}", name, cut);
                events.OfType<ResponseCompleted>().Count().Should().Be(isWhole ? 1 : 0, "{0} was cut at {1}", name, cut);
                events.OfType<ToolCallCompleted>().Any().Should().Be(isWhole && expected!.Calls.Count > 0, "{0} was cut at {1}", name, cut);
            }
        }
    }

    private static IEnumerable<(string Name, byte[] File, OpenAIChatOracle Oracle)> Recordings(string folder)
    {
        foreach (var name in Corpora.Files(folder))
        {
            var file = Corpora.ReadBytes(name);
            if (OpenAIChatOracle.TryRead(file) is { } oracle)
            {
                yield return (name, file, oracle);
            }
        }
    }

    private static async Task VerifyAllAsync(string folder)
    {
        var count = 0;
        foreach (var (name, file, oracle) in Recordings(folder))
        {
            count++;
            var (events, exception) = await OpenAIChatWire.DecodeAsync(file);
            VerifyEnd(name, oracle, exception);
            VerifyMessage(name, oracle, events);
            events.Should().NotContain(streamEvent => streamEvent is ProviderEvent, "{0} has nothing unknown", name);
            foreach (var size in OpenAIChatWire.ChunkSizes)
            {
                var (split, splitException) = await OpenAIChatWire.DecodeAsync(file, size);
                (split.ToLines() == events.ToLines()).Should().BeTrue("chunks of {0} bytes of {1} make the same events", size, name);
                splitException?.Message.Should().Be(exception?.Message, "chunks of {0} bytes of {1} end alike", size, name);
            }

            var (unpredicted, _) = await OpenAIChatWire.DecodeAsync(file, predicts: false);
            (unpredicted.ToLines() == events.ToLines()).Should().BeTrue("prediction changes nothing in {0}", name);
        }

        count.Should().BePositive("the folder holds recordings of this wire");
    }

    private static void VerifyEnd(string name, OpenAIChatOracle oracle, Exception? exception)
    {
        if (oracle.HasMalformedPayload)
        {
            exception.Should().BeOfType<StreamProtocolException>(name).Which.ByteOffset.Should().BePositive(name);
        }
        else if (oracle.ErrorMessage is { } message)
        {
            exception.Should().BeOfType<ProviderException>(name).Which.ProviderMessage.Should().Be(message, name);
        }
        else if (!oracle.IsWhole)
        {
            exception.Should().BeOfType<StreamInterruptedException>(name);
        }
        else
        {
            exception.Should().BeNull(name);
        }
    }

    private static void VerifyMessage(string name, OpenAIChatOracle oracle, List<StreamEvent> events)
    {
        var state = OpenAIChatWire.Fold(events);
        state.Text.Should().Be(oracle.Text.ToString(), name);
        TextOf(state, ContentKind.Reasoning).Should().Be(oracle.Reasoning.ToString(), name);
        TextOf(state, ContentKind.Refusal).Should().Be(oracle.Refusal.ToString(), name);
        state.Blocks.Where(block => block.Choice == 0).Sum(block => block.Citations.Count).Should().Be(oracle.Citations, name);
        state.Blocks.Where(block => block is { CallId: not null, Choice: 0 }).Select(block => (block.CallId, block.Name, block.Text))
            .Should().Equal(oracle.Calls.Select(call => ((string?)call.Id, (string?)call.Name, call.Arguments.ToString())), name);
        state.Usage?.InputTokens.Should().Be(oracle.Count("prompt_tokens"), name);
        (state.Usage is null).Should().Be(oracle.Usage is null, name);
        state.Usage?.OutputTokens.Should().Be(oracle.Count("completion_tokens"), name);
        state.Usage?.TotalTokens.Should().Be(oracle.Count("total_tokens") ?? oracle.Count("prompt_tokens") + oracle.Count("completion_tokens"), name);
        state.Usage?.ReasoningTokens.Should().Be(oracle.Count("completion_tokens_details", "reasoning_tokens"), name);
        state.Usage?.CachedInputTokens.Should().Be(oracle.Count("prompt_tokens_details", "cached_tokens") ?? oracle.Count("prompt_cache_hit_tokens") ?? oracle.Count("cached_tokens"), name);
        if (state.IsCompleted)
        {
            state.FinishReason.Should().Be(oracle.ExpectedFinishReason, name);
            state.RawFinishReason.Should().Be(oracle.FinishReason, name);
            state.Blocks.Should().OnlyContain(block => block.IsCompleted, name);
        }
    }

    private static string TextOf(StreamState state, ContentKind kind) =>
        string.Concat(state.Blocks.Where(block => block.Kind == kind && block.Choice == 0).Select(block => block.Text));
}
