using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>One run: what the tool gets, how long it may take, and what becomes of its result.</summary>
public sealed class ToolInvocationTests
{
    private static readonly StreamEvent[] OneCall = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool"));

    [Fact]
    [Trait("Law", "12")]
    public async Task Timeout_ToolThatHeedsItsToken_IsStoppedAndTheModelIsTold()
    {
        var time = new ManualTimeProvider();
        var tool = new GatedTool("tool");
        await using var live = new LiveStream(
            new ToolSet().Add(tool.Function, o => o.Timeout = TimeSpan.FromSeconds(5)), o => o.TimeProvider = time);
        live.SendAll(OneCall);
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await tool.NextRunAsync();
        time.Advance(TimeSpan.FromSeconds(4.999));
        run.Token.IsCancellationRequested.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(0.001));

        var result = await live.ResultOfAsync("1");
        result.IsError.Should().BeTrue();
        result.Result.GetString().Should().Contain("5 s");
        result.Duration.Should().Be(TimeSpan.FromSeconds(5));
        run.Token.IsCancellationRequested.Should().BeTrue();
        await live.ReadToEndAsync();
        time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "12")]
    public async Task Timeout_NotSet_IsTheDefaultOfTheLoopAndDoesNotCountWaiting()
    {
        var time = new ManualTimeProvider();
        var tool = new GatedTool("tool");
        await using var live = new LiveStream([tool.Function], o => (o.TimeProvider, o.DefaultTimeout, o.MaxConcurrency) = (time, TimeSpan.FromSeconds(10), 1));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "tool"), .. Wire.Call(1, "2", "tool")]));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ToolExecutionStarted>();
        var first = await tool.NextRunAsync();
        time.Advance(TimeSpan.FromSeconds(9));
        first.Complete("a");
        var second = await tool.NextRunAsync();
        time.Advance(TimeSpan.FromSeconds(9));
        second.Token.IsCancellationRequested.Should().BeFalse();
        second.Complete("b");
        var events = await live.ReadToEndAsync();
        events.ResultOf("2").Duration.Should().Be(TimeSpan.FromSeconds(9));
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Timeout_ToolThatDoesNotHeedItsToken_IsAnsweredAtOnceKeepsItsPlaceAndIsAwaitedAtTheEnd()
    {
        var time = new ManualTimeProvider();
        var deaf = new GatedTool("tool", heedsToken: false);
        var next = new GatedTool("next");
        await using var live = new LiveStream([deaf.Function, next.Function], o => (o.TimeProvider, o.MaxConcurrency) = (time, 1));
        live.SendAll(OneCall);
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "2", "next")));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await deaf.NextRunAsync();
        time.Advance(TimeSpan.FromMinutes(2));
        (await live.ResultOfAsync("1")).IsError.Should().BeTrue();

        await live.ReadToAsync<ResponseCompleted>();
        next.Function.Calls.Should().Be(0, "the place is not free");
        run.Complete("too late");
        (await next.NextRunAsync()).Complete("b");
        var events = await live.ReadToEndAsync();
        events.OfType<ToolResult>().Should().HaveCount(2, "a late result is nobody's");
        deaf.Function.Running.Should().Be(0);
    }

    [Fact]
    public async Task Exception_ByDefault_TellsTheModelNoDetailsAndTheObserverAll()
    {
        var failure = new InvalidOperationException("password=hunter2");
        var seen = new List<(string, Exception)>();
        var tool = new TestTool("tool", (_, _) => throw failure);
        var loop = Loop.Over([tool], o => o.OnToolFailure = failure => seen.Add((failure.Name, failure.Exception!)), OneCall, Wire.Answer());
        var events = await loop.RunAsync();
        events.ErrorOf("1").Should().Be("The tool failed.");
        seen.Should().Equal(("tool", failure));
        loop.SentResults().Should().ContainSingle().Which.AdditionalProperties![ContentProperties.IsError].Should().Be(true);
        loop.Source.Requests.Should().HaveCount(2, "the model may try another way");
    }

    [Fact]
    public async Task Exception_WithDetails_TellsTheModelTypeAndMessage()
    {
        var tool = new TestTool("tool", async (_, _) =>
        {
            await Task.Yield();
            throw new FileNotFoundException("no a.txt");
        });
        var loop = Loop.Over([tool], o => o.IncludeExceptionDetails = true, OneCall, Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Should().Be("The tool failed: FileNotFoundException: no a.txt");
    }

    [Fact]
    public async Task Exception_OfTheObserver_ChangesNothing()
    {
        var tool = new TestTool("tool", (_, _) => throw new InvalidOperationException());
        var loop = Loop.Over([tool], o => o.OnToolFailure = _ => throw new InvalidOperationException("observer"), OneCall, Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Should().Be("The tool failed.");
    }

    [Fact]
    public async Task Cancellation_OfTheToolsOwn_IsAFailureOfTheTool()
    {
        var tool = new TestTool("tool", (_, _) => throw new TaskCanceledException("HTTP timeout"));
        var loop = Loop.Over([tool], o => o.IncludeExceptionDetails = true, OneCall, Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Should().Contain("TaskCanceledException");
    }

    [Fact]
    public async Task CallbackThatThrowsOnCancellation_StrikesNobody()
    {
        var time = new ManualTimeProvider();
        var seen = new List<Exception?>();
        var tool = new GatedTool("tool");
        await using var live = new LiveStream([tool.Function], o => (o.TimeProvider, o.OnToolFailure) = (time, failure => seen.Add(failure.Exception)));
        live.SendAll(OneCall);
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await tool.NextRunAsync();
        run.Token.Register(() => throw new InvalidOperationException("callback"));
        time.Advance(TimeSpan.FromMinutes(2));
        (await live.ReadToEndAsync()).ErrorOf("1").Should().Contain("did not finish");
        seen.OfType<AggregateException>().Should().ContainSingle();
    }

    [Fact]
    public async Task Arguments_ReachTheToolWithServicesAndToken()
    {
        AIFunctionArguments? got = null;
        var tool = new TestTool("tool", (arguments, _) =>
        {
            got = arguments;
            return ValueTask.FromResult<object?>(null);
        });
        var services = new NoServices();
        var loop = Loop.Over(
            [tool], o => o.Services = services, Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool", "{\"city\":\"Paris\",\"days\":[1,2],\"Days\":null}")), Wire.Answer());
        await loop.RunAsync();
        got!.Services.Should().BeSameAs(services);
        got.Keys.Should().Equal("city", "days", "Days");
        got.Values.Should().AllBeOfType<JsonElement>();
        ((JsonElement)got["days"]!).GetArrayLength().Should().Be(2);
    }

    [Fact]
    public async Task Services_NotSet_AreThoseOfThePipeline()
    {
        IServiceProvider? got = null;
        var tool = new TestTool("tool", (arguments, _) =>
        {
            got = arguments.Services;
            return ValueTask.FromResult<object?>(null);
        });
        var services = new NoServices();
        var source = new FakeStreamClient((_, _) => FakeStreamClient.Stream(OneCall), (_, _) => FakeStreamClient.Stream(Wire.Answer()));
        await new StreamClientBuilder(source).UseTools(tool).Build(services).StreamAsync("hi").CollectAsync();
        got.Should().BeSameAs(services);
    }

    [Fact]
    public async Task FactoryMadeFunction_GetsItsParametersAndMayReportProgress()
    {
        var function = AIFunctionFactory.Create(
            (string city, int days, AIFunctionArguments arguments, CancellationToken cancellationToken) =>
            {
                arguments.ReportProgress("half");
                return $"{city}/{days}/{cancellationToken.CanBeCanceled}";
            },
            "tool");
        var loop = Loop.Over([function], Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool", "{\"city\":\"Paris\",\"days\":2}")), Wire.Answer());
        var events = await loop.RunAsync();
        events.ResultOf("1").Result.GetString().Should().Be("Paris/2/True");
        events.OfType<ToolProgress>().Should().ContainSingle().Which.Progress.GetString().Should().Be("half");
    }

    [Fact]
    [Trait("Finding", "T2")]
    public async Task FactoryMadeFunction_MissingArgument_IsNotRunAndTheModelIsTold()
    {
        var function = AIFunctionFactory.Create((string city) => city, "tool");
        (await Loop.Over([function], OneCall, Wire.Answer()).RunAsync()).ErrorOf("1").Should().Be("The tool was not run: its arguments do not match the schema. 'city': missing.");
    }

    [Fact]
    public async Task Results_OfEveryKind_BecomeJsonForTheConsumerAndContentForTheModel()
    {
        using var document = JsonDocument.Parse("""{"a":[1,2]}""");
        (object? Value, string Json)[] cases =
        [
            (null, "null"),
            (default(JsonElement), "null"),
            (document.RootElement, """{"a":[1,2]}"""),
            ("he said \"é\" & <b>", """
                "he said \"é\" & <b>"
                """.Trim()),
            (42, "42"),
            (new[] { 1.5, 2 }, "[1.5,2]"),
            (new Dictionary<string, object?> { ["x"] = true }, """{"x":true}"""),
        ];
        foreach (var (value, json) in cases)
        {
            var loop = Loop.Over([new TestTool("tool", value)], OneCall, Wire.Answer());
            var result = (await loop.RunAsync()).ResultOf("1");
            result.IsError.Should().BeFalse();
            result.Result.GetRawText().Should().Be(json);
            var sent = loop.SentResults().Should().ContainSingle().Subject;
            ((JsonElement)sent.Result!).GetRawText().Should().Be(json);
            (sent.AdditionalProperties?.ContainsKey(ContentProperties.IsError) ?? false).Should().BeFalse();
        }
    }

    [Fact]
    public async Task Result_ElementOfADisposedDocument_IsTheLoopsOwn()
    {
        var tool = new TestTool("tool", (_, _) =>
        {
            using var document = JsonDocument.Parse("""{"a":1}""");
            return ValueTask.FromResult<object?>(document.RootElement.Clone());
        });
        (await Loop.Over([tool], OneCall, Wire.Answer()).RunAsync()).ResultOf("1").Result.GetProperty("a").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task Result_Contents_GoToTheModelAsTheyAre()
    {
        var image = new DataContent(new byte[] { 1, 2, 3 }, "image/png");
        foreach (var value in new object[] { image, new AIContent[] { new TextContent("see"), image }, Lazily(image) })
        {
            var loop = Loop.Over([new TestTool("tool", value)], OneCall, Wire.Answer());
            var result = (await loop.RunAsync()).ResultOf("1");
            result.Result.EnumerateArray().Last().GetProperty("$type").GetString().Should().Be("data");
            var sent = (IReadOnlyList<AIContent>)loop.SentResults().Should().ContainSingle().Subject.Result!;
            sent[^1].Should().BeSameAs(image);
            sent.Count.Should().Be(result.Result.GetArrayLength());
        }

        static IEnumerable<AIContent> Lazily(AIContent content)
        {
            yield return content;
        }
    }

    [Fact]
    public async Task Result_ThatCannotBeWritten_IsAnErrorResult()
    {
        object[] values = [new Action(() => { }), new Cycle(), Endless()];
        foreach (var value in values)
        {
            var loop = Loop.Over([new TestTool("tool", value)], o => o.MaxResultBytes = 10_000, OneCall, Wire.Answer());
            (await loop.RunAsync()).ErrorOf("1").Should().StartWith("The tool ran, but its result");
        }

        var options = new JsonSerializerOptions { TypeInfoResolver = JsonTypeInfoResolver.Combine() };
        var function = new NoTypes(options);
        (await Loop.Over([function], OneCall, Wire.Answer()).RunAsync()).ErrorOf("1").Should().Contain("cannot be written as JSON");

        static IEnumerable<int> Endless()
        {
            for (; ; )
            {
                yield return 1;
            }
        }
    }

    [Theory]
    [InlineData(StreamReadOptions.MaxPayloadDepth, false)]
    [InlineData(5_000, true)]
    [Trait("Law", "8")]
    public async Task Result_DeepValue_IsKeptAsDeepAsAPayload(int depth, bool isError)
    {
        var json = new string('[', depth) + new string(']', depth);
        var value = System.Text.Json.Nodes.JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = depth })!;

        var result = (await Loop.Over([new TestTool("tool", value)], OneCall, Wire.Answer()).RunAsync()).ResultOf("1");

        result.IsError.Should().Be(isError);
        (result.Result.ToString() == json).Should().Be(!isError);
        StreamEventJson.Deserialize(StreamEventJson.Serialize(result)).Should().BeOfType<ToolResult>();
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task MaxResultBytes_LargerResult_IsAnErrorResultThatSaysSo()
    {
        object[] tooLarge = ["123456789", Wire.Json("[1,2,3,4,5]"), new[] { 11, 12, 13, 14 }, new TextContent("12345678")];
        foreach (var value in tooLarge)
        {
            var loop = Loop.Over([new TestTool("tool", value)], o => o.MaxResultBytes = 10, OneCall, Wire.Answer());
            (await loop.RunAsync()).ErrorOf("1").Should().Contain("10 bytes", "of {0}", value);
        }

        object[] fits = ["12345678", Wire.Json("[1,2,3,45]"), new[] { 1, 2, 3, 45 }];
        foreach (var value in fits)
        {
            var loop = Loop.Over([new TestTool("tool", value)], o => o.MaxResultBytes = 10, OneCall, Wire.Answer());
            (await loop.RunAsync()).ResultOf("1").IsError.Should().BeFalse("of {0}", value);
        }
    }

    [Fact]
    public async Task Function_ThatThrowsOutOfTheCallItself_IsAFailureAsAnyOther()
    {
        var failures = new List<ToolFailure>();
        await Loop.Over([new Thrower()], o => o.OnToolFailure = failures.Add, OneCall, Wire.Answer()).RunAsync();
        failures.Should().ContainSingle().Which.Exception.Should().BeOfType<NotSupportedException>();
    }

    private sealed class Thrower : AIFunction
    {
        public override string Name => "tool";

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }

    private sealed class Cycle
    {
        public Cycle Self => this;
    }

    private sealed class NoTypes(JsonSerializerOptions options) : AIFunction
    {
        public override string Name => "tool";

        public override JsonSerializerOptions JsonSerializerOptions => options;

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) => new(new Cycle());
    }
}
