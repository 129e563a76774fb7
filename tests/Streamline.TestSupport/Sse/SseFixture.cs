using Streamline.Sse;

namespace Streamline.TestSupport.Sse;

/// <summary>A stream and the events that the specification makes of it.</summary>
public sealed record SseFixture(string Name, byte[] Bytes, IReadOnlyList<SseItem> Events)
{
    public override string ToString() => Name;
}
