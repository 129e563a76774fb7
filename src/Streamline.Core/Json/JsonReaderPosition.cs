using System.Runtime.CompilerServices;

namespace Streamline.Json;

/// <summary>Where a reader is in the grammar of RFC 8259: which containers are open, what may come next, and why it stopped.</summary>
internal struct JsonReaderPosition(int maxDepth)
{
    /// <summary>The containers that are open.</summary>
    public JsonContainerStack Containers;

    /// <summary>How many bytes were read. After a failure: the offset of the byte that was refused.</summary>
    public long BytesConsumed;

    /// <summary>How many of the bytes read last are part of something that the next bytes may still change.</summary>
    public int UndecidedBytes;

    /// <summary>What may come next.</summary>
    public PartialJsonReaderState State;

    /// <summary>Whether the string that is being read, or was read last, is a property name.</summary>
    public bool IsName;

    /// <summary>Why the reading stopped.</summary>
    public JsonReaderFailure Failure;

    private readonly int _maxDepth = maxDepth; // 0 in a default instance, which stands for the default

    /// <summary>The greatest number of containers that may be open.</summary>
    public readonly int MaxDepth => _maxDepth == 0 ? PartialJsonReader.DefaultMaxDepth : _maxDepth;

    /// <summary>Whether no container may be opened, because too many are open.</summary>
    public readonly bool IsFull => Containers.Depth >= MaxDepth;

    /// <summary>Whether the reader is between two tokens.</summary>
    public readonly bool IsBetweenTokens
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => State < PartialJsonReaderState.Text;
    }

    /// <summary>Whether the reader is in a string or property name.</summary>
    public readonly bool IsInText
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => State is >= PartialJsonReaderState.Text and <= PartialJsonReaderState.MultiByte;
    }

    /// <summary>Whether the reader, between two tokens, is after a property name whose value has not begun.</summary>
    public readonly bool IsBehindName
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (State == PartialJsonReaderState.Colon) | ((State == PartialJsonReaderState.Value) & Containers.IsObject);
    }

    /// <summary>The byte that ends the innermost open container.</summary>
    public readonly byte Closer => Containers.IsObject ? (byte)'}' : (byte)']';

    /// <summary>Whether a byte is whitespace, which is allowed between tokens.</summary>
    public static bool IsWhitespace(byte value) => value is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    /// <summary>A value has ended.</summary>
    public void EndValue() => State = Containers.Depth == 0 ? PartialJsonReaderState.EndOfText : PartialJsonReaderState.CommaOrEnd;

    /// <summary>Stops at a byte that the grammar refuses.</summary>
    /// <returns>Always <see langword="false"/>.</returns>
    public bool Fail(byte found, JsonReaderFailureKind kind = JsonReaderFailureKind.Malformed)
    {
        Failure = new JsonReaderFailure(kind, State, found);
        State = PartialJsonReaderState.Failed;
        return false;
    }
}
