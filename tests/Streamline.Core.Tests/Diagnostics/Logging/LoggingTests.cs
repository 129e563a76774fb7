using Microsoft.Extensions.Logging;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Diagnostics.Logging;

public sealed class LoggingTests
{
    private readonly List<string> _lines = [];

    [Fact]
    [Trait("Law", "10")]
    public async Task Stream_OfEveryKindOfNews_IsLoggedWithoutContent()
    {
        StreamEvent[] events =
        [
            new RateLimitWait { Resource = "requests", Delay = TimeSpan.FromSeconds(2), Position = 1 }, new RetryScheduled { Attempt = 2, Delay = TimeSpan.FromSeconds(1), Reason = "the connection broke" },
            new ClientChanged { Client = "b", Previous = "a", Kind = FailureKind.Transient, Reason = "busy" }, Started(), Words("private"),
            new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new() { InputTokens = 3, OutputTokens = 2 } },
        ];
        await Build(FakeStreamClient.Of(events)).StreamAsync("secret").CollectAsync();

        var lines = _lines;
        lines.Should().HaveCount(6);
        lines[1].Should().StartWith("Information The request waits for requests");
        lines[2].Should().StartWith("Warning Attempt 2 follows");
        lines[3].Should().StartWith("Warning b is asked in place of a");
        lines[5].Should().StartWith("Information The response ended with Stop").And.Contain("3 input and 2 output tokens");
        string.Concat(lines).Should().NotContain("private").And.NotContain("secret");
    }

    [Fact]
    public async Task Stream_Fails_IsAnErrorAndItsLeavingIsNot()
    {
        await Build(new FakeStreamClient(Fails(Interrupted(), Started()))).StreamAsync(Request).CatchAsync();
        _lines[^1].Should().StartWith("Error The stream failed, because the connection broke");

        await foreach (var _ in Build(new FakeStreamClient(Stalls(Started()))).StreamAsync(Request))
        {
            break;
        }

        _lines[^1].Should().StartWith("Debug The stream was left");
    }

    [Fact]
    [Trait("Law", "10")]
    public async Task Content_OnRequest_IsRedacted()
    {
        var client = Build(FakeStreamClient.Of(Started(), Words("private"), Words("throw"), Completed()), options => (options.LogContent, options.Redact) =
            (true, text => text.Contains("throw", StringComparison.Ordinal) ? throw new FormatException() : text.Replace("private", "***", StringComparison.Ordinal)));
        await client.StreamAsync(Request).CollectAsync();

        _lines.Should().ContainSingle(line => line.Contains("textDelta", StringComparison.Ordinal)).Which.Should().Contain("***");
    }

    [Theory]
    [Trait("Law", "10")]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    public async Task Failure_WhoseMessageMayRepeatThePrompt_IsLoggedAsContentOnly(bool logContent, bool redacts, bool hasException)
    {
        var failure = new ProviderException("test", System.Net.HttpStatusCode.BadRequest, "bad_request", "cannot read: my secret") { RequestId = "q1" };
        await Build(new FakeStreamClient(Fails(failure)), options => (options.LogContent, options.Redact) = (logContent, redacts ? text => text : null)).StreamAsync(Request).CatchAsync();

        _lines[^1].Should().StartWith("Error The stream failed").And.Contain("ProviderException, status 400, code bad_request, request q1");
        _lines[^1].Contains("secret", StringComparison.Ordinal).Should().Be(hasException);
    }

    [Fact]
    [Trait("Law", "10")]
    public async Task Content_RedactReturnsNull_IsNotLogged()
    {
        await Build(FakeStreamClient.Of(Started(), Words("private"), Completed()), options => (options.LogContent, options.Redact) = (true, _ => null)).StreamAsync(Request).CollectAsync();

        _lines.Should().NotContain(line => line.StartsWith("Trace", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Law", "10")]
    public async Task Content_Long_IsRedactedBeforeItIsCut()
    {
        var secret = new string('s', 2000);
        await Build(FakeStreamClient.Of(Started(), Words(secret), Completed()), options => (options.LogContent, options.Redact) =
            (true, text => text.Replace(secret, "***", StringComparison.Ordinal))).StreamAsync(Request).CollectAsync();

        _lines.Should().ContainSingle(line => line.Contains("textDelta", StringComparison.Ordinal)).Which.Should().Contain("***").And.NotContain("ssss");
    }

    [Fact]
    public void Build_WithoutALogger_AddsNothing()
    {
        var source = FakeStreamClient.Of();

        new StreamClientBuilder(source).UseLogging().Build().Should().BeSameAs(source);
    }

    [Fact]
    [Trait("Law", "9")]
    public Task UseLogging_LeftAtRandomPoints_LeavesNothing()
    {
        return LeavingStress.RunAsync(source => Build(source));
    }

    private IStreamClient Build(IStreamClient source, Action<StreamLoggingOptions>? configure = null) => new StreamClientBuilder(source).UseLogging(options =>
    {
        options.LoggerFactory = new Factory(_lines);
        configure?.Invoke(options);
    }).Build();

    private sealed class Factory(List<string> lines) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName)
        {
            categoryName.Should().Be("Streamline.Stream");
            return this;
        }

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines)
            {
                lines.Add($"{logLevel} {formatter(state, exception)} {exception?.Message}");
            }
        }

        public void Dispose()
        {
        }
    }
}
