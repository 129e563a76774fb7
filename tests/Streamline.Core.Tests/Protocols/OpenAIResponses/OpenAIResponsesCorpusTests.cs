using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.OpenAIResponses;

/// <summary>Every recorded stream of this wire, recognised by its content, against an independent reading of the same file.</summary>
public sealed class OpenAIResponsesCorpusTests
{
    private const string Folder = "pydantic-ai-raw-sse";

    [CorpusFact(Folder)]
    [Trait("Law", "1")]
    public async Task Read_Recordings_GiveTheSameEventsHoweverTheyAreSplit()
    {
        foreach (var (name, file, _) in Recordings())
        {
            await OpenAIResponsesWire.VerifyAllWaysAsync(file, await ReadAsync(name, file), name);
        }
    }

    [CorpusFact(Folder)]
    [Trait("Law", "11")]
    public async Task Read_Recordings_HoldNothingUnknown()
    {
        foreach (var (name, file, _) in Recordings())
        {
            (await ReadAsync(name, file)).Should().NotContain(streamEvent => streamEvent is ProviderEvent, "{0} has nothing new", name);
        }
    }

    [CorpusFact(Folder)]
    public async Task Read_Recordings_FoldToWhatAnIndependentReadingGives()
    {
        foreach (var (name, file, oracle) in Recordings())
        {
            var state = OpenAIResponsesWire.Fold(await ReadAsync(name, file));

            state.Text.Should().Be(oracle.Parts("output_text"), name).And.Be(oracle.Deltas("response.output_text"), name);
            var reasoning = TextOf(state, ContentKind.Reasoning);
            reasoning.Should().Be(oracle.Parts("summary_text") + oracle.Parts("reasoning_text"), name);
            reasoning.Should().Be(oracle.Deltas("response.reasoning_summary_text") + oracle.Deltas("response.reasoning_text"), name);
            TextOf(state, ContentKind.Refusal).Should().Be(oracle.Parts("refusal"), name);
            state.Blocks.Where(block => block is { CallId: not null, IsProviderExecuted: false })
                .Select(block => (block.CallId, block.Name, (string?)block.Text)).Should().Equal(oracle.Calls, name);
            state.Blocks.Sum(block => block.Citations.Count).Should().Be(oracle.Annotations, name);
            state.Blocks.Should().OnlyContain(block => block.IsCompleted, name);
            state.ResponseId.Should().Be(oracle.Response.GetProperty("id").GetString(), name);
            state.Model.Should().Be(oracle.Response.GetProperty("model").GetString(), name);
            (state.Usage!.InputTokens, state.Usage.OutputTokens, state.Usage.TotalTokens)
                .Should().Be((oracle.Count("input_tokens"), oracle.Count("output_tokens"), oracle.Count("total_tokens")), name);
            (state.Usage.CachedInputTokens, state.Usage.ReasoningTokens)
                .Should().Be((oracle.Count("input_tokens_details", "cached_tokens"), oracle.Count("output_tokens_details", "reasoning_tokens")), name);
            state.FinishReason.Should().Be(oracle.IsAwaitingAnswer ? FinishReason.ToolCalls : FinishReason.Stop, name);
        }
    }

    [CorpusFact(Folder)]
    public async Task Write_AnswersOfRecordings_GoBackAsTheyCame()
    {
        foreach (var (name, file, oracle) in Recordings())
        {
            var response = OpenAIResponsesWire.Fold(await ReadAsync(name, file)).ToChatResponse();

            // A conversation begins with a question, and calls go back with their results, which were not recorded.
            ChatMessage results = new(ChatRole.User, [.. response.Messages.SelectMany(message => message.Contents).Select(Answer).OfType<AIContent>()]);
            var input = new JsonArray([.. OpenAIResponsesWire.NextRequest([new ChatMessage(ChatRole.User, "q"), .. response.Messages, .. results.Contents.Count > 0 ? [results] : (ChatMessage[])[]])["input"]!.AsArray()
                .Skip(1).Where(item => item!["type"]!.GetValue<string>() is not ("any_output" or "function_call_output" or "custom_tool_call_output")).Select(item => item!.DeepClone())]);

            JsonNode.DeepEquals(input, oracle.ExpectedInput()).Should().BeTrue("the output of {0} is\n{1}\nand went back as\n{2}", name, oracle.ExpectedInput().ToJsonString(), input!.ToJsonString());
        }
    }

    // Items of the provider's own that the application answers, such as a search for tools.
    private static AIContent? Answer(AIContent content) =>
        content is not FunctionCallContent && content.AdditionalProperties?.GetValueOrDefault("openai-responses.block") is JsonElement item && item.TryGetProperty("call_id", out var callId)
            ? new AIContent { AdditionalProperties = new() { ["openai-responses.block"] = JsonElement.Parse($$$"""{"type":"any_output","call_id":{{{callId.GetRawText()}}}}""") } }
            : null;

    [CorpusFact(Folder)]
    public async Task Encode_Recordings_DecodeToTheSameEvents()
    {
        foreach (var (name, file, oracle) in Recordings())
        {
            var events = await ReadAsync(name, file);

            var again = await ReadAsync(name, WireRun.Encode(StreamProtocols.OpenAIResponses, events));

            again.ToLines().Should().Be(events.ToLines(), "{0} was encoded and decoded again", name);
            var encoded = OpenAIResponsesOracle.TryRead(WireRun.Encode(StreamProtocols.OpenAIResponses, events))!;
            JsonNode.DeepEquals(encoded.ExpectedInput(), oracle.ExpectedInput()).Should().BeTrue("the items of {0} are encoded as\n{1}", name, encoded.ExpectedInput().ToJsonString());
            encoded.Response.GetProperty("output").GetArrayLength().Should().Be(oracle.Output.Count(), name);
        }
    }

    [CorpusFact(Folder)]
    [Trait("Law", "4")]
    public async Task Read_RecordingsCutAfterAnyFrame_AreInterruptedUnlessTheyAreWhole()
    {
        foreach (var (name, file, _) in Recordings().Where(recording => recording.File.Length < 16 * 1024))
        {
            var text = Encoding.UTF8.GetString(file);
            var whole = (await ReadAsync(name, file)).ToLines();
            for (var cut = text.IndexOf("\n\n", StringComparison.Ordinal); cut >= 0; cut = text.IndexOf("\n\n", cut + 2, StringComparison.Ordinal))
            {
                var (events, exception) = await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, text[..(cut + 2)]);
                if (cut + 2 < text.TrimEnd().Length)
                {
                    exception.Should().BeOfType<StreamInterruptedException>("{0} was cut at {1}", name, cut).Which.PartialResponse.Should().NotBeNull();
                    events.Should().NotContain(streamEvent => streamEvent is ResponseCompleted);
                }

                whole.Should().StartWith(events.ToLines());
            }
        }
    }

    private static IEnumerable<(string Name, byte[] File, OpenAIResponsesOracle Oracle)> Recordings()
    {
        var count = 0;
        foreach (var name in Corpora.Files(Folder, "*.sse"))
        {
            var file = Corpora.ReadBytes(name);
            if (OpenAIResponsesOracle.TryRead(file) is { IsWhole: true } oracle)
            {
                count++;
                yield return (name, file, oracle);
            }
        }

        count.Should().BePositive("the folder holds recordings of this wire");
    }

    private static async Task<List<StreamEvent>> ReadAsync(string name, byte[] file)
    {
        var (events, exception) = await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, file);
        exception.Should().BeNull("{0} is a whole response", name);
        return events;
    }

    private static string TextOf(StreamState state, ContentKind kind) => string.Concat(state.Blocks.Where(block => block.Kind == kind).Select(block => block.Text));
}
