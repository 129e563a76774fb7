using System.Net;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Failover;

public sealed class FailoverProbeTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly SteadyClock _clock;

    public FailoverProbeTests() => _clock = new SteadyClock(_time);

    private static ProviderException Refused => new("test", HttpStatusCode.Unauthorized, null, null);

    [Theory]
    [Trait("Law", "9")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamAsync_LeftBeforeTheProbeIsSent_AnotherRequestProbes(bool throws)
    {
        var mayAdapt = true;
        var backup = new FakeStreamClient(Fails(Refused), Ends(Started(), Words("b"), Completed()));
        var client = Build(new FakeStreamClient(Fails(Overloaded())), options =>
        {
            options.Clients.Add(new("backup", backup) { Adapt = request => mayAdapt ? request : throw new FormatException("a bug") });
            options.Clients.Add(new("spare", FakeStreamClient.Of(Started(), Words("s"), Completed())));
        });
        TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be("s");
        _time.Advance(TimeSpan.FromMinutes(30));
        if (throws)
        {
            mayAdapt = false;
            (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeOfType<FormatException>();
            mayAdapt = true;
        }
        else
        {
            await using var events = client.StreamAsync(Request).GetAsyncEnumerator();
            await events.MoveNextAsync();
            events.Current.Should().BeOfType<ClientChanged>().Which.Client.Should().Be("backup");
        }

        TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be("b");
    }

    [Fact]
    public async Task StreamAsync_FailedProbeIsBeingClosed_NobodyElseProbes()
    {
        var primary = new SlowToClose();
        var client = Build(primary, options => options.Clients.Add(new("backup", FakeStreamClient.Of(Started(), Words("b"), Completed()))));
        await client.StreamAsync(Request).CollectAsync();
        _time.Advance(TimeSpan.FromMinutes(30));
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        primary.Closing = gate.Task;

        var probing = client.StreamAsync(Request).CollectAsync();
        await primary.IsClosing.Task.OrFail();
        primary.Closing = Task.CompletedTask;
        await client.StreamAsync(Request).CollectAsync();

        primary.Asked.Should().Be(2);
        gate.SetResult();
        TextOf(await probing.OrFail()).Should().Be("b");
    }

    [Fact]
    public void Breaker_RequestFromBeforeEnds_TheProbeGoesOn()
    {
        var breaker = Breaker();
        breaker.Fail(probe: 0, FailureKind.Down, retryAfter: null);
        _time.Advance(TimeSpan.FromMinutes(30));
        breaker.TryEnter(isLastResort: false, out var probe).Should().BeTrue();

        breaker.Abandon(probe: 0);
        breaker.Fail(probe: 0, FailureKind.Transient, retryAfter: null);
        breaker.TryEnter(isLastResort: false, out _).Should().BeFalse("another request probes");

        breaker.Abandon(probe);
        breaker.TryEnter(isLastResort: false, out var next).Should().BeTrue();
        next.Should().NotBe(probe);
    }

    [Fact]
    public void Breaker_ManyUnderWayFail_TheTimeDoesNotDouble()
    {
        var breaker = Breaker();
        for (var i = 0; i < 10; i++)
        {
            breaker.Fail(probe: 0, FailureKind.Transient, retryAfter: null);
        }

        breaker.OpenUntil.Should().Be(_clock.Now + TimeSpan.FromSeconds(15));
        _time.Advance(TimeSpan.FromSeconds(15));
        breaker.TryEnter(isLastResort: false, out var probe).Should().BeTrue();
        breaker.Fail(probe, FailureKind.Transient, retryAfter: null);
        breaker.OpenUntil.Should().Be(_clock.Now + TimeSpan.FromSeconds(30), "a failed probe doubles it");
    }

    [Fact]
    public void Breaker_ShorterRetryAfter_DoesNotReplaceALongerTime()
    {
        var breaker = Breaker();
        breaker.Fail(probe: 0, FailureKind.Transient, TimeSpan.FromSeconds(60));
        breaker.Fail(probe: 0, FailureKind.Transient, TimeSpan.FromSeconds(10));

        breaker.OpenUntil.Should().Be(_clock.Now + TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Breaker_AnswersWhileItIsLeftAlone_ForgetsTheTime()
    {
        var breaker = Breaker();
        breaker.Fail(probe: 0, FailureKind.Down, retryAfter: null);
        breaker.Answer();
        breaker.Fail(probe: 0, FailureKind.Transient, TimeSpan.FromSeconds(10));

        breaker.OpenUntil.Should().Be(_clock.Now + TimeSpan.FromSeconds(10));
    }

    private ClientBreaker Breaker() => new(new FailoverOptions { NextRandom = () => 0.5 }, _clock);

    private IStreamClient Build(IStreamClient primary, Action<FailoverOptions> configure) => new StreamClientBuilder(primary).UseTimeProvider(_time).UseFailover(options =>
    {
        options.NextRandom = () => 0.5;
        configure(options);
    }).Build();

    /// <summary>Refuses every request, and takes as long as the test wants to close its stream.</summary>
    private sealed class SlowToClose : IStreamClient
    {
        public int Asked { get; private set; }

        public Task Closing { get; set; } = Task.CompletedTask;

        public TaskCompletionSource IsClosing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) => new Attempt(this);

        private sealed class Attempt(SlowToClose owner) : IAsyncEnumerable<StreamEvent>, IAsyncEnumerator<StreamEvent>
        {
            public StreamEvent Current => throw new InvalidOperationException("There is none.");

            public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

            public ValueTask<bool> MoveNextAsync()
            {
                owner.Asked++;
                return ValueTask.FromException<bool>(Refused);
            }

            public async ValueTask DisposeAsync()
            {
                if (!owner.Closing.IsCompleted)
                {
                    owner.IsClosing.TrySetResult();
                }

                await owner.Closing;
            }
        }
    }
}
