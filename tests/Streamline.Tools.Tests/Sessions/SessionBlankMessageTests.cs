using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Sessions;

public sealed class SessionBlankMessageTests
{
    [Fact]
    public async Task SendAsync_BlankMessage_FailsItsTurnAndNoOther()
    {
        var provider = new ScriptedProvider(request => ScriptedReply.Text($"You said: {request.LastUserText}"));
        using var http = new HttpClient(provider.CreateHandler());
        await using var session = new StreamSession(StreamProtocols.Anthropic.CreateClient(http, "key", "model"));
        await session.SendAsync("Hi.").OrFail();

        await FluentActions.Awaiting(() => session.SendAsync(" ").OrFail()).Should().ThrowAsync<ArgumentException>();
        var next = await session.SendAsync("And now?").OrFail();

        next.Response.Text.Should().Be("You said: And now?");
        provider.Exchanges.Should().HaveCount(2);
    }
}
