using System.Net.ServerSentEvents;

namespace Streamline.Tests.Sse;

/// <summary>The parser of the base class library, as a second opinion.</summary>
internal static class InBoxParser
{
    public static List<(string EventType, string Data)> Parse(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return [.. SseParser.Create(stream).Enumerate().Select(item => (item.EventType, item.Data))];
    }
}
