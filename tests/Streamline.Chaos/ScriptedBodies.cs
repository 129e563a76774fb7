using System.Buffers;
using Streamline.Protocols;
using Streamline.Testing;

namespace Streamline.Chaos;

/// <summary>The bytes of scripted replies.</summary>
internal static class ScriptedBodies
{
    /// <summary>Writes the body of a reply, and counts its events.</summary>
    public static (int Events, ReadOnlyMemory<byte> Body) Measure(ScriptedReply reply, ScriptedRequest request, StreamProtocol protocol)
    {
        var output = new ArrayBufferWriter<byte>();
        var events = 0;
        foreach (var frame in reply.Content.ToFrames(reply, request, protocol))
        {
            output.Write(frame.Span);
            events++;
        }

        return (events, output.WrittenMemory);
    }
}
