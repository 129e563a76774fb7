using Streamline;
using Streamline.Testing;

namespace GatewaySample;

/// <summary>What the embedded provider answers: it calls the first tool that it is offered, and says again what it was told.</summary>
internal static class EmbeddedModel
{
    private static readonly TokenUsage Usage = new() { InputTokens = 12, OutputTokens = 34 };

    public static ScriptedReply Respond(ScriptedRequest request) => request switch
    {
        { ToolResults: { Count: > 0 } results } => ScriptedReply.Text($"The tools said: {string.Join("; ", results.Select(result => result.Content))}.") with { Usage = Usage },
        { ToolNames: [var tool, ..] } => ScriptedReply.Text($"I ask {tool}.").ThenToolCall(tool, "{}") with { Usage = Usage },
        _ => ScriptedReply.Reasoning("The user said something. I say it again.", "c2lnbmF0dXJl").ThenText($"You said: {request.LastUserText}") with { Usage = Usage },
    };
}
