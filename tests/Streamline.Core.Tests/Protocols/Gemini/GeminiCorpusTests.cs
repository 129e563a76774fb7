using System.Text.Json;
using Streamline.Protocols;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Gemini;

/// <summary>Every recorded stream of this wire, recognised by its content, against an independent reading of the same file.</summary>
public class GeminiCorpusTests
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
        foreach (var (name, file, oracle) in Files("pydantic-ai-raw-sse"))
        {
            for (var cut = 0; cut < file.Length; cut += Math.Max(1, file.Length / 97))
            {
                var (events, exception) = await WireRun.ReadAsync(Protocol(oracle), file.AsMemory(0, cut));
                if (exception is null)
                {
                    events[^1].Should().BeOfType<ResponseCompleted>("{0} was cut at byte {1}", name, cut);
                    WireRun.Fold(events).Text.Should().Be(oracle.Text.ToString(), "{0} was cut at byte {1}, after its reason", name, cut);
                }
                else
                {
                    exception.Should().BeOfType<StreamInterruptedException>("{0} was cut at byte {1}", name, cut).Which.BytesReceived.Should().Be(cut);
                    events.Should().NotContain(e => e is ResponseCompleted);
                }
            }
        }
    }

    [CorpusFact("pydantic-ai-raw-sse")]
    public async Task Encode_Recordings_DecodesToTheSameEvents()
    {
        foreach (var (name, file, oracle) in Files("pydantic-ai-raw-sse").Concat(Files("semantic-kernel-streams")))
        {
            var (events, _) = await WireRun.ReadAsync(Protocol(oracle), file);
            foreach (var protocol in new[] { StreamProtocols.Gemini, StreamProtocols.GeminiJsonArray })
            {
                var (again, exception) = await WireRun.ReadAsync(protocol, WireRun.Encode(protocol, events));
                exception.Should().BeNull(name);

                // What the wire says beside the answer stands with a text or after it; where a block ends is the same.
                Answer(again).ToLines().Should().Be(Answer(events).ToLines(), name);
            }
        }
    }

    private static IEnumerable<StreamEvent> Answer(IEnumerable<StreamEvent> events) => events.Where(e => e is not (ProviderMetadata or UsageUpdated));

    private static async Task VerifyAllAsync(string folder)
    {
        var files = Files(folder);
        files.Should().NotBeEmpty("the folder holds recordings of this wire");
        foreach (var (name, file, oracle) in files)
        {
            var (events, exception) = await WireRun.ReadAllWaysAsync(Protocol(oracle), file, name);
            exception.Should().BeNull(name);
            events.Should().NotContain(e => e is ProviderEvent, "{0} has nothing unknown", name);
            VerifyMessage(name, oracle, events);
        }
    }

    private static void VerifyMessage(string name, GeminiOracle oracle, List<StreamEvent> events)
    {
        var state = WireRun.Fold(events);
        (state.Model, state.ResponseId).Should().Be((oracle.Model, oracle.ResponseId), name);
        state.Text.Should().Be(oracle.Text.ToString(), name);
        string.Concat(state.Blocks.Where(block => block.Kind == ContentKind.Reasoning).Select(block => block.Text)).Should().Be(oracle.Thoughts.ToString(), name);
        var calls = state.Blocks.Where(block => block.CallId is not null).ToList();
        calls.Select(block => (block.Name, block.Text)).Should().Equal(oracle.Calls.Select(call => ((string?)call.Name, call.Arguments)), name);
        calls.Zip(oracle.Calls).Should().NotContain(pair => pair.Second.Id != null && pair.First.CallId != pair.Second.Id, name);
        calls.Should().NotContain(block => block.ParseError != null, name);
        state.Blocks.Where(block => block.Kind is ContentKind.Other or ContentKind.ServerToolResult).Select(block => block.Raw!.Value.GetRawText())
            .Should().Equal(oracle.Others, name);
        state.Blocks.Select(block => block.Raw is { } raw && raw.TryGetProperty("thoughtSignature", out var signature) ? signature.GetString() : null)
            .Where(signature => signature is not null).Should().Equal(oracle.Signatures, name);
        state.ToChatResponse().AdditionalProperties?.GetValueOrDefault("groundingMetadata")?.ToString().Should().Be(oracle.Grounding, name);
        state.RawFinishReason.Should().Be(oracle.FinishReason, name);
        state.FinishReason.Should().Be(oracle.Calls.Count > 0 ? FinishReason.ToolCalls : FinishReason.Stop, name);
        state.Blocks.Should().OnlyContain(block => block.IsCompleted, name);
        (state.Usage!.InputTokens, state.Usage.TotalTokens, state.Usage.ReasoningTokens, state.Usage.CachedInputTokens).Should().Be(
            (oracle.Count("promptTokenCount"), oracle.Count("totalTokenCount"), oracle.Count("thoughtsTokenCount"), oracle.Count("cachedContentTokenCount")), name);
        state.Usage.OutputTokens.Should().Be((oracle.Count("candidatesTokenCount") ?? 0) + (oracle.Count("thoughtsTokenCount") ?? 0), name);
    }

    private static StreamProtocol Protocol(GeminiOracle oracle) => oracle.IsArray ? StreamProtocols.GeminiJsonArray : StreamProtocols.Gemini;

    private static List<(string Name, byte[] File, GeminiOracle Oracle)> Files(string folder) =>
        [.. Corpora.Files(folder).Select(name => (Name: name, File: Corpora.ReadBytes(name)))
            .Select(file => (file.Name, file.File, Oracle: GeminiOracle.TryRead(file.File)))
            .Where(file => file.Oracle is not null)
            .Select(file => (file.Name, file.File, file.Oracle!))];
}
