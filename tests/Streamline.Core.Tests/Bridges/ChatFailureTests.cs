using System.Net;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tests.Bridges;

/// <summary>Failures of a chat client become the exceptions by which retry and failover tell what helps.</summary>
public sealed class ChatFailureTests
{
    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, true)]
    [InlineData((HttpStatusCode)529, true)]
    [InlineData(HttpStatusCode.TooManyRequests, true)]
    [InlineData(HttpStatusCode.Unauthorized, false)]
    [InlineData(HttpStatusCode.BadRequest, false)]
    [Trait("Law", "5")]
    public async Task Status_IsTheProvidersError(HttpStatusCode status, bool isRetryable)
    {
        var cause = new HttpRequestException("no", inner: null, status);

        foreach (var exception in await FailAsync(cause))
        {
            var error = exception.Should().BeOfType<ProviderException>().Subject;
            (error.Provider, error.StatusCode, error.ProviderMessage, error.IsRetryable, error.IsInBand).Should().Be(("fake", status, "no", isRetryable, false));
            error.InnerException.Should().BeSameAs(cause);
        }
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task TimeLimitOfTheChatClient_IsATimeout()
    {
        Exception[] causes = [new TimeoutException("x"), new TaskCanceledException("HttpClient.Timeout", new TimeoutException()), new OperationCanceledException(new CancellationToken(canceled: true))];
        foreach (var cause in causes)
        {
            foreach (var exception in await FailAsync(cause))
            {
                var timeout = exception.Should().BeOfType<StreamTimeoutException>().Subject;
                (timeout.Phase, timeout.Timeout, timeout.Message).Should().Be(
                    (StreamTimeoutPhase.FirstEvent, Timeout.InfiniteTimeSpan, "The first event did not arrive within the time limit of the chat client."));
                timeout.InnerException.Should().BeSameAs(cause);
            }
        }
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task TimeLimitAfterAPart_IsThatOfTheNextEvent()
    {
        var chat = new FakeChatClient([new ChatResponseUpdate(ChatRole.Assistant, "Half")], new TaskCanceledException());

        var (_, exception) = await chat.AsStreamClient().StreamAsync("Hi").CatchAsync();

        var timeout = exception.Should().BeOfType<StreamTimeoutException>().Subject;
        timeout.Phase.Should().Be(StreamTimeoutPhase.Idle);
        timeout.PartialResponse!.Text.Should().Be("Half");
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task CancellationByTheCaller_IsNoTimeout()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        foreach (var chat in new IChatClient[] { new FakeChatClient([], new TaskCanceledException()), new ThrowingChatClient(new TaskCanceledException()) })
        {
            var (_, exception) = await chat.AsStreamClient().StreamAsync("Hi", cancellationToken: cancellation.Token).CatchAsync();
            exception.Should().BeAssignableTo<OperationCanceledException>().Which.CancellationToken.Should().Be(cancellation.Token);
        }
    }

    [Fact]
    public async Task Connection_IsInterrupted_AndAnythingElseStaysWhatItIs()
    {
        (await FailAsync(new HttpRequestException("refused"))).Should().AllBeOfType<StreamInterruptedException>();
        (await FailAsync(new IOException("reset"))).Should().AllBeOfType<StreamInterruptedException>();
        var cause = new InvalidOperationException("misuse");
        (await FailAsync(cause)).Should().AllBeEquivalentTo(cause);
    }

    [Fact]
    public async Task Retry_TriesAgainAfterATimeLimitAndAStatus()
    {
        foreach (var cause in new Exception[] { new HttpRequestException("busy", inner: null, HttpStatusCode.ServiceUnavailable), new TaskCanceledException() })
        {
            var chat = new ThrowingChatClient(cause);
            await new StreamClientBuilder(chat.AsStreamClient()).UseRetry(retry => (retry.BaseDelay, retry.MaxAttempts) = (TimeSpan.Zero, 3)).Build().StreamAsync("Hi").CatchAsync();
            chat.Requests.Should().Be(3);
        }
    }

    /// <summary>Fails out of the enumeration, and out of the call itself.</summary>
    private static async Task<List<Exception?>> FailAsync(Exception cause)
    {
        var (_, ofEnumeration) = await new FakeChatClient([], cause).AsStreamClient().StreamAsync("Hi").CatchAsync();
        var (_, ofCall) = await new ThrowingChatClient(cause).AsStreamClient().StreamAsync("Hi").CatchAsync();
        return [ofEnumeration, ofCall];
    }

    private sealed class ThrowingChatClient(Exception exception) : IChatClient
    {
        public int Requests { get; private set; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw exception;

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Requests++;
            throw exception;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("fake") : null;

        public void Dispose()
        {
        }
    }
}
