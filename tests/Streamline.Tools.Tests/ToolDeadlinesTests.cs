using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>One timer for all that is due in one stream.</summary>
public sealed class ToolDeadlinesTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ToolDeadlines _deadlines;
    private readonly List<string> _acted = [];

    public ToolDeadlinesTests() => _deadlines = new ToolDeadlines(new Lock(), _time);

    public void Dispose() => _deadlines.Dispose();

    [Fact]
    public void Set_SeveralCalls_EachIsDueAtItsOwnTime()
    {
        Set("c", 3);
        Set("a", 1);
        Set("b", 2);
        Pass(1).Should().Equal("a");
        Pass(1).Should().Equal("a", "b");
        Pass(1).Should().Equal("a", "b", "c");
        Pass(10).Should().HaveCount(3, "each is due once");
    }

    [Fact]
    public void Set_Again_TakesThePlaceOfWhatWasSet()
    {
        var call = Set("a", 1);
        _deadlines.Set(call, TimeSpan.FromSeconds(2), _ => _acted.Add("later"));
        Pass(1).Should().BeEmpty();
        Pass(1).Should().Equal("later");
        Pass(10).Should().Equal("later");
    }

    [Fact]
    public void Set_Never_IsNeverDue()
    {
        var call = Set("a", 1);
        _deadlines.Set(call, Timeout.InfiniteTimeSpan, _ => _acted.Add("never"));
        Pass(100).Should().BeEmpty();
        call.Deadline.Should().BeNull();
    }

    [Fact]
    public void Clear_OneOfTwo_LeavesTheOther()
    {
        var first = Set("a", 1);
        Set("b", 2);
        _deadlines.Clear(first);
        _deadlines.Clear(first);
        Pass(1).Should().BeEmpty();
        Pass(1).Should().Equal("b");
    }

    [Fact]
    public void Act_ThatSetsTheNextDeadline_IsFollowedByIt()
    {
        var call = new ToolCall("a", "tool", index: 0, round: 1);
        _deadlines.Set(call, TimeSpan.FromSeconds(1), due => _deadlines.Set(due, TimeSpan.FromSeconds(1), _ => _acted.Add("second")));
        Pass(1).Should().BeEmpty();
        Pass(1).Should().Equal("second");
    }

    private ToolCall Set(string name, double seconds)
    {
        var call = new ToolCall(name, "tool", index: 0, round: 1);
        _deadlines.Set(call, TimeSpan.FromSeconds(seconds), due => _acted.Add(due.CallId));
        return call;
    }

    private List<string> Pass(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return _acted;
    }
}
