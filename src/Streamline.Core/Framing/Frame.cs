namespace Streamline.Framing;

/// <summary>One unit of a body, in whichever format it was framed. Its spans are valid until the reader is used again.</summary>
internal readonly ref struct Frame
{
    public Frame(FrameKind kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, long offset)
    {
        Kind = kind;
        Name = name;
        Data = data;
        Offset = offset;
    }

    public FrameKind Kind { get; }

    /// <summary>Gets the name of the frame in UTF-8; empty when its format has none.</summary>
    public ReadOnlySpan<byte> Name { get; }

    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Gets the offset of the frame in the body, in bytes from 0.</summary>
    public long Offset { get; }
}
