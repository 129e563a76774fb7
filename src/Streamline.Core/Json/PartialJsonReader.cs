using System.Buffers;
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
public partial struct PartialJsonReader
{
    /// <summary>The greatest depth of nesting that is accepted unless another is set: 128.</summary>
    internal const int DefaultMaxDepth = 128;

    private readonly int _maxDepth; // 0 in a default instance, which stands for the default
    private JsonContainerStack _containers;
    private long _bytesConsumed;
    private PartialJsonReaderState _state;
    private bool _isName; // whether the string being read is a property name
    private int _undecided; // see UndecidedBytes
    private byte _literal; // the first letter of the literal being read; _undecided counts the letters that have come

    // HexDigits: how many are still to come, and the value of those that came.
    // MultiByte: how many continuation bytes are still to come, and the range that the next one must lie in.
    private byte _unitsLeft;
    private byte _continuationMin;
    private byte _continuationMax;
    private ushort _codeUnit;

    // Set by a failure: its kind, the state it happened in, and the byte that stood there.
    private FailureKind _failure;
    private PartialJsonReaderState _failedState;
    private byte _found;

    /// <summary>Initializes a new instance of the <see cref="PartialJsonReader"/> struct.</summary>
    /// <param name="maxDepth">The greatest number of containers that may be open at once, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxDepth"/> is less than 1.</exception>
    public PartialJsonReader(int maxDepth = DefaultMaxDepth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDepth, 1);
        _maxDepth = maxDepth;
    }

    /// <summary>Gets the number of bytes read so far, over all spans. After a failure: the offset of the byte that was refused.</summary>
    public readonly long BytesConsumed => _bytesConsumed;

    /// <summary>Gets the number of containers that are open.</summary>
    public readonly int Depth => _containers.Depth;

    /// <summary>Gets a value indicating whether the root value has been read whole. A number at the root is whole only at the end of the input.</summary>
    public readonly bool IsRootComplete => _state is PartialJsonReaderState.EndOfText or PartialJsonReaderState.Completed;

    /// <summary>Gets how many of the bytes read last are part of something that the next bytes may still change.</summary>
    /// <value>
    /// Half an escape, a surrogate pair or a multi-byte character, the beginning of a literal, or the tail of a number such as <c>1.</c> that is not yet a number.
    /// </value>
    public readonly int UndecidedBytes => _undecided;

    private readonly int MaxDepth => _maxDepth == 0 ? DefaultMaxDepth : _maxDepth;

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
        var status = Read(utf8Json, ref sink, out var count);
        utf8Json = utf8Json[count..];
        token = sink.Token;
        return status;
    }

    /// <summary>Reads until the input is used up, the sink says stop, or the text is at fault.</summary>
    /// <returns><see cref="OperationStatus.Done"/> when the sink said stop, else as the public method.</returns>
    internal OperationStatus Read<TSink>(ReadOnlySpan<byte> utf8Json, ref TSink sink, out int count)
        where TSink : struct, IJsonSink, allows ref struct
    {
        count = 0;
        var status = CheckReadable();
        while (count < utf8Json.Length && status == OperationStatus.NeedMoreData)
        {
            status = ReadToken(utf8Json[count..], ref sink, out var length);
            count += length;
        }

        return status;
    }

    private readonly OperationStatus CheckReadable() => _state switch
    {
        PartialJsonReaderState.Failed => OperationStatus.InvalidData,
        PartialJsonReaderState.Completed => throw new InvalidOperationException("The end of the JSON text has been declared."),
        _ => OperationStatus.NeedMoreData,
    };

    // Reads one token or fragment, or the structure before it.
    private OperationStatus ReadToken<TSink>(ReadOnlySpan<byte> utf8Json, ref TSink sink, out int count)
        where TSink : struct, IJsonSink, allows ref struct
    {
        count = 0;
        var mayGoOn = ReadNext(utf8Json, ref count, ref sink);
        _bytesConsumed += count;
        return mayGoOn ? OperationStatus.NeedMoreData : _state == PartialJsonReaderState.Failed ? OperationStatus.InvalidData : OperationStatus.Done;
    }

    /// <summary>Declares that no more bytes come.</summary>
    /// <param name="token">The last fragment of a number at the root, which only the end of the input ends; else of type <see cref="JsonTokenType.None"/>.</param>
    /// <returns><see cref="OperationStatus.Done"/>, or <see cref="OperationStatus.InvalidData"/> when the text is malformed or not whole.</returns>
    public OperationStatus Complete(out PartialJsonToken token)
    {
        var sink = default(JsonTokenSink);
        var status = Complete(ref sink);
        token = sink.Token;
        return status;
    }

    internal OperationStatus Complete<TSink>(ref TSink sink)
        where TSink : struct, IJsonSink, allows ref struct
    {
        switch (_state)
        {
            case PartialJsonReaderState.EndOfText:
                _state = PartialJsonReaderState.Completed;
                return OperationStatus.Done;
            case PartialJsonReaderState.Completed:
                return OperationStatus.Done;
            case PartialJsonReaderState.Zero or PartialJsonReaderState.Integer or PartialJsonReaderState.Fraction or PartialJsonReaderState.ExponentDigits
                when _containers.Depth == 0:
                sink.Fragment(JsonTokenType.Number, default, _bytesConsumed, _bytesConsumed, isFirst: false, isFinal: true);
                _state = PartialJsonReaderState.Completed;
                return OperationStatus.Done;
            case PartialJsonReaderState.Failed:
                return OperationStatus.InvalidData;
            default:
                Fail(default, FailureKind.Truncated);
                return OperationStatus.InvalidData;
        }
    }

    // The methods below read on from a position and return whether to continue: neither has the sink said stop nor is the text at fault.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool ReadNext<TSink>(ReadOnlySpan<byte> bytes, ref int position, ref TSink sink)
        where TSink : struct, IJsonSink, allows ref struct => _state switch
        {
            < PartialJsonReaderState.Text => ReadStructure(bytes, ref position, ref sink),
            < PartialJsonReaderState.Minus => ReadString(bytes, ref position, ref sink, isFirst: false),
            < PartialJsonReaderState.Literal => ReadNumber(bytes, ref position, ref sink, isFirst: false),
            _ => ReadLiteral(bytes, ref position, ref sink),
        };

    // ws, begin-array, begin-object, end-array, end-object, name-separator, value-separator (RFC 8259, section 2).
    private bool ReadStructure<TSink>(ReadOnlySpan<byte> bytes, ref int position, ref TSink sink)
        where TSink : struct, IJsonSink, allows ref struct
    {
        for (; position < bytes.Length; position++)
        {
            var found = bytes[position];
            if (found <= (byte)' ' && IsWhitespace(found))
            {
                continue;
            }

            switch (_state)
            {
                case PartialJsonReaderState.Colon when found == (byte)':':
                    _state = PartialJsonReaderState.Value;
                    continue;
                case PartialJsonReaderState.CommaOrEnd when found == (byte)',':
                    _state = _containers.IsObject ? PartialJsonReaderState.Name : PartialJsonReaderState.Value;
                    continue;
                case PartialJsonReaderState.Name or PartialJsonReaderState.NameOrEnd when found == (byte)'"':
                    _isName = true;
                    return ReadString(bytes, ref position, ref sink, isFirst: true);
                case PartialJsonReaderState.NameOrEnd when found == (byte)'}':
                case PartialJsonReaderState.ElementOrEnd when found == (byte)']':
                case PartialJsonReaderState.CommaOrEnd when found == (_containers.IsObject ? (byte)'}' : (byte)']'):
                    return ReadEnd(ref position, ref sink);
                case PartialJsonReaderState.Value or PartialJsonReaderState.ElementOrEnd:
                    return ReadValue(bytes, ref position, ref sink);
                default:
                    return Fail(found);
            }
        }

        return true;
    }

    private bool ReadValue<TSink>(ReadOnlySpan<byte> bytes, ref int position, ref TSink sink)
        where TSink : struct, IJsonSink, allows ref struct
    {
        var found = bytes[position];
        switch (found)
        {
            case (byte)'"':
                _isName = false;
                return ReadString(bytes, ref position, ref sink, isFirst: true);
            case (byte)'{' or (byte)'[':
                return ReadStart(found, ref position, ref sink);
            case (byte)'-':
                _state = PartialJsonReaderState.Minus;
                return ReadNumber(bytes, ref position, ref sink, isFirst: true);
            case (byte)'0':
                _state = PartialJsonReaderState.Zero;
                return ReadNumber(bytes, ref position, ref sink, isFirst: true);
            case >= (byte)'1' and <= (byte)'9':
                _state = PartialJsonReaderState.Integer;
                return ReadNumber(bytes, ref position, ref sink, isFirst: true);
            case (byte)'t' or (byte)'f' or (byte)'n':
                _literal = found;
                _state = PartialJsonReaderState.Literal;
                return ReadLiteral(bytes, ref position, ref sink);
            default:
                return Fail(found);
        }
    }

    private bool ReadStart<TSink>(byte found, ref int position, ref TSink sink)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (_containers.Depth >= MaxDepth)
        {
            return Fail(found, FailureKind.TooDeep);
        }

        var isObject = found == (byte)'{';
        _containers.Push(isObject);
        _state = isObject ? PartialJsonReaderState.NameOrEnd : PartialJsonReaderState.ElementOrEnd;
        return sink.StartContainer(isObject, _bytesConsumed + position++);
    }

    private bool ReadEnd<TSink>(ref int position, ref TSink sink)
        where TSink : struct, IJsonSink, allows ref struct
    {
        var isObject = _containers.IsObject;
        _containers.Pop();
        EndValue();
        return sink.EndContainer(isObject, _bytesConsumed + position++);
    }

    private void EndValue() => _state = _containers.Depth == 0 ? PartialJsonReaderState.EndOfText : PartialJsonReaderState.CommaOrEnd;

    private static bool IsWhitespace(byte value) => value is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';
}
