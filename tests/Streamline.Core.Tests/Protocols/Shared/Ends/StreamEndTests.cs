using System.Text;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Shared;

public sealed class StreamEndTests
{
    private static readonly ErrorContext Context = new("p", Protocol: null, RequestId: null, RetryAfter: null, ShouldRetry: null);

    [Theory]
    [InlineData("Terminal", true, false, "", "complete")]
    [InlineData("Done", true, false, "", "complete")]
    [InlineData("Done", true, false, "noise", "complete")]
    [InlineData("Done", false, false, "", "interrupted")]
    [InlineData("Done", false, false, "error: {\"code\":400,\"message\":\"m\"}", "error m")]
    [InlineData("Done", false, false, "error: slot unavailable", "error slot unavailable")]
    [InlineData("Done", false, false, "<html>", "error <html>")]
    [InlineData("Done", true, true, "{\"error\":{\"message\":\"m\"}}", "error m")]
    [InlineData("Body", true, true, "", "complete")]
    [InlineData("Body", true, true, "noise", "complete")]
    [InlineData("Body", true, false, "", "interrupted")]
    [InlineData("Body", true, false, "noise", "interrupted")]
    [InlineData("Body", false, false, "noise", "error noise")]
    [InlineData("Body", false, false, "{\"cut", "interrupted")]
    [InlineData("Body", false, false, "", "interrupted")]
    [InlineData("Break", true, true, "", "complete")]
    [InlineData("Break", true, false, "", "interrupted")]
    [Trait("Law", "4")]
    [Trait("Law", "14")]
    public void ThrowIfIncomplete_EveryEnd_IsJudged(string ending, bool isStarted, bool isEndKnown, string strayText, string expected)
    {
        string found;
        try
        {
            new StreamEnd
            {
                Ending = Enum.Parse<StreamEnding>(ending),
                IsStarted = isStarted,
                IsEndKnown = isEndKnown,
                StrayText = Encoding.UTF8.GetBytes(strayText),
                BytesReceived = 7,
                Missing = "a finish reason",
            }.ThrowIfIncomplete(Context);
            found = "complete";
        }
        catch (ProviderException error)
        {
            found = "error " + error.ProviderMessage;
        }
        catch (StreamInterruptedException interrupted)
        {
            interrupted.Message.Should().Contain("a finish reason").And.Contain("7 bytes");
            found = "interrupted";
        }

        found.Should().Be(expected);
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("ping", " ", true)]
    [InlineData("", "null", true)]
    [InlineData("", "ping", true)]
    [InlineData("ping", "\"ping\"", true)]
    [InlineData("", "KEEP_ALIVE", true)]
    [InlineData("", "{}", true)]
    [InlineData("ping", """{"type": "ping"}""", true)]
    [InlineData("", """{"type":"heartbeat","timestamp":"x"}""", true)]
    [InlineData("keepalive", """{"time":1}""", true)]
    [InlineData("", """{"time":1}""", false)]
    [InlineData("ping", """{"type":"ping","cost":"0.01"}""", false)]
    [InlineData("", """{"type":"message_stop"}""", false)]
    [InlineData("ping", """{"type":"error"}""", false)]
    [InlineData("", "[DONE]", false)]
    [InlineData("", "hello", false)]
    [InlineData("", "{\"type\":", false)]
    [InlineData("", "[]", false)]
    public void IsHeartbeat_Frame_IsJudged(string eventType, string data, bool expected) =>
        StreamEnd.IsHeartbeat(Encoding.UTF8.GetBytes(eventType), Encoding.UTF8.GetBytes(data)).Should().Be(expected);

    [Theory]
    [InlineData("[DONE]", true)]
    [InlineData(" [DONE]\n", true)]
    [InlineData("\"[DONE]\"", true)]
    [InlineData("DONE", false)]
    [InlineData("", false)]
    public void IsDone_Data_IsJudged(string data, bool expected) => StreamEnd.IsDone(Encoding.UTF8.GetBytes(data)).Should().Be(expected);
}
