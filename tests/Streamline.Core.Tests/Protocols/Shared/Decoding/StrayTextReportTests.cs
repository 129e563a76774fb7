using System.Text;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols.Shared.Decoding;

/// <summary>Bytes between two events that belong to neither: an event may have been lost there, which the consumer is told.</summary>
[Trait("Law", "14")]
public sealed class StrayTextReportTests
{
    private const string First = "data: {\"id\":\"r\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"one\"}}]}\n\n";
    private const string Second = "data: {\"id\":\"r\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" two\"}}]}\n\n";
    private const string Last = "data: {\"id\":\"r\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    [Fact]
    public async Task Read_EventWhoseFieldNameIsDamaged_IsReportedWhereItWas()
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.OpenAIChat, Encoding.UTF8.GetBytes(First + "\0" + Second + Last));

        exception.Should().BeNull();
        var report = events.OfType<ProviderEvent>().Should().ContainSingle().Subject;
        report.Name.Should().Be("unrecognized");
        report.Data.Should().Be("\0" + Second.TrimEnd());
        events.IndexOf(report).Should().BeGreaterThan(events.FindIndex(e => e is TextDelta)).And.BeLessThan(events.FindIndex(e => e is ResponseCompleted));
    }

    [Fact]
    public async Task Read_DamageAtTwoPlaces_IsReportedTwice()
    {
        var (events, _) = await WireRun.ReadAllWaysAsync(StreamProtocols.OpenAIChat, Encoding.UTF8.GetBytes(First + "<html>\n" + Second + "no field\n" + Last));

        events.OfType<ProviderEvent>().Select(report => report.Data).Should().Equal("<html>", "no field");
        string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)).Should().Be("one two");
    }

    [Fact]
    public async Task Read_CommentsAndKnownFields_AreNoDamage()
    {
        var (events, _) = await WireRun.ReadAllWaysAsync(StreamProtocols.OpenAIChat, Encoding.UTF8.GetBytes(": ping\n\nid: 1\nretry: 5\n" + First + Last));

        events.OfType<ProviderEvent>().Should().BeEmpty();
    }
}
