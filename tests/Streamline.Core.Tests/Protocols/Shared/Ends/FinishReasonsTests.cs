using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Shared;

public sealed class FinishReasonsTests
{
    [Theory]
    [InlineData(FinishReason.Stop, "stop", "STOP", "end_turn", "stop_sequence", "eos", "completed", "COMPLETE", "EndTurn")]
    [InlineData(FinishReason.ToolCalls, "tool_calls", "tool_use", "function_call", "TOOL_CALL", "toolUse")]
    [InlineData(FinishReason.Length, "length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "model_length", "model_context_window_exceeded")]
    [InlineData(FinishReason.ContentFilter, "content_filter", "content_filtered", "SAFETY", "RECITATION", "PROHIBITED_CONTENT", "guardrail_intervened", "sensitive", "IMAGE_SAFETY")]
    [InlineData(FinishReason.Refusal, "refusal")]
    [InlineData(FinishReason.Pause, "pause_turn")]
    public void Read_WordsOfAllProviders_AreKnown(FinishReason expected, params string[] words) =>
        words.Select(FinishReasons.Read).Should().AllBeEquivalentTo(expected);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("error")]
    [InlineData("OTHER")]
    [InlineData("MALFORMED_FUNCTION_CALL")]
    [InlineData("a word that is far longer than any provider has for why a model stopped writing")]
    public void Read_UnknownWord_IsNull(string? word) => FinishReasons.Read(word).Should().BeNull();

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("null", false)]
    [InlineData("FINISH_REASON_UNSPECIFIED", false)]
    [InlineData("BLOCKED_REASON_UNSPECIFIED", false)]
    [InlineData("stop", true)]
    [InlineData("novel", true)]
    public void IsGiven_Placeholders_AreNot(string? word, bool expected) => FinishReasons.IsGiven(word).Should().Be(expected);
}
