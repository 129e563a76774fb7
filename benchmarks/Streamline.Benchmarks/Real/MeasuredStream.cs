using Streamline.TestSupport;

namespace Streamline.Benchmarks.Real;

/// <summary>One recording and the least times that were measured on it, in nanoseconds per stream.</summary>
internal sealed class MeasuredStream(Recording recording)
{
    /// <summary>Streams of at most this many frames are judged by what a stream costs in all.</summary>
    public const int ShortFrames = 6;

    public Recording Recording => recording;

    public bool IsShort => recording.Frames <= ShortFrames;

    public double Ours { get; set; } = double.PositiveInfinity;

    public double OursChunked { get; set; } = double.PositiveInfinity;

    /// <summary>Streamline's client over the same transport as the package.</summary>
    public double Client { get; set; } = double.PositiveInfinity;

    /// <summary>The decoder in the default pipeline, without a client.</summary>
    public double Pipeline { get; set; } = double.PositiveInfinity;

    /// <summary>Streamline's client in the default pipeline.</summary>
    public double ClientInPipeline { get; set; } = double.PositiveInfinity;

    /// <summary>The package; infinite where there is none, or where it fails on this recording.</summary>
    public double Peer { get; set; } = double.PositiveInfinity;

    public double PeerChunked { get; set; } = double.PositiveInfinity;

    public double Scan { get; set; } = double.PositiveInfinity;

    /// <summary>Bytes that the decoder allocates per stream.</summary>
    public double Allocated { get; set; }

    public bool HasPeer => double.IsFinite(Peer);
}
