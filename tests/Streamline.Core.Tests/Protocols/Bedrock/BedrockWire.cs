using System.Text;
using Streamline.Tests.Framing;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Bedrock;

/// <summary>Messages of this wire, and reading them.</summary>
internal static class BedrockWire
{
    public static readonly byte[] Start = Event("messageStart", """{"p":"abcdefghijkl","role":"assistant"}""");

    public static readonly byte[] Stop = Event("messageStop", """{"p":"abc","stopReason":"end_turn"}""");

    public static readonly byte[] Metadata = Event("metadata", """{"metrics":{"latencyMs":422},"p":"ab","usage":{"inputTokens":3,"outputTokens":5,"totalTokens":8}}""");

    public static byte[] Event(string type, string json) => EventStreamMessage.Event(type, Encoding.UTF8.GetBytes(json));

    public static byte[] BlockStart(int index, string start) => Event("contentBlockStart", $$"""{"contentBlockIndex":{{index}},"start":{{start}}}""");

    public static byte[] Delta(int index, string delta) => Event("contentBlockDelta", $$"""{"contentBlockIndex":{{index}},"delta":{{delta}},"p":"abcd"}""");

    public static byte[] BlockStop(int index) => Event("contentBlockStop", $$"""{"contentBlockIndex":{{index}},"p":"a"}""");

    public static byte[] Exception(string type, string json) => EventStreamMessage.Write(
        [
            .. EventStreamMessage.Text(":exception-type", type),
            .. EventStreamMessage.Text(":content-type", "application/json"),
            .. EventStreamMessage.Text(":message-type", "exception"),
        ],
        Encoding.UTF8.GetBytes(json));

    public static byte[] Error(string code, string message) => EventStreamMessage.Write(
        [
            .. EventStreamMessage.Text(":error-code", code),
            .. EventStreamMessage.Text(":error-message", message),
            .. EventStreamMessage.Text(":message-type", "error"),
        ],
        default);

    /// <summary>Reads a whole response in chunks of every size, which must all give the same events.</summary>
    public static async Task<List<StreamEvent>> ReadAsync(params byte[][] messages)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.BedrockConverse, Body(messages));
        exception.Should().BeNull();
        return events;
    }

    /// <summary>Reads the blocks of a response that is otherwise as simple as can be.</summary>
    public static async Task<List<StreamEvent>> ReadBlocksAsync(params byte[][] messages)
    {
        var events = await ReadAsync([Start, .. messages, Stop, Metadata]);
        return [.. events.Where(streamEvent => streamEvent is not (ResponseStarted or UsageUpdated or ProviderMetadata or ResponseCompleted))];
    }

    public static async Task<T> FailAsync<T>(params byte[][] messages)
        where T : Exception
    {
        var (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.BedrockConverse, Body(messages));
        return exception.Should().BeOfType<T>().Subject;
    }

    public static byte[] Body(params byte[][] messages) => [.. messages.SelectMany(message => message)];
}
