using Microsoft.Extensions.Logging;

namespace Streamline.Tools.Tests;

/// <summary>The words of errors at their limits, and how they are logged.</summary>
public sealed class ToolErrorsTests
{
    [Theory]
    [InlineData(0, "No tools are available.")]
    [InlineData(1, "Available tools: t0.")]
    [InlineData(2, "Available tools: t0, t1.")]
    public void Unknown_NamesTheToolsThereAre(int count, string words) =>
        TextOf(ToolErrors.Unknown("x", Names(count))).Should().Be($"There is no tool named 'x'. {words}");

    [Fact]
    [Trait("Law", "8")]
    public void Unknown_NamesSixtyFourAtMost()
    {
        TextOf(ToolErrors.Unknown("x", Names(64))).Should().EndWith("t62, t63.");
        TextOf(ToolErrors.Unknown("x", Names(65))).Should().EndWith("t62, t63, ….").And.Contain(" t0, t1,");
    }

    [Fact]
    [Trait("Law", "8")]
    public void Unknown_LongName_IsCut()
    {
        TextOf(ToolErrors.Unknown(new string('x', 128), [])).Should().Contain($"'{new string('x', 128)}'");
        TextOf(ToolErrors.Unknown(new string('x', 129), [])).Should().Contain($"'{new string('x', 128)}…'");
    }

    [Theory]
    [InlineData(true, ToolFailureKind.Stopped, "The tool was stopped: the call of the tool 'a' in the same response failed.")]
    [InlineData(false, ToolFailureKind.NotRun, "The tool was not run: the call of the tool 'a' in the same response failed.")]
    public void SiblingFailed_SaysWhetherTheToolHadStarted(bool started, ToolFailureKind kind, string words)
    {
        var outcome = ToolErrors.SiblingFailed("a", started);
        (outcome.Failure, TextOf(outcome)).Should().Be((kind, words));
    }

    [Fact]
    public void Abandoned_SaysWhy() => TextOf(ToolErrors.Abandoned()).Should().Be("The tool did not stop within the grace period.");

    [Theory]
    [InlineData(600, 602, true)]
    [InlineData(600, 601, false)]
    [InlineData(510, 1, true)]
    [InlineData(511, 1, false)]
    [Trait("Law", "8")]
    public void Cut_LeavesATextThatFits(int length, int maxBytes, bool fits)
    {
        var outcome = ToolErrors.Failed(new ToolErrorException(new string('x', length)), withDetails: false);
        var cut = ToolErrors.Cut(outcome, maxBytes);
        if (fits)
        {
            cut.Should().BeSameAs(outcome);
        }
        else
        {
            TextOf(cut).Should().EndWith("x…");
            (cut.Failure, cut.Exception).Should().Be((outcome.Failure, outcome.Exception));
        }
    }

    [Theory]
    [InlineData("abc", 8, "abc")] // two quotes, three letters, and the ellipsis of three bytes
    [InlineData("abcd", 8, "abc…")]
    [InlineData("aé", 8, "aé")]
    [InlineData("abé", 8, "ab…")]
    [InlineData("\"", 17, "\"")]
    [InlineData("\"", 16, "…")]
    public void CutText_CountsBytesOfItsJson(string text, int maxBytes, string expected) => ToolJson.Cut(text, maxBytes).Should().Be(expected);

    [Theory]
    [InlineData(ToolFailureKind.NotRun, LogLevel.Debug, 3, "ToolStopped")]
    [InlineData(ToolFailureKind.Stopped, LogLevel.Debug, 3, "ToolStopped")]
    [InlineData(ToolFailureKind.ToolError, LogLevel.Information, 2, "ToolRefused")]
    [InlineData(ToolFailureKind.InvalidArguments, LogLevel.Information, 2, "ToolRefused")]
    [InlineData(ToolFailureKind.UnknownTool, LogLevel.Information, 2, "ToolRefused")]
    [InlineData(ToolFailureKind.Denied, LogLevel.Information, 2, "ToolRefused")]
    [InlineData(ToolFailureKind.Exception, LogLevel.Warning, 1, "ToolFailed")]
    [InlineData(ToolFailureKind.TimedOut, LogLevel.Warning, 1, "ToolFailed")]
    [InlineData(ToolFailureKind.Abandoned, LogLevel.Warning, 1, "ToolFailed")]
    public void Failure_IsLogged_AsItsKindDeserves(ToolFailureKind kind, LogLevel level, int id, string name)
    {
        var log = new EventLog();
        ToolLog.Failed(log, new ToolFailure { CallId = "1", Name = "tool", Round = 2, Kind = kind });
        log.Entries.Should().Equal((level, id, name));
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(i => $"t{i}");

    private static string TextOf(ToolOutcome outcome) => outcome.Result.GetString()!;

    private sealed class EventLog : ILogger
    {
        public List<(LogLevel, int, string?)> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Entries.Add((logLevel, eventId.Id, eventId.Name));
    }
}
