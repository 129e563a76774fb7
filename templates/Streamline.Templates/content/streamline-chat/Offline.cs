using Streamline;
using Streamline.Protocols;
using Streamline.Testing;

namespace StreamlineChat;

/// <summary>A scripted provider that answers without a key and without a network. It speaks the protocol of a real one.</summary>
internal static class Offline
{
    public static IStreamClient CreateClient()
    {
        var provider = new ScriptedProvider(request => request.ToolResults.Count == 0
            ? ScriptedReply.Text("I am a script; set ANTHROPIC_API_KEY or OPENAI_API_KEY to ask a model. Let me look at the clock.").ThenToolCall(Tools.Clock, "{}")
            : ScriptedReply.Text($"It is {request.ToolResults[^1].Content}. You said: {request.LastUserText}"));
        return StreamProtocols.Anthropic.CreateClient(new HttpClient(provider.CreateHandler()), "none", "any-model");
    }
}
