namespace Streamline.Testing;

/// <summary>Bytes of a recorded body that arrived together.</summary>
/// <param name="At">When they arrived, counted from when the request was sent.</param>
/// <param name="Bytes">The bytes, never empty.</param>
public readonly record struct RecordedChunk(TimeSpan At, ReadOnlyMemory<byte> Bytes);
