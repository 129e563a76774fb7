using System.Net;

namespace Streamline.Testing.Tests;

public class FaultPlanTests
{
    [Fact]
    public void Setters_ImpossibleValues_Throw()
    {
        var plan = FaultPlan.None;

        Refuses<ArgumentOutOfRangeException>(() => FaultPoint.AtByte(-1));
        Refuses<ArgumentOutOfRangeException>(() => FaultPoint.AfterEvent(-1));
        Refuses<ArgumentOutOfRangeException>(() => plan with { ChunkSize = 0 });
        Refuses<ArgumentOutOfRangeException>(() => plan with { ChunkDelay = TimeSpan.FromTicks(-1) });
        Refuses<ArgumentOutOfRangeException>(() => plan with { ErrorAfterEvent = -1 });
        Refuses<ArgumentNullException>(() => plan with { Error = null! });
        Refuses<ArgumentException>(() => plan with { EndAt = FaultPoint.BeforeHead });
        Refuses<ArgumentException>(() => plan with { GarbageAt = FaultPoint.BeforeHead });
    }

    [Fact]
    public void Reply_ImpossibleValues_Throw()
    {
        var reply = ScriptedReply.Text("x");

        Refuses<ArgumentOutOfRangeException>(() => reply with { FragmentLength = 0 });
        Refuses<ArgumentOutOfRangeException>(() => reply with { Delay = TimeSpan.FromTicks(-1) });
        Refuses<ArgumentOutOfRangeException>(() => reply with { StatusCode = (HttpStatusCode)100 });
        Refuses<ArgumentNullException>(() => reply with { Faults = null! });
        Refuses<ArgumentNullException>(() => ScriptedReply.Text(null!));
        Refuses<ArgumentException>(() => ScriptedReply.ToolCall("", "{}"));
        Refuses<ArgumentOutOfRangeException>(() => ScriptedReply.Error(HttpStatusCode.OK, "fine"));
        Refuses<ArgumentOutOfRangeException>(() => ScriptedReply.Error(HttpStatusCode.TooManyRequests, "no", retryAfter: TimeSpan.FromSeconds(-1)));
        Refuses<InvalidOperationException>(() => ScriptedReply.Raw("x").ThenText("y"));
        Refuses<ArgumentException>(() => new ScriptedProviderOptions { ExpectedApiKey = "" });
        Refuses<ArgumentNullException>(() => new ScriptedProvider().CreateHandler(null!));
    }

    [Fact]
    public void ToString_EachUnit_SaysWhere()
    {
        FaultPoint.AtByte(200).ToString().Should().Be("byte 200");
        FaultPoint.AfterEvent(3).ToString().Should().Be("after event 3");
        FaultPoint.BeforeHead.ToString().Should().Be("before the head");
        default(FaultPoint).Should().Be(FaultPoint.AtByte(0));
    }

    private static void Refuses<TException>(Func<object> act)
        where TException : Exception => act.Should().Throw<TException>();
}
