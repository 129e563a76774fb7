using Streamline.Protocols;

namespace Streamline.TestSupport;

/// <summary>A recorded stream of the corpora.</summary>
/// <param name="Protocol">The protocol that the stream follows.</param>
/// <param name="Source">Who sent it: a host, or a folder of fixtures.</param>
/// <param name="File">The file, relative to <see cref="Corpora.Root"/>.</param>
/// <param name="Body">The bytes of the response.</param>
public sealed record Recording(StreamProtocol Protocol, string Source, string File, byte[] Body)
{
    /// <summary>The sizes of the frames in bytes, found without the code under test.</summary>
    public IReadOnlyList<int> Sizes { get; } = FrameSizes.Of(Protocol, Body);

    /// <summary>How many frames the body has.</summary>
    public int Frames => Sizes.Count;

    public override string ToString() => File;
}
