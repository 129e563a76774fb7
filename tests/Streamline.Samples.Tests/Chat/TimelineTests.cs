using ChatSample;
using static Streamline.Samples.Tests.Chat.Calls;

namespace Streamline.Samples.Tests.Chat;

public sealed class TimelineTests
{
    [Fact]
    public void PhaseAt_ACallWithApproval_FollowsItsEvents()
    {
        var timeline = Play((0, Response), (1, Started("a")), (2, Whole("a")), (3, Asked("a")), (5, Answered("a")), (6, Running("a")), (8, Result("a")));
        var tool = timeline.Tools.Single();

        new[] { 0.5, 1.5, 2.5, 4, 5.5, 7, 9 }.Select(at => tool.PhaseAt(Seconds(at))).Should().Equal(
            ToolPhase.None, ToolPhase.Arguments, ToolPhase.Waiting, ToolPhase.Approval, ToolPhase.Waiting, ToolPhase.Running, ToolPhase.None);
    }

    [Fact]
    public void Saved_AToolThatRunsWhileTheModelWrites_IsTheTimeTheyShare()
    {
        var timeline = Play((0, Response), (1, Started("a")), (2, Whole("a")), (2, Running("a")), (5, ResponseEnd), (6, Result("a")));

        timeline.Saved(Seconds(10)).Should().Be(Seconds(3), "the tool ran from 2 to 6, the model wrote until 5");
        timeline.ToolTime(Seconds(10)).Should().Be(Seconds(4));
    }

    [Fact]
    public void Saved_TwoToolsAtOnce_CountsBoth()
    {
        var timeline = Play((0, Response), (1, Started("a")), (1, Started("b")), (2, ResponseEnd), (2, Running("a")), (3, Running("b")), (6, Result("b")), (7, Result("a")));

        timeline.Saved(Seconds(7)).Should().Be(Seconds(3));
        timeline.ToolTime(Seconds(7)).Should().Be(Seconds(8));
    }

    [Fact]
    public void Saved_OneAfterTheOther_IsNothing()
    {
        var timeline = Play((0, Response), (1, Started("a")), (2, ResponseEnd), (2, Running("a")), (4, Result("a")), (4, Response), (6, ResponseEnd));

        timeline.Saved(Seconds(6)).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Saved_WhileBothAreOpen_GrowsWithTheClock()
    {
        var timeline = Play((0, Response), (1, Started("a")), (1, Running("a")));

        timeline.Saved(Seconds(3)).Should().Be(Seconds(2));
        timeline.Saved(Seconds(4)).Should().Be(Seconds(3));
    }

    [Fact]
    public void Finish_WithOpenCalls_EndsThemAsErrors()
    {
        var timeline = Play((0, Response), (1, Started("a")), (2, Running("a")));
        timeline.Finish(Seconds(4));

        timeline.Tools.Single().IsError.Should().BeTrue();
        timeline.ToolTime(Seconds(9)).Should().Be(Seconds(2));
        timeline.IsModelWriting(Seconds(5)).Should().BeFalse();
    }

    [Fact]
    public void Apply_AnIdThatIsUsedAgain_MeansTheLatestCall()
    {
        var timeline = Play((0, Response), (1, Started("a")), (2, Running("a")), (3, Result("a")), (4, Started("a")), (5, Running("a")), (9, Result("a", isError: true)));

        timeline.Tools.Select(tool => tool.Run!.Length(Seconds(9))).Should().Equal(Seconds(1), Seconds(4));
        timeline.Tools.Select(tool => tool.IsError).Should().Equal(false, true);
    }

    [Fact]
    public void Render_AToolThatRunsWhileTheModelWrites_IsInTheSameColumns()
    {
        var timeline = Play((0, Response), (0.5, Started("a")), (1, Whole("a")), (1, Running("a")), (1.5, Result("a")), (2, ResponseEnd));
        var rows = Drawing.Of(TimelineView.Render(timeline, Seconds(2), Drawing.Width)).Split('\n');

        rows[0].Should().Be("model " + new string('█', 72) + " 2,000 ms");
        rows[1].Should().Be("look  " + new string(' ', 18) + new string('▒', 18) + new string('█', 18) + new string(' ', 18) + "   500 ms");
        rows[2].Trim().Should().StartWith("0 s").And.EndWith("2 s");
    }

    [Theory]
    [InlineData(0.2, 2)]
    [InlineData(2.1, 3)]
    [InlineData(61, 90)]
    [InlineData(1000.5, 1001)]
    public void Axis_EndsAtARoundFigure(double now, double end) => TimelineView.Axis(Seconds(now)).Should().Be(Seconds(end));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static Timeline Play(params (double At, StreamEvent Event)[] events)
    {
        var timeline = new Timeline();
        foreach (var (at, streamEvent) in events)
        {
            timeline.Apply(streamEvent, Seconds(at));
        }

        return timeline;
    }
}
