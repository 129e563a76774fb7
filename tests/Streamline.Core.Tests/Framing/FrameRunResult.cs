using Streamline.Protocols.Shared;

namespace Streamline.Tests.Framing;

/// <summary>What reading a body gave.</summary>
internal sealed record FrameRunResult(IReadOnlyList<string> Frames, string StrayText, long BytesConsumed, Exception? Exception)
{
    // A limit is passed by as much as has arrived, which is the one thing that the cuts may change.
    public override string ToString() =>
        $"{string.Join('\n', Frames)}\n{StrayText}\n{BytesConsumed}\n{(Exception is StreamLimitException limit ? limit.LimitName : Exception?.Message)}";
}
