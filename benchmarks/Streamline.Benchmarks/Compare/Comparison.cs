namespace Streamline.Benchmarks.Compare;

/// <summary>One task, done by this library and by a peer: the least times of both, in nanoseconds.</summary>
/// <param name="Task">What was done.</param>
/// <param name="Peer">The peer and its version.</param>
/// <param name="Ours">Our time.</param>
/// <param name="Theirs">The time of the peer.</param>
internal sealed record Comparison(string Task, string Peer, double Ours, double Theirs)
{
    /// <summary>Gets how many times as fast this library is; less than 1 where the peer is faster.</summary>
    public double Ratio => Theirs / Ours;
}
