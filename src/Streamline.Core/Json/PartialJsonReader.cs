using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Streamline.Json;

/// <summary>Reads JSON tokens from UTF-8 bytes that arrive in pieces. Accepts exactly the grammar of RFC 8259.</summary>
/// <remarks>
/// <para>
/// The reader is its own state: it can stop inside a string, an escape, a surrogate pair, a multi-byte character, a number or a
/// literal, and continues with the next span. It keeps none of the bytes and looks at each one once. Strings, property names and numbers that
/// cross the end of a span come in fragments. However the bytes are cut, the joined fragments, and the error if there is one, are the same.
/// </para>
/// <para>
/// A mutable structure that is not safe for use by several threads: keep it in a field or a local and pass it by reference. A copy
/// may be read on in place of the original, but not beside it. A byte order mark is malformed, as it is to <see cref="JsonDocument"/>.
/// Escapes of lone surrogates are in the grammar and are accepted.
/// </para>
/// </remarks>
public struct PartialJsonReader
{
    /// <summary>The greatest depth of nesting that is accepted unless another is set: 128.</summary>
    internal const int DefaultMaxDepth = 128;

    private JsonTokenMachine _tokens;

    /// <summary>Initializes a new instance of the <see cref="PartialJsonReader"/> struct.</summary>
    /// <param name="maxDepth">The greatest number of containers that may be open at once, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxDepth"/> is less than 1.</exception>
    public PartialJsonReader(int maxDepth = DefaultMaxDepth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDepth, 1);
        _tokens = new JsonTokenMachine(maxDepth);
    }

    /// <summary>Gets the number of bytes read so far, over all spans. After a failure: the offset of the byte that was refused.</summary>
    public readonly long BytesConsumed => _tokens.At.BytesConsumed;

    /// <summary>Gets the number of containers that are open.</summary>
    public readonly int Depth => _tokens.At.Containers.Depth;

    /// <summary>Gets a value indicating whether the root value has been read whole. A number at the root is whole only at the end of the input.</summary>
    public readonly bool IsRootComplete => _tokens.At.State is PartialJsonReaderState.EndOfText or PartialJsonReaderState.Completed;

    /// <summary>Gets how many of the bytes read last are part of something that the next bytes may still change.</summary>
    /// <value>
    /// Half an escape, a surrogate pair or a multi-byte character, the beginning of a literal, or the tail of a number such as <c>1.</c> that is not yet a number.
    /// </value>
    public readonly int UndecidedBytes => _tokens.At.UndecidedBytes;

    /// <summary>Reads the next token or fragment, and cuts what was read from the front of the input.</summary>
    /// <param name="utf8Json">The next UTF-8 bytes of the text. Shortened by what was read; empty after <see cref="OperationStatus.NeedMoreData"/>.</param>
    /// <param name="token">The token or fragment; of type <see cref="JsonTokenType.None"/> unless the result is <see cref="OperationStatus.Done"/>.</param>
    /// <returns>
    /// <see cref="OperationStatus.Done"/> when a token or fragment was read, <see cref="OperationStatus.NeedMoreData"/> when the input is used up,
    /// <see cref="OperationStatus.InvalidData"/> when the text is malformed or too deep: see <see cref="CreateException"/>.
    /// </returns>
    public OperationStatus Read(ref ReadOnlySpan<byte> utf8Json, out PartialJsonToken token)
    {
        var sink = default(JsonTokenSink);
        var status = _tokens.Read(utf8Json, ref sink, out var count);
        utf8Json = utf8Json[count..];
        token = sink.Token;
        return status;
    }

    /// <summary>Declares that no more bytes come.</summary>
    /// <param name="token">The last fragment of a number at the root, which only the end of the input ends; else of type <see cref="JsonTokenType.None"/>.</param>
    /// <returns><see cref="OperationStatus.Done"/>, or <see cref="OperationStatus.InvalidData"/> when the text is malformed or not whole.</returns>
    public OperationStatus Complete(out PartialJsonToken token)
    {
        var sink = default(JsonTokenSink);
        var status = _tokens.Complete(ref sink);
        token = sink.Token;
        return status;
    }

    /// <summary>Describes the failure that ended the reading.</summary>
    /// <returns>
    /// <see langword="null"/> when nothing has failed; a <see cref="StreamProtocolException"/> with <see cref="StreamProtocolError.InvalidJson"/> or
    /// <see cref="StreamProtocolError.TruncatedJson"/>; a <see cref="StreamLimitException"/> when the depth went past its limit.
    /// </returns>
    public readonly StreamlineException? CreateException() => _tokens.At.Failure.CreateException(_tokens.At, _tokens.Literal);

    /// <summary>Where the reader stands. After a failure: where it stood.</summary>
    internal readonly PartialJsonReaderState State => _tokens.At.State == PartialJsonReaderState.Failed ? _tokens.At.Failure.State : _tokens.At.State;

    /// <summary>Where the reader stands, as its parts see it.</summary>
    [UnscopedRef]
    internal readonly ref readonly JsonReaderPosition At
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _tokens.At;
    }

    /// <summary>Whether the reader refused a container because too many are open.</summary>
    internal readonly bool IsTooDeep => _tokens.At.Failure.Kind == JsonReaderFailureKind.TooDeep;

    internal readonly bool IsInObject => Depth > 0 && _tokens.At.Containers.IsObject;

    internal readonly bool IsInArray => Depth > 0 && !_tokens.At.Containers.IsObject;

    /// <summary>Whether the reader is in a string or property name.</summary>
    internal readonly bool IsInText
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _tokens.At.IsInText;
    }

    /// <summary>Whether the string that is being read, or was read last, is a property name.</summary>
    internal readonly bool IsName => _tokens.At.IsName;

    /// <summary>Of an escape that has begun: how many of its bytes have come.</summary>
    internal readonly int EscapeBytes => _tokens.String.Character.EscapeBytes(State);

    /// <summary>Of a literal that has begun: the letters that are still to come.</summary>
    internal readonly ReadOnlySpan<byte> MissingLetters => _tokens.Literal.Name[UndecidedBytes..];

    /// <summary>How many of the open containers are objects, or arrays.</summary>
    internal readonly int CountOpen(bool isObject) => isObject ? _tokens.At.Containers.ObjectCount : Depth - _tokens.At.Containers.ObjectCount;

    /// <summary>Whether another reader would read whatever follows in the same way, except for offsets.</summary>
    internal readonly bool IsSameAs(in PartialJsonReader other) =>
        _tokens.At.State == other._tokens.At.State && UndecidedBytes == other.UndecidedBytes
        && (!IsInText || (IsName == other.IsName && _tokens.String.Character.IsSameAs(other._tokens.String.Character, _tokens.At.State)))
        && (_tokens.At.State != PartialJsonReaderState.Literal || _tokens.Literal.IsSameAs(other._tokens.Literal))
        && _tokens.At.Containers.IsSameAs(other._tokens.At.Containers);

    /// <inheritdoc cref="JsonTokenMachine.Read{TSink}"/>
    internal OperationStatus Read<TSink>(ReadOnlySpan<byte> utf8Json, ref TSink sink, out int count)
        where TSink : struct, IJsonSink, allows ref struct => _tokens.Read(utf8Json, ref sink, out count);

    /// <inheritdoc cref="JsonTokenMachine.ReadQuickly"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal OperationStatus ReadQuickly(ReadOnlySpan<byte> utf8Json, ref JsonTape tape, out int count) => _tokens.ReadQuickly(utf8Json, ref tape, out count);

    /// <inheritdoc cref="JsonTokenMachine.Complete"/>
    internal OperationStatus Complete<TSink>(ref TSink sink)
        where TSink : struct, IJsonSink, allows ref struct => _tokens.Complete(ref sink);

    /// <summary>Skips bytes that are plain text in a string, if the reader is in one.</summary>
    /// <returns><see langword="false"/> when nothing was skipped.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TrySkipText(int count)
    {
        if (_tokens.At.State != PartialJsonReaderState.Text)
        {
            return false;
        }

        _tokens.At.UndecidedBytes = 0;
        _tokens.At.BytesConsumed += count;
        return true;
    }

    /// <summary>Resumes after a failure, at the byte that was refused.</summary>
    internal void Resume()
    {
        _tokens.At.State = State;
        _tokens.At.Failure = default;
    }

    /// <summary>Opens a container again that has ended, or takes back that one was opened. The caller rewinds the state.</summary>
    internal void ReopenContainer(bool isObject) => _tokens.At.Containers.Push(isObject);

    /// <inheritdoc cref="ReopenContainer"/>
    internal void TakeBackContainer() => _tokens.At.Containers.Pop();

    /// <summary>Goes back. The containers must be those that were open there.</summary>
    internal void Rewind(long offset, PartialJsonReaderState state, bool isName)
    {
        ref var at = ref _tokens.At;
        (at.BytesConsumed, at.State, at.IsName, at.UndecidedBytes, at.Failure) = (offset, state, isName, 0, default);
    }
}
