using System.Text.Json;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Cache;

/// <summary>Which answers are stored, and in which form.</summary>
[Trait("Law", "14")]
public sealed class CacheEntryTests
{
    public static TheoryData<StreamEvent> Unfit =>
    [
        new StreamRestarted { Attempt = 2, Reason = "r", Discarded = [] }, new StreamResumed { Attempt = 2, Reason = "r" }, new ToolExecutionStarted { CallId = "c", Name = "t" },
        new ToolResult { CallId = "c", Name = "t", Result = JsonElement.Parse("1") }, new ResponseCompleted { FinishReason = FinishReason.Length }, new ResponseCompleted { FinishReason = FinishReason.Pause },
        new ProviderMetadata { Name = "has no JSON form", Value = default(JsonElement) },
    ];

    [Fact]
    public void ToBytes_CompleteAnswer_IsReadAgain()
    {
        StreamEvent[] events = [Started(), Words("a\nb"), Completed()];

        CacheEntry.Read(Store(events)).Should().NotBeNull();
        CacheEntry.Read(Store(events))!.ToLines().Should().Be(events.ToLines());
        Store(Started(), Words("a"), new ResponseCompleted { FinishReason = FinishReason.ToolCalls }).Should().NotBeNull();
    }

    [Fact]
    public void ToBytes_Reports_AreNotStored() =>
        CacheEntry.Read(Store(Started(), new KeepAlive(), new RateLimitObserved { Windows = [] }, Completed(), new KeepAlive()))!.ToLines().Should().Be(new StreamEvent[] { Started(), Completed() }.ToLines());

    [Theory]
    [MemberData(nameof(Unfit), DisableDiscoveryEnumeration = true)]
    public void ToBytes_AnswerThatWouldBeAnotherTheNextTime_IsNull(StreamEvent streamEvent) => Store(Started(), streamEvent, Words("a"), Completed()).Should().BeNull();

    [Fact]
    public void ToBytes_AnswerWithoutItsEnd_IsNull()
    {
        Store(Started(), Words("a")).Should().BeNull();
        Store(Started(), Completed(), Words("a")).Should().BeNull();
        Store().Should().BeNull();
    }

    [Fact]
    [Trait("Law", "8")]
    public void ToBytes_AsLargeAsMayBe_IsStored()
    {
        StreamEvent[] events = [Started(), Words("a"), Completed()];
        var size = events.ToLines().Length + 1;

        Store(events, size).Should().NotBeNull();
        Store(events, size - 1).Should().BeNull();
    }

    [Fact]
    public void Read_SomethingElse_IsNull()
    {
        CacheEntry.Read("no events"u8).Should().BeNull();
        CacheEntry.Read(""u8).Should().BeNull();
        CacheEntry.Read("\n"u8).Should().BeNull();
        CacheEntry.Read("""{"type":"textDelta","index":0,"text":"a"}"""u8).Should().BeNull("it has no end");
    }

    private static byte[]? Store(params StreamEvent[] events) => Store(events, int.MaxValue);

    private static byte[]? Store(StreamEvent[] events, int maxChars)
    {
        var entry = new CacheEntry(maxChars);
        Array.ForEach(events, entry.Add);
        return entry.ToBytes();
    }
}
