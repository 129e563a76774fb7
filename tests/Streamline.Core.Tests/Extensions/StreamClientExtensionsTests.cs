using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Extensions;

public sealed class StreamClientExtensionsTests
{
    [Fact]
    public async Task StreamAsync_Prompt_IsOneUserMessage()
    {
        var source = FakeStreamClient.Of(Completed());
        var options = new ChatOptions { ModelId = "m" };

        await source.StreamAsync("hello", options).CollectAsync();

        var request = source.Requests.Single();
        request.Options.Should().BeEquivalentTo(options).And.NotBeSameAs(options);
        request.Messages.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Role = ChatRole.User, Text = "hello" });
    }

    [Fact]
    public async Task StreamTextAsync_Answer_GivesOnlyItsText()
    {
        var client = FakeStreamClient.Of(Started(), Reasoning("hm"), Words("a", 1), KeepAlive.Instance, Words("b", 1), Refusal("no", 2), Completed());

        (await Strings(client.StreamTextAsync("hello"))).Should().Equal("a", "b");
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task StreamTextAsync_RestartAfterText_Throws()
    {
        var restarted = new StreamRestarted { Attempt = 2, Reason = "the connection broke", Discarded = [0] };
        var shown = FakeStreamClient.Of(Words("a"), restarted, Words("b"), Completed());
        var notShown = FakeStreamClient.Of(Reasoning("a"), restarted, Words("b"), Completed());

        await FluentActions.Awaiting(() => Strings(shown.StreamTextAsync("hello"))).Should().ThrowAsync<StreamInterruptedException>();
        shown.Open.Should().Be(0);
        (await Strings(notShown.StreamTextAsync("hello"))).Should().Equal("b");
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task StreamTextAsync_Left_ClosesTheSource()
    {
        var client = new FakeStreamClient(Stalls(Words("a")));
        await foreach (var text in client.StreamTextAsync("hello"))
        {
            text.Should().Be("a");
            client.Open.Should().Be(1);
            break;
        }

        client.Open.Should().Be(0);
    }

    [Theory]
    [Trait("Law", "9")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamTextAsync_Cancelled_EndsWithTheCallersToken(bool byParameter)
    {
        using var cancellation = new CancellationTokenSource();
        var client = new FakeStreamClient(Stalls(Words("a")));
        var strings = byParameter ? client.StreamTextAsync("hello", cancellationToken: cancellation.Token) : client.StreamTextAsync("hello");
        var reading = Task.Run(async () =>
        {
            await foreach (var text in strings.WithCancellation(byParameter ? default : cancellation.Token))
            {
                await cancellation.CancelAsync();
            }
        });

        (await FluentActions.Awaiting(() => reading.OrFail()).Should().ThrowAsync<OperationCanceledException>())
            .Which.CancellationToken.Should().Be(cancellation.Token);
        client.Open.Should().Be(0);
    }

    [Fact]
    public async Task GetResponseAsync_Answer_IsFolded()
    {
        var response = await FakeStreamClient.Of(Started("r1"), Words("a"), Words("b"), Completed()).GetResponseAsync(Request);

        response.Text.Should().Be("ab");
        response.ResponseId.Should().Be("r1");
        response.FinishReason.Should().Be(ChatFinishReason.Stop);
    }

    [Fact]
    public async Task GetResponseAsync_Failure_IsThrown()
    {
        var failure = Overloaded();

        (await FluentActions.Awaiting(() => new FakeStreamClient(Fails(failure, Words("a"))).GetResponseAsync(Request)).Should().ThrowAsync<ProviderException>())
            .Which.Should().BeSameAs(failure);
    }

    [Fact]
    public void Arguments_Null_ThrowBeforeTheEnumeration()
    {
        var client = FakeStreamClient.Of();
        Action[] misuses =
        [
            () => client.StreamAsync((string)null!),
            () => client.StreamAsync((IReadOnlyList<ChatMessage>)null!),
            () => client.StreamTextAsync((string)null!),
            () => client.StreamTextAsync((IReadOnlyList<ChatMessage>)null!),
            () => client.StreamTextAsync((StreamRequest)null!),
            () => _ = client.GetResponseAsync((string)null!),
            () => _ = client.GetResponseAsync((IReadOnlyList<ChatMessage>)null!),
            () => _ = client.GetResponseAsync((StreamRequest)null!),
            () => StreamClientExtensions.StreamAsync(null!, "x"),
            () => StreamClientExtensions.StreamTextAsync(null!, "x"),
            () => _ = StreamClientExtensions.GetResponseAsync(null!, Request),
        ];

        misuses.Should().AllSatisfy(misuse => misuse.Should().Throw<ArgumentNullException>());
    }

    private static async Task<List<string>> Strings(IAsyncEnumerable<string> strings)
    {
        var all = new List<string>();
        await foreach (var text in strings)
        {
            all.Add(text);
        }

        return all;
    }
}
