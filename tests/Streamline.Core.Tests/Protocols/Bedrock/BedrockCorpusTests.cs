using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Bedrock;

/// <summary>Every recorded stream of this wire against an independent reading of the same file.</summary>
public class BedrockCorpusTests
{
    [CorpusFact("pydantic-ai-raw-sse")]
    [Trait("Law", "1")]
    public Task Read_PydanticRecordings_EqualTheOracleInEveryChunking() => VerifyAllAsync("pydantic-ai-raw-sse");

    [CorpusFact("semantic-kernel-streams")]
    [Trait("Law", "1")]
    public Task Read_SemanticKernelRecordings_EqualTheOracleInEveryChunking() => VerifyAllAsync("semantic-kernel-streams");

    [CorpusFact("pydantic-ai-raw-sse")]
    [Trait("Law", "4")]
    public async Task Read_RecordingsCutAnywhere_AreInterruptedUnlessTheReasonHasCome()
    {
        foreach (var (name, file, oracle) in Converse("pydantic-ai-raw-sse"))
        {
            for (var cut = 0; cut < file.Length; cut += Math.Max(1, file.Length / 397))
            {
                var (events, exception) = await WireRun.ReadAsync(StreamProtocols.BedrockConverse, file.AsMemory(0, cut));
                if (cut >= oracle.EndOfStop)
                {
                    exception.Should().BeNull("{0} was cut at byte {1}, after its reason", name, cut);
                    WireRun.Fold(events).Text.Should().Be(oracle.Text.ToString(), name);
                }
                else
                {
                    exception.Should().BeOfType<StreamInterruptedException>("{0} was cut at byte {1}", name, cut).Which.BytesReceived.Should().Be(cut);
                    events.Should().NotContain(e => e is ResponseCompleted, "{0} was cut at byte {1}", name, cut);
                }
            }
        }
    }

    [CorpusFact("pydantic-ai-raw-sse")]
    public async Task Encode_Recordings_DecodesToTheSameEvents()
    {
        foreach (var (name, file, _) in Converse("pydantic-ai-raw-sse").Concat(Converse("semantic-kernel-streams")))
        {
            var (events, _) = await WireRun.ReadAsync(StreamProtocols.BedrockConverse, file);
            var (again, exception) = await WireRun.ReadAsync(StreamProtocols.BedrockConverse, WireRun.Encode(StreamProtocols.BedrockConverse, events));
            exception.Should().BeNull(name);
            again.ToLines().Should().Be(events.ToLines(), name);
        }
    }

    // Titan's own form, which no decoder here claims to read: it is shown as it came, and never passes for an answer.
    [CorpusFact("semantic-kernel-streams")]
    [Trait("Law", "11")]
    public async Task Read_ChunksThatAreNotAnthropics_ArePassedOn()
    {
        foreach (var (name, file, oracle) in Files("semantic-kernel-streams").Where(file => file.Oracle.Chunks.Exists(chunk => chunk.Contains("outputText", StringComparison.Ordinal))))
        {
            var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.BedrockAnthropic, file, name);
            events.Should().AllBeOfType<ProviderEvent>(name);
            events.OfType<ProviderEvent>().Select(passedOn => passedOn.Data).Should().Equal(oracle.Chunks, name);
            exception.Should().BeOfType<StreamInterruptedException>(name);
        }
    }

    private static async Task VerifyAllAsync(string folder)
    {
        var files = Converse(folder);
        files.Should().NotBeEmpty("the folder holds recordings of this wire");
        foreach (var (name, file, oracle) in files)
        {
            var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.BedrockConverse, file, name);
            exception.Should().BeNull(name);
            events.Should().NotContain(e => e is ProviderEvent, "{0} has nothing unknown", name);
            var state = WireRun.Fold(events);
            state.Text.Should().Be(oracle.Text.ToString(), name);
            string.Concat(state.Blocks.Where(block => block.Kind == ContentKind.Reasoning).Select(block => block.Text)).Should().Be(oracle.Reasoning.ToString(), name);
            state.Blocks.Where(block => block.CallId is not null).Select(block => (block.CallId!, block.Name!, block.Text)).Should().Equal(oracle.Calls, name);
            state.Blocks.Should().OnlyContain(block => block.IsCompleted && block.ParseError == null, name);
            state.RawFinishReason.Should().Be(oracle.StopReason, name);
            state.FinishReason.Should().Be(oracle.Calls.Any() ? FinishReason.ToolCalls : FinishReason.Stop, name);
            (state.Usage!.InputTokens, state.Usage.OutputTokens, state.Usage.TotalTokens).Should().Be(
                (oracle.Usage["inputTokens"], oracle.Usage["outputTokens"], oracle.Usage["totalTokens"]), name);
        }
    }

    private static List<(string Name, byte[] File, BedrockOracle Oracle)> Converse(string folder) => [.. Files(folder).Where(file => file.Oracle.StopReason is not null)];

    private static IEnumerable<(string Name, byte[] File, BedrockOracle Oracle)> Files(string folder) =>
        Corpora.Files(folder, "*.bin").Select(name => (name, Corpora.ReadBytes(name))).Select(file => (file.name, file.Item2, BedrockOracle.Read(file.Item2)));
}
