using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Testing;

namespace Streamline.Tests.Pipeline;

public sealed class StreamRequestTests
{
    [Fact]
    public void Messages_ListThatGrowsLater_StaysAsItWas()
    {
        List<ChatMessage> messages = [new(ChatRole.User, "q")];

        var request = new StreamRequest { Messages = messages };
        messages.Add(new ChatMessage(ChatRole.User, "later"));

        request.Messages.Should().ContainSingle();
    }

    [Fact]
    public void Messages_WithANullMessage_Throws()
    {
        var create = () => new StreamRequest { Messages = [new ChatMessage(ChatRole.User, "q"), null!] };

        create.Should().Throw<ArgumentException>().WithMessage("Message 1 is null*");
    }

    /// <summary>Through the bridge, the list is copied when the method is called, and not when the enumeration begins.</summary>
    [Fact]
    [Trait("Law", "13")]
    public async Task GetStreamingResponseAsync_ListThatGrowsBeforeTheEnumeration_IsSentAsItWas()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("a"));
        var client = StreamProtocols.OpenAIChat.CreateClient(new HttpClient(provider.CreateHandler()), "key", "m").AsChatClient();
        List<ChatMessage> messages = [new(ChatRole.User, "first")];

        var updates = client.GetStreamingResponseAsync(messages);
        messages.Add(new ChatMessage(ChatRole.User, "later"));
        await foreach (var update in updates)
        {
            update.Should().NotBeNull();
        }

        provider.Exchanges[0].Request.Body.GetRawText().Should().Contain("first").And.NotContain("later");
    }
}
