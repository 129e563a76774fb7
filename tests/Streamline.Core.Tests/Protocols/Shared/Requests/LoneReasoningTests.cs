using System.Buffers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Shared.Requests;

/// <summary>An answer that was cut within its reasoning: what is left out of it is left out before the roles are put in order.</summary>
[Trait("Law", "13")]
public sealed class LoneReasoningTests
{
    [Theory]
    [InlineData("", "reasoning_content", "user assistant tool assistant user")]
    [InlineData("I think", "reasoning_content", "user assistant tool assistant user")]
    [InlineData("I think", "thinking", "user assistant tool assistant user")]
    public void Write_Mistral_ReasoningAfterResults_IsOrIsReplacedByAnAnswer(string text, string form, string roles) => Roles(OpenAICompatible.Mistral, text, form).Should().Be(roles);

    [Theory]
    [InlineData("", "reasoning_content", "user assistant tool user")]
    [InlineData("I think", "reasoning_content", "user assistant tool user")]
    [InlineData("I think", "thinking", "user assistant tool assistant user")]
    public void Write_OpenAI_ReasoningAfterResults_IsLeftOutUnlessItIsContent(string text, string form, string roles) => Roles(StreamProtocols.OpenAIChat, text, form).Should().Be(roles);

    [Fact]
    public void Normalize_LoneReasoning_IsReported() =>
        StreamProtocols.OpenAIChat.NormalizeConversation(new StreamRequest { Messages = Messages("I think", "reasoning_content") })
            .Changes.Should().ContainSingle().Which.Kind.Should().Be(ConversationChangeKind.ReasoningRemoved);

    private static string Roles(StreamProtocol protocol, string text, string form)
    {
        var body = new ArrayBufferWriter<byte>();
        protocol.WriteRequestBody(new StreamRequest { Messages = Messages(text, form), Options = new ChatOptions { ModelId = "m" } }, new StreamRequestDefaults("m", null), body);
        return string.Join(' ', JsonNode.Parse(body.WrittenSpan)!["messages"]!.AsArray().Select(message => (string?)message!["role"]));
    }

    private static ChatMessage[] Messages(string text, string form)
    {
        var state = new StreamState();
        foreach (var streamEvent in new StreamEvent[]
        {
            new ResponseStarted { Provider = "mistral", Protocol = OpenAIChatProtocol.ProtocolName },
            new ContentStarted { Index = 0, Kind = ContentKind.Reasoning, ProviderData = System.Text.Json.JsonElement.Parse($$"""{"type":"{{form}}"}""") },
            new ReasoningDelta { Index = 0, Text = text },
        })
        {
            state.Apply(streamEvent);
        }

        return
        [
            new(ChatRole.User, "Go"),
            new(ChatRole.Assistant, [new FunctionCallContent("c1", "f", new Dictionary<string, object?>())]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", "done")]),
            .. state.ToChatResponse().Messages,
            new(ChatRole.User, "More"),
        ];
    }
}
