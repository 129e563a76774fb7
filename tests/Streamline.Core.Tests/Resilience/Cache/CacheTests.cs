using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Cache;

public sealed class CacheTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryDistributedCache _cache = new(Options.Create(new MemoryDistributedCacheOptions()));

    public static TheoryData<string> Unfit => ["length", "refusal", "broken", "failed", "restarted", "tool", "left", "conversation", "hosted"];

    [Fact]
    public async Task StreamAsync_SameRequestAgain_GetsTheSameEvents()
    {
        StreamEvent[] events =
        [
            Started(), new ContentStarted { Index = 0, Kind = ContentKind.Text }, Words("Grüße, \"<b>\" 😀"), new ContentCompleted { Index = 0, Kind = ContentKind.Text, Signature = "s" },
            new ToolCallStarted { Index = 1, CallId = "c", Name = "f" }, Input("{\"a\":1}", 1), new ToolCallCompleted { Index = 1, CallId = "c", Name = "f", ArgumentsText = "{\"a\":1}", Arguments = System.Text.Json.JsonElement.Parse("{\"a\":1}") },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls, Usage = new() { InputTokens = 3 } },
        ];
        var source = FakeStreamClient.Of(events);
        var client = Build(source);

        (await client.StreamAsync(Request).CollectAsync()).ToLines().Should().Be(events.ToLines());
        var again = await client.StreamAsync(Request).CollectAsync();

        again[0].Should().BeOfType<CacheAnswered>().Which.IsLive.Should().BeFalse();
        again.Skip(1).ToLines().Should().Be(events.ToLines());
        source.Requests.Should().ContainSingle();
    }

    [Theory]
    [Trait("Law", "14")]
    [MemberData(nameof(Unfit))]
    public async Task StreamAsync_AnswerThatIsNotComplete_IsNotStored(string why)
    {
        var source = why switch
        {
            "length" => FakeStreamClient.Of(Started(), Words("a"), new ResponseCompleted { FinishReason = FinishReason.Length }),
            "refusal" => FakeStreamClient.Of(Started(), Words("a"), new ResponseCompleted { FinishReason = FinishReason.Refusal }),
            "broken" => FakeStreamClient.Of(Started(), Words("a")),
            "failed" => new FakeStreamClient(Fails(Interrupted(), Started(), Words("a"))),
            "restarted" => FakeStreamClient.Of(Started(), Words("a"), Started(), new StreamRestarted { Attempt = 2, Reason = "r", Discarded = [0] }, Words("b"), Completed()),
            "tool" => FakeStreamClient.Of(Started(), new ToolExecutionStarted { CallId = "c", Name = "f" }, Completed()),
            "left" => new FakeStreamClient(Stalls(Started(), Words("a"))),
            _ => FakeStreamClient.Of(Started(), Words("a"), Completed()),
        };
        var request = why switch
        {
            "conversation" => Request with { Options = new ChatOptions { ConversationId = "c" } },
            "hosted" => Request with { Options = new ChatOptions { Tools = [new HostedWebSearchTool()] } },
            _ => Request,
        };
        var client = Build(source);
        for (var i = 0; i < 2; i++)
        {
            if (why == "left")
            {
                await using var events = client.StreamAsync(request).GetAsyncEnumerator();
                await events.MoveNextAsync();
            }
            else
            {
                await client.StreamAsync(request).CatchAsync();
            }
        }

        source.Requests.Should().HaveCount(2);
        ((CacheStreamClient)client).Flights.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "10")]
    public void Key_DependsOnAllThatTheAnswerDependsOn()
    {
        var metadata = new StreamClientMetadata { Provider = "p", DefaultModel = "m" };
        var options = new ChatOptions { Temperature = 0.5f };
        StreamRequest[] requests =
        [
            Request, Request with { Messages = [new(ChatRole.User, "other")] }, Request with { Messages = [new(ChatRole.System, "hello")] }, Request with { Options = options },
            Request with { Options = new() { Temperature = 0.6f } }, Request with { Options = new() { ModelId = "other" } }, Request with { Options = new() { Tools = [AIFunctionFactory.Create(() => 1, "f")] } },
            Request with { Options = new() { Tools = [AIFunctionFactory.Create(() => 1, "f", "described")] } }, Request with { ExtraBody = new JsonObject { ["a"] = 1 } }, Request with { Options = new() { Instructions = "short" } },
        ];
        var keys = requests.Select(request => CacheKey.Of(request, "t", metadata)).ToList();

        keys.Should().NotContainNulls().And.OnlyHaveUniqueItems();
        requests.Select(request => CacheKey.Of(request, "t", metadata)).Should().Equal(keys, "equal requests have one key");
        CacheKey.Of(Request, "another tenant", metadata).Should().NotBe(keys[0]);
        CacheKey.Of(Request, "t", metadata with { Provider = "q" }).Should().NotBe(keys[0]);
        CacheKey.Of(Request with { Options = new() { ModelId = "m" } }, "t", metadata).Should().NotBeNull();
    }

    [Fact]
    public async Task StreamAsync_EqualRequestsAtOnce_ShareOneAndJoinAtAnyMoment()
    {
        var steps = Enumerable.Range(0, 20).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        var source = new FakeStreamClient((_, _) => StepsAsync(steps));
        var client = Build(source);
        var readers = new List<Task<List<StreamEvent>>>();
        await using var first = client.StreamAsync(Request).GetAsyncEnumerator();
        await first.MoveNextAsync();
        ((CacheStreamClient)client).Flights.Should().Be(1);
        for (var i = 0; i < steps.Length; i++)
        {
            var late = client.StreamAsync(Request).CollectAsync();
            readers.Add(late);
            steps[i].SetResult();
            (await first.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        }

        while (await first.MoveNextAsync())
        {
        }

        var expected = new StreamEvent[] { Started() }.Concat(Enumerable.Range(0, steps.Length).Select(i => (StreamEvent)Words($"{i} "))).Append(Completed()).ToLines();
        foreach (var reader in readers)
        {
            var events = await reader.OrFail();
            events[0].Should().BeOfType<CacheAnswered>().Which.IsLive.Should().BeTrue();
            events.Skip(1).ToLines().Should().Be(expected);
        }

        source.Requests.Should().ContainSingle();
        source.Open.Should().Be(0);
        ((CacheStreamClient)client).Flights.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task StreamAsync_ReadersLeave_TheLastOneEndsTheRequest()
    {
        var source = new FakeStreamClient(Stalls(Started(), Words("a")));
        var client = Build(source);
        var first = client.StreamAsync(Request).GetAsyncEnumerator();
        await first.MoveNextAsync();
        using var cancellation = new CancellationTokenSource();
        var second = client.StreamAsync(Request, cancellation.Token).GetAsyncEnumerator();
        await second.MoveNextAsync();

        await first.DisposeAsync();
        source.Open.Should().Be(1, "somebody still reads");
        (await second.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        await cancellation.CancelAsync();
        await FluentActions.Awaiting(async () =>
        {
            while (await second.MoveNextAsync().AsTask().OrFail())
            {
            }
        }).Should().ThrowAsync<OperationCanceledException>();
        await second.DisposeAsync();
        source.Open.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task StreamAsync_LateReaderLeavesAtTheFirstEvent_IsNotWaitedFor()
    {
        var source = new FakeStreamClient(Stalls(Started(), Words("a")));
        var client = Build(source);
        var first = client.StreamAsync(Request).GetAsyncEnumerator();
        await first.MoveNextAsync();
        var second = client.StreamAsync(Request).GetAsyncEnumerator();
        await second.MoveNextAsync();
        second.Current.Should().BeOfType<CacheAnswered>();

        await second.DisposeAsync();
        await first.DisposeAsync();
        source.Open.Should().Be(0, "nobody reads any more");
        ((CacheStreamClient)client).Flights.Should().Be(0);
    }

    [Theory]
    [InlineData(false, false, 2)]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 1)]
    public async Task StreamAsync_RequestsWithFunctions_ShareOnlyTheSameOnesOrWithinATenant(bool areSame, bool hasTenant, int requests)
    {
        var source = new FakeStreamClient(Stalls(Started(), Words("a")));
        var client = Build(source, options => options.Tenant = hasTenant ? _ => "t" : null);
        var (one, two) = (AIFunctionFactory.Create(() => 1, "f"), AIFunctionFactory.Create(() => 1, "f"));
        await using var first = client.StreamAsync(Request with { Options = new() { Tools = [one] } }).GetAsyncEnumerator();
        await first.MoveNextAsync();
        await using var second = client.StreamAsync(Request with { Options = new() { Tools = [areSame ? one : two] } }).GetAsyncEnumerator();
        await second.MoveNextAsync();

        source.Requests.Should().HaveCount(requests);
    }

    [Fact]
    [Trait("Law", "14")]
    public void Key_RequestWithStateOrItems_IsNone()
    {
        var items = Request with { Items = new Dictionary<object, object> { ["user"] = "b" } };
        CacheKey.Of(items, null, null).Should().BeNull("nobody says whose the values are");
        CacheKey.Of(items, "t", null).Should().NotBeNull();
        CacheKey.Of(Request with { ExtraBody = new JsonObject { ["conversation"] = "c1" } }, "t", null).Should().BeNull();
        CacheKey.Of(Request with { ExtraBody = new JsonObject { ["store"] = true } }, "t", null).Should().BeNull();
        CacheKey.Of(Request with { ExtraBody = new JsonObject { ["store"] = false } }, "t", null).Should().NotBeNull();
    }

    [Fact]
    [Trait("Law", "10")]
    public void Key_DependsOnTheNameAndThePropertiesOfTools()
    {
        CacheKey.Of(Request, null, null, "one").Should().NotBe(CacheKey.Of(Request, null, null, "two"));
        WithTool("strict").Should().NotBeNull().And.NotBe(WithTool("loose")).And.Be(WithTool("strict"));

        static string? WithTool(string value) => CacheKey.Of(
            Request with { Options = new() { Tools = [AIFunctionFactory.Create(() => 1, new AIFunctionFactoryOptions { Name = "f", AdditionalProperties = new Dictionary<string, object?> { ["mode"] = value } })] } }, null, null);
    }

    [Fact]
    [Trait("Law", "12")]
    public async Task Cache_StoresForEver_TheEndIsNotWithheld()
    {
        var source = FakeStreamClient.Of(Started(), Words("a"), Completed());
        var client = Build(source, options => options.Cache = new Hanging());
        var reading = client.StreamAsync(Request).CollectAsync();
        await _time.WaitForTimersAsync().OrFail();
        _time.Advance(TimeSpan.FromSeconds(2));

        TextOf(await reading.OrFail()).Should().Be("a");
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Cache_StoresForEver_LeavingDoesNotWait()
    {
        using var cancellation = new CancellationTokenSource();
        var reading = Build(FakeStreamClient.Of(Started(), Completed()), options => options.Cache = new Hanging()).StreamAsync(Request, cancellation.Token).CatchAsync();
        await _time.WaitForTimersAsync().OrFail();
        await cancellation.CancelAsync();

        (await reading.OrFail()).Exception.Should().BeAssignableTo<OperationCanceledException>();
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task StreamAsync_SharedRequestFails_EveryReaderGetsTheFailureWithItsPart()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var client = Build(new FakeStreamClient((_, _) => FailAfterAsync(gate.Task)));
        var (first, second) = (client.StreamAsync(Request).CatchAsync(), client.StreamAsync(Request).CatchAsync());
        gate.SetResult();

        foreach (var (events, exception) in new[] { await first.OrFail(), await second.OrFail() })
        {
            TextOf(events).Should().Be("half");
            exception.Should().BeOfType<StreamInterruptedException>().Which.PartialResponse!.Text.Should().Be("half");
        }
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task StreamAsync_AnswerIsLong_IsNotKeptAndWaitsForItsReader()
    {
        var sent = 0;
        var source = new FakeStreamClient((_, _) => ManyAsync(() => Interlocked.Increment(ref sent)));
        var client = Build(source, options => options.MaxEntryChars = 1024);
        await using var slow = client.StreamAsync(Request).GetAsyncEnumerator();
        await slow.MoveNextAsync();
        for (var i = 0; i < 500; i++)
        {
            await slow.MoveNextAsync();
        }

        Volatile.Read(ref sent).Should().BeLessThan(500 + 300, "the source waits for its slowest reader");
        (await client.StreamAsync(Request).CollectAsync()).Should().HaveCount(10_002);
        source.Requests.Should().HaveCount(2, "a long answer cannot be joined");
    }

    [Fact]
    [Trait("Law", "12")]
    public async Task Replay_Paced_WaitsBetweenDeltas()
    {
        var client = Build(FakeStreamClient.Of(Started(), Words("a"), Words("b"), Words("c"), Completed()), options => options.ReplayInterval = TimeSpan.FromSeconds(1));
        await client.StreamAsync(Request).CollectAsync();
        var start = _time.GetUtcNow();

        var (events, _) = await _time.RunAsync(client.StreamAsync(Request));

        TextOf(events).Should().Be("abc");
        (_time.GetUtcNow() - start).Should().Be(TimeSpan.FromSeconds(3), "only deltas wait");
    }

    [Fact]
    public async Task Cache_Fails_TheAnswerIsAskedFor()
    {
        var source = FakeStreamClient.Of(Started(), Words("a"), Completed());
        var client = Build(source, options => options.Cache = new Broken());
        await client.StreamAsync(Request).CollectAsync();

        TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be("a");
        await _cache.SetAsync(CacheKey.Of(Request, null, null)!, "no events"u8.ToArray());
        TextOf(await Build(source).StreamAsync(Request).CollectAsync()).Should().Be("a");
    }

    [Fact]
    [Trait("Law", "9")]
    public Task UseCache_LeftAtRandomPoints_LeavesNothing() => LeavingStress.RunAsync(source => new StreamClientBuilder(source).UseCache().Build());

    [Fact]
    public void Options_OutOfRange_AreRejected()
    {
        FluentActions.Invoking(() => new CacheOptions { Expiration = TimeSpan.Zero }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new CacheOptions { ReplayInterval = TimeSpan.FromTicks(-1) }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new CacheOptions { MaxEntryChars = 0 }).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static async IAsyncEnumerable<StreamEvent> StepsAsync(TaskCompletionSource[] steps)
    {
        yield return Started();
        for (var i = 0; i < steps.Length; i++)
        {
            await steps[i].Task;
            yield return Words($"{i} ");
        }

        yield return Completed();
    }

    private static async IAsyncEnumerable<StreamEvent> FailAfterAsync(Task gate)
    {
        yield return Started();
        yield return Words("half");
        await gate;
        throw Interrupted();
    }

    private static async IAsyncEnumerable<StreamEvent> ManyAsync(Action sent)
    {
        yield return Started();
        for (var i = 0; i < 10_000; i++)
        {
            sent();
            yield return Words("x");
        }

        await Task.Yield();
        yield return Completed();
    }

    private IStreamClient Build(IStreamClient source, Action<CacheOptions>? configure = null) => new StreamClientBuilder(source).UseTimeProvider(_time).UseCache(options =>
    {
        options.Cache = _cache;
        configure?.Invoke(options);
    }).Build();

    private sealed class Hanging : IDistributedCache
    {
        public byte[]? Get(string key) => null;

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult<byte[]?>(null);

        public void Refresh(string key) => throw new NotSupportedException();

        public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

        public void Remove(string key) => throw new NotSupportedException();

        public Task RemoveAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) => new TaskCompletionSource().Task;
    }

    private sealed class Broken : IDistributedCache
    {
        public byte[]? Get(string key) => throw new IOException();

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => throw new IOException();

        public void Refresh(string key) => throw new IOException();

        public Task RefreshAsync(string key, CancellationToken token = default) => throw new IOException();

        public void Remove(string key) => throw new IOException();

        public Task RemoveAsync(string key, CancellationToken token = default) => throw new IOException();

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new IOException();

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) => throw new IOException();
    }
}
