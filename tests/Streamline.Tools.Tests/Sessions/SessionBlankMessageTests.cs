using Microsoft.Extensions.AI;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Sessions;

/// <summary>A message of which nothing would be sent is refused when it is given, so that it is never part of the conversation.</summary>
public sealed class SessionBlankMessageTests
{
    public static TheoryData<ChatMessage> Blank => [new(ChatRole.User, " "), new(ChatRole.User, "\n\t"), new(ChatRole.User, (string?)null), new(ChatRole.User, [new TextContent(""), new TextContent(" ")])];

    [Fact]
    public async Task SendAsync_BlankMessage_FailsAloneAndLeavesNoTrace()
    {
        var provider = new ScriptedProvider(request => ScriptedReply.Text($"You said: {request.LastUserText}"));
        using var http = new HttpClient(provider.CreateHandler());
        await using var session = new StreamSession(StreamProtocols.Anthropic.CreateClient(http, "key", "model"));
        await session.SendAsync("Hi.").OrFail();

        await FluentActions.Awaiting(() => session.SendAsync(" ").OrFail()).Should().ThrowAsync<ArgumentException>();
        session.Snapshot.Messages.Should().HaveCount(2);
        var next = await session.SendAsync("And now?").OrFail();

        next.Response.Text.Should().Be("You said: And now?");
        provider.Exchanges.Should().HaveCount(2);
        session.Snapshot.Messages.Should().HaveCount(4);
    }

    [Theory]
    [MemberData(nameof(Blank))]
    public async Task BlankMessage_OfAnyKind_IsRefused(ChatMessage blank)
    {
        await using var session = new StreamSession(FakeStreamClient.Of(Wire.Answer()));

        foreach (var give in new Func<ChatMessage, SessionMessage>[] { session.Queue, session.Steer, message => session.InterruptAndSend(message) })
        {
            FluentActions.Invoking(() => give(blank)).Should().Throw<ArgumentException>().WithMessage("The message has nothing to send: it is empty or blank.*");
        }

        session.Snapshot.Should().Match<SessionSnapshot>(snapshot => snapshot.Messages.Count == 0 && snapshot.Pending.Count == 0);
    }

    [Fact]
    public async Task TryEdit_BlankMessage_IsRefusedAndTheOldOneStays()
    {
        await using var session = new StreamSession(FakeStreamClient.Of(Wire.Answer()));
        var message = session.Queue(new ChatMessage(ChatRole.User, "Hi."));

        FluentActions.Invoking(() => message.TryEdit(new ChatMessage(ChatRole.User, ""))).Should().Throw<ArgumentException>();

        message.Message.Text.Should().Be("Hi.");
    }

    [Fact]
    public async Task MessageWithAnImageAlone_IsDelivered()
    {
        await using var session = new StreamSession(FakeStreamClient.Of(Wire.Answer()));

        var ended = await session.SendAsync(new ChatMessage(ChatRole.User, [new TextContent(""), new DataContent(new byte[] { 1 }, "image/png")])).OrFail();

        ended.Response.Text.Should().Be("done");
    }
}
