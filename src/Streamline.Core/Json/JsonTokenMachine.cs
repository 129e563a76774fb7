using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Streamline.Json;

/// <summary>Reads tokens, or fragments of them: the structure between them itself, and each kind of token by its machine.</summary>
internal struct JsonTokenMachine(int maxDepth)
{
    /// <summary>Where the reader stands.</summary>
    public JsonReaderPosition At = new(maxDepth);

    /// <summary>The string that is being read.</summary>
    public JsonStringMachine String;

    /// <summary>The literal that is being read.</summary>
    public JsonLiteralMachine Literal;

    /// <summary>Reads until the input is used up, the sink says stop, or the text is at fault.</summary>
    /// <returns><see cref="OperationStatus.Done"/> when the sink said stop.</returns>
    public OperationStatus Read<TSink>(ReadOnlySpan<byte> utf8Json, ref TSink sink, out int count)
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

    /// <summary>As <see cref="Read{TSink}"/>, but quicker.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public OperationStatus ReadQuickly(ReadOnlySpan<byte> utf8Json, ref JsonTape tape, out int count)
    {
        count = JsonBlockReading.Read(ref At, ref String.Character, utf8Json, ref tape);
        return count == utf8Json.Length ? OperationStatus.NeedMoreData : ReadRest(utf8Json, ref tape, ref count);
    }

    /// <summary>The input has ended.</summary>
    public OperationStatus Complete<TSink>(ref TSink sink)
        where TSink : struct, IJsonSink, allows ref struct
    {
        switch (At.State)
        {
            case PartialJsonReaderState.EndOfText:
                At.State = PartialJsonReaderState.Completed;
                return OperationStatus.Done;
            case PartialJsonReaderState.Completed:
                return OperationStatus.Done;
            case var number when JsonNumberMachine.MayEndIn(number) && At.Containers.Depth == 0:
                sink.Fragment(JsonTokenType.Number, default, At.BytesConsumed, At.BytesConsumed, isFirst: false, isFinal: true);
                At.State = PartialJsonReaderState.Completed;
                return OperationStatus.Done;
            case PartialJsonReaderState.Failed:
                return OperationStatus.InvalidData;
            default:
                At.Fail(default, JsonReaderFailureKind.Truncated);
                return OperationStatus.InvalidData;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private OperationStatus ReadRest(ReadOnlySpan<byte> utf8Json, ref JsonTape tape, ref int count)
    {
        var status = CheckReadable();
        while (count < utf8Json.Length && status == OperationStatus.NeedMoreData)
        {
            status = ReadToken(utf8Json[count..], ref tape, out var length);
            count += length;
            if (status == OperationStatus.NeedMoreData)
            {
                count += JsonBlockReading.Read(ref At, ref String.Character, utf8Json[count..], ref tape);
            }
        }

        return status;
    }

    private readonly OperationStatus CheckReadable() => At.State switch
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
        var mayContinue = ReadNext(utf8Json, ref count, ref sink);
        At.BytesConsumed += count;
        return mayContinue ? OperationStatus.NeedMoreData : At.State == PartialJsonReaderState.Failed ? OperationStatus.InvalidData : OperationStatus.Done;
    }

    // The methods below read on from a position and return whether to continue: neither has the sink said stop nor is the text at fault.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool ReadNext<TSink>(ReadOnlySpan<byte> bytes, ref int position, ref TSink sink)
        where TSink : struct, IJsonSink, allows ref struct => At.State switch
        {
            < PartialJsonReaderState.Text => ReadStructure(bytes, ref position, ref sink),
            < PartialJsonReaderState.Minus => String.Read(ref At, bytes, ref position, ref sink, isFirst: false),
            < PartialJsonReaderState.Literal => JsonNumberMachine.Read(ref At, bytes, ref position, ref sink, isFirst: false),
            _ => Literal.Read(ref At, bytes, ref position, ref sink),
        };

    // ws, begin-array, begin-object, end-array, end-object, name-separator, value-separator (RFC 8259, section 2).
    private bool ReadStructure<TSink>(ReadOnlySpan<byte> bytes, ref int position, ref TSink sink)
        where TSink : struct, IJsonSink, allows ref struct
    {
        for (; position < bytes.Length; position++)
        {
            var found = bytes[position];
            if (found <= (byte)' ' && JsonReaderPosition.IsWhitespace(found))
            {
                continue;
            }

            switch (At.State)
            {
                case PartialJsonReaderState.Colon when found == (byte)':':
                    At.State = PartialJsonReaderState.Value;
                    continue;
                case PartialJsonReaderState.CommaOrEnd when found == (byte)',':
                    At.State = At.Containers.IsObject ? PartialJsonReaderState.Name : PartialJsonReaderState.Value;
                    continue;
                case PartialJsonReaderState.Name or PartialJsonReaderState.NameOrEnd when found == (byte)'"':
                    At.IsName = true;
                    return String.Read(ref At, bytes, ref position, ref sink, isFirst: true);
                case PartialJsonReaderState.NameOrEnd when found == (byte)'}':
                case PartialJsonReaderState.ElementOrEnd when found == (byte)']':
                case PartialJsonReaderState.CommaOrEnd when found == At.Closer:
                    return ReadEnd(ref position, ref sink);
                case PartialJsonReaderState.Value or PartialJsonReaderState.ElementOrEnd:
                    return ReadValue(bytes, ref position, ref sink);
                default:
                    return At.Fail(found);
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
                At.IsName = false;
                return String.Read(ref At, bytes, ref position, ref sink, isFirst: true);
            case (byte)'{' or (byte)'[':
                return ReadStart(found, ref position, ref sink);
            case (byte)'-':
                At.State = PartialJsonReaderState.Minus;
                return JsonNumberMachine.Read(ref At, bytes, ref position, ref sink, isFirst: true);
            case (byte)'0':
                At.State = PartialJsonReaderState.Zero;
                return JsonNumberMachine.Read(ref At, bytes, ref position, ref sink, isFirst: true);
            case >= (byte)'1' and <= (byte)'9':
                At.State = PartialJsonReaderState.Integer;
                return JsonNumberMachine.Read(ref At, bytes, ref position, ref sink, isFirst: true);
            case (byte)'t' or (byte)'f' or (byte)'n':
                Literal = new JsonLiteralMachine(found);
                At.State = PartialJsonReaderState.Literal;
                return Literal.Read(ref At, bytes, ref position, ref sink);
            default:
                return At.Fail(found);
        }
    }

    private bool ReadStart<TSink>(byte found, ref int position, ref TSink sink)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (At.IsFull)
        {
            return At.Fail(found, JsonReaderFailureKind.TooDeep);
        }

        var isObject = found == (byte)'{';
        At.Containers.Push(isObject);
        At.State = isObject ? PartialJsonReaderState.NameOrEnd : PartialJsonReaderState.ElementOrEnd;
        return sink.StartContainer(isObject, At.BytesConsumed + position++);
    }

    private bool ReadEnd<TSink>(ref int position, ref TSink sink)
        where TSink : struct, IJsonSink, allows ref struct
    {
        var isObject = At.Containers.IsObject;
        At.Containers.Pop();
        At.EndValue();
        return sink.EndContainer(isObject, At.BytesConsumed + position++);
    }
}
