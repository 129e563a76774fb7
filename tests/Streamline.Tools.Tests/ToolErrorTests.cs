using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>Errors that a tool reports itself, and who is told of them.</summary>
public sealed class ToolErrorTests
{
    private static readonly StreamEvent[] OneCall = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool"));

    public static TheoryData<object, string> ErrorValues => new()
    {
        { new ErrorContent("No such city."), "No such city." },
        { new AIContent[] { new TextContent("Sorry."), new ErrorContent("No such city.") }, "Sorry.\nNo such city." },
        { Wire.Json("""{"content":[{"type":"text","text":"No such"},{"type":"text","text":"city."}],"isError":true}"""), "No such\ncity." },
        { Wire.Json("""{"content":[],"isError":true}"""), "The tool failed." },
        { Wire.Json("""{"content":[{"type":"text","text":"{}"}],"structuredContent":{"a":1},"isError":true,"_meta":{}}"""), "{}" },
    };

    [Fact]
    public async Task ToolErrorException_TellsTheModelItsWords()
    {
        var tool = new TestTool("tool", (_, _) => throw new ToolErrorException("There is no city named 'Pariz'.", new InvalidOperationException("secret")));
        var failures = new List<ToolFailure>();
        var loop = Loop.Over([tool], o => o.OnToolFailure = failures.Add, OneCall, Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Should().Be("There is no city named 'Pariz'.");
        loop.SentResults().Single().AdditionalProperties![ContentProperties.IsError].Should().Be(true);
        failures.Should().ContainSingle().Which.Should().Match<ToolFailure>(failure =>
            failure.CallId == "1" && failure.Name == "tool" && failure.Round == 1 && failure.Kind == ToolFailureKind.ToolError && failure.Exception is ToolErrorException);
    }

    [Theory]
    [InlineData("x", 1000)]
    [InlineData("\u0001\"é🙂", 5000)]
    [InlineData("x", 1)]
    [Trait("Law", "8")]
    public async Task ErrorText_LargerThanResultsMayBe_IsCut(string piece, int maxBytes)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 20_000));
        var loop = Loop.Over(
            [new TestTool("tool", (_, _) => throw new ToolErrorException(text)), new TestTool("reporting", new ErrorContent(text))],
            options => options.MaxResultBytes = maxBytes,
            Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "tool"), .. Wire.Call(1, "2", "reporting")]),
            Wire.Answer());

        var events = await loop.RunAsync();

        foreach (var result in new[] { events.ResultOf("1"), events.ResultOf("2") })
        {
            result.Result.GetRawText().Length.Should().BeInRange(300, Math.Max(512, maxBytes));
            result.Result.GetString()![..^1].Should().Be(text[..(result.Result.GetString()!.Length - 1)]);
            result.Result.GetString().Should().EndWith("…");
        }
    }

    [Theory]
    [MemberData(nameof(ErrorValues))]
    public async Task ResultThatIsAnError_IsAnErrorResult(object value, string words)
    {
        var loop = Loop.Over([new TestTool("tool", value)], OneCall, Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Should().Be(words);
        loop.SentResults().Single().AdditionalProperties![ContentProperties.IsError].Should().Be(true);
    }

    [Theory]
    [InlineData("""{"content":[{"type":"text","text":"sunny"}]}""", "\"sunny\"")]
    [InlineData("""{"content":[{"type":"text","text":"{\"a\":1}"}],"structuredContent":{"a":1},"isError":false}""", """{"a":1}""")]
    [InlineData("""{"content":[{"type":"resource_link","uri":"file:///a"}]}""", """[{"type":"resource_link","uri":"file:///a"}]""")]
    [InlineData("""{"content":[{"type":"text","text":"a"}],"title":"x"}""", """{"content":[{"type":"text","text":"a"}],"title":"x"}""")]
    [InlineData("""{"content":[]}""", """{"content":[]}""")]
    [InlineData("""{"content":[],"isError":false}""", "[]")]
    [InlineData("""{"content":["a"]}""", """{"content":["a"]}""")]
    [InlineData("""{"content":"a","isError":true}""", """{"content":"a","isError":true}""")]
    [Trait("Finding", "T3")]
    public async Task McpResult_Envelope_IsTakenOff(string value, string json) =>
        (await Loop.Over([new TestTool("tool", Wire.Json(value))], OneCall, Wire.Answer()).RunAsync()).ResultOf("1").Result.GetRawText().Should().Be(json);

    [Fact]
    public async Task McpResult_Image_GoesToTheModelAsAnImage()
    {
        var loop = Loop.Over([new TestTool("tool", Wire.Json("""{"content":[{"type":"text","text":"see"},{"type":"image","data":"AQID","mimeType":"image/png"}]}"""))], OneCall, Wire.Answer());
        await loop.RunAsync();
        var sent = (IReadOnlyList<AIContent>)loop.SentResults().Single().Result!;
        sent[1].Should().BeOfType<DataContent>().Which.Data.ToArray().Should().Equal(1, 2, 3);
    }

    [Fact]
    [Trait("Law", "10")]
    [Trait("Finding", "T2")]
    public async Task Failures_AreLoggedWithoutContent()
    {
        var log = new LogCollector();
        var tool = new TestTool("tool", (_, _) => throw new InvalidOperationException("password=hunter2"));
        StreamEvent[] calls = Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "tool", """{"key":"secret"}"""), .. Wire.Call(1, "2", "unknown")]);
        await Loop.Over([tool], o => o.LoggerFactory = log, calls, Wire.Answer()).RunAsync();
        log.Lines.Should().BeEquivalentTo(
            "Warning: The call 1 of the tool tool in round 1 failed: Exception System.InvalidOperationException",
            "Information: The call 2 of the tool unknown in round 1 failed: UnknownTool (null)");
    }

    [Fact]
    public async Task Logger_NotSet_IsThatOfTheServices()
    {
        var log = new LogCollector();
        var source = new FakeStreamClient((_, _) => FakeStreamClient.Stream(OneCall), (_, _) => FakeStreamClient.Stream(Wire.Answer()));
        await new StreamClientBuilder(source).UseTools([]).Build(log).StreamAsync("hi").CollectAsync();
        (log.Lines.Count, log.Category).Should().Be((1, "Streamline.Tools"));
    }

    [Fact]
    public async Task Logger_Set_IsPreferredToThatOfTheServices()
    {
        var (mine, theirs) = (new LogCollector(), new LogCollector());
        var source = new FakeStreamClient((_, _) => FakeStreamClient.Stream(OneCall), (_, _) => FakeStreamClient.Stream(Wire.Answer()));
        await new StreamClientBuilder(source).UseTools([], o => o.LoggerFactory = mine).Build(theirs).StreamAsync("hi").CollectAsync();
        (mine.Lines.Count, theirs.Lines.Count).Should().Be((1, 0));
    }

    private sealed class LogCollector : ILoggerFactory, ILogger, IServiceProvider
    {
        public List<string> Lines { get; } = [];

        public object? GetService(Type serviceType) => serviceType == typeof(ILoggerFactory) ? this : null;

        public string? Category { get; private set; }

        public ILogger CreateLogger(string categoryName)
        {
            Category = categoryName;
            return this;
        }

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            exception.Should().BeNull("its message may hold content");
            lock (Lines)
            {
                Lines.Add($"{logLevel}: {formatter(state, exception)}");
            }
        }

        public void Dispose()
        {
        }
    }
}
