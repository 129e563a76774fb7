using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Pipeline;

public sealed class StreamRequestTests
{
    [Fact]
    [Trait("Law", "13")]
    [Trait("Finding", "B5")]
    public async Task Messages_AddedToTheListLater_AreNotPartOfTheRequest()
    {
        List<ChatMessage> messages = [new(ChatRole.User, "first")];
        var source = new FakeStreamClient(Fails(Overloaded(), Started()), Ends(Words("a"), Completed()));
        var client = new StreamClientBuilder(source).UseRetry(options => options.BaseDelay = TimeSpan.Zero).Build();
        var stream = client.StreamAsync(messages);
        messages.Add(new ChatMessage(ChatRole.User, "added before the enumeration"));

        await foreach (var streamEvent in stream)
        {
            messages.Add(new ChatMessage(ChatRole.User, "added while streaming"));
        }

        source.Requests.Should().HaveCount(2).And.OnlyContain(request => request.Messages.Count == 1);
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Options_ChangedLater_DoNotChangeTheRequest()
    {
        var options = new ChatOptions { Temperature = 0.1f, StopSequences = ["a"] };
        var source = new FakeStreamClient(Fails(Overloaded()), Ends(Started(), Words("a"), Completed()));
        var client = new StreamClientBuilder(source).UseRetry(retry => retry.BaseDelay = TimeSpan.Zero).Build();
        var stream = client.StreamAsync("first", options);
        options.Temperature = 0.5f;
        options.StopSequences.Add("b");

        await foreach (var streamEvent in stream)
        {
            options.Temperature = streamEvent is RetryScheduled ? 0.9f : options.Temperature;
        }

        options.Temperature.Should().Be(0.9f);
        source.Requests.Should().HaveCount(2).And.OnlyContain(request => request.Options!.Temperature == 0.1f && request.Options.StopSequences!.Count == 1);
    }

    [Fact]
    [Trait("Finding", "T11")]
    public void Messages_Null_Throw()
    {
        FluentActions.Invoking(() => new StreamRequest { Messages = null! }).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new StreamRequest { Messages = [new(ChatRole.User, "a"), null!] }).Should().Throw<ArgumentException>().WithMessage("Message 1 is null.*");
        FluentActions.Invoking(() => new StreamRequest { Messages = [new(ChatRole.User, [new TextContent("a"), null!])] }).Should().Throw<ArgumentException>().WithMessage("Message 0 has a content that is null.*");
    }
}
