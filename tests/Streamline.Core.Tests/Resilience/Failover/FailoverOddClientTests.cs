using Streamline.Tests.Resilience.Continue;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Failover;

/// <summary>Clients that fail in odd ways: out of the call itself, while they are closed, without an event, because they cannot carry the request.</summary>
public sealed class FailoverOddClientTests
{
    private const string Answer = "The river runs through the old town, under seven bridges, and meets the sea below the harbour.";

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [Trait("Law", "6")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamAsync_ClientThatCannotBeAskedTheRequest_IsPassedOver(bool isMidStream)
    {
        var unable = new FakeStreamClient(Fails(Unsupported("options")));
        var cut = Interrupted();
        var primary = new FakeStreamClient(isMidStream ? Fails(cut, Started(), Words("The road leaves the village ")) : Fails(cut));

        void Configure(FailoverOptions options)
        {
            (options.MidStream, options.Continue.Otherwise) = (MidStreamPolicy.Continue, MidStreamPolicy.Restart);
            options.Clients.Add(new("unable", unable));
        }

        var client = Build(primary, options =>
        {
            Configure(options);
            options.Clients.Add(new("able", new SimulatedModel(Answer, [])));
        });
        TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be(Answer);
        (await Build(primary, Configure).StreamAsync(Request).CatchAsync()).Exception.Should().BeSameAs(cut, "it says why there is no answer");
    }

    [Fact]
    public async Task StreamAsync_ClientThrowsOutOfTheCallItself_TheNextIsAsked()
    {
        var client = Build(new ThrowingClient(), options => options.Clients.Add(new("backup", new SimulatedModel(Answer, []))));

        TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be(Answer);
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task Restart_ByAClientThatSendsNothing_IsAFailure()
    {
        var cut = Interrupted();
        var client = Build(new FakeStreamClient(Fails(cut, Started(), Words("half"))), options =>
        {
            options.MidStream = MidStreamPolicy.Restart;
            options.Clients.Add(new("mute", FakeStreamClient.Of()));
        });

        var (events, exception) = await client.StreamAsync(Request).CatchAsync();

        exception.Should().BeSameAs(cut);
        TextOf(events).Should().Be("half");
    }

    [Fact]
    public async Task StreamAsync_FailedClientCannotBeClosed_TheNextIsAskedAllTheSame()
    {
        var client = Build(new UnclosableClient(), options => options.Clients.Add(new("backup", new SimulatedModel(Answer, []))));

        TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be(Answer);
    }

    [Theory]
    [Trait("Law", "12")]
    [InlineData(1.0)]
    [InlineData(0.6)]
    public async Task Breaker_AnswersThatBreakInTheMiddle_CountOnceEach(double ratio)
    {
        var primary = new FakeStreamClient(Fails(Interrupted(), Started(), Words("half")));
        var client = Build(primary, options =>
        {
            options.Clients.Add(new("backup", new SimulatedModel(Answer, [])));
            (options.MidStream, options.FailureRatio, options.MinimumRequests) = (MidStreamPolicy.Restart, ratio, 5);
        });
        for (var i = 0; i < 20; i++)
        {
            TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be(Answer);
        }

        primary.Requests.Should().HaveCount(5, "then the client is left alone");
    }

    private static ArgumentException Unsupported(string options) => new("The protocol does not support the option Seed.", nameof(options));

    private IStreamClient Build(IStreamClient primary, Action<FailoverOptions> configure) => new StreamClientBuilder(primary).UseTimeProvider(_time).UseFailover(configure).Build();

    private sealed class UnclosableClient : IStreamClient
    {
        public object? GetService(Type serviceType) => null;

        public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) => new Events();

        private sealed class Events : IAsyncEnumerable<StreamEvent>, IAsyncEnumerator<StreamEvent>
        {
            public StreamEvent Current => null!;

            public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

            public ValueTask<bool> MoveNextAsync() => ValueTask.FromException<bool>(Overloaded());

            public ValueTask DisposeAsync() => ValueTask.FromException(new InvalidOperationException("It cannot be closed."));
        }
    }
}
