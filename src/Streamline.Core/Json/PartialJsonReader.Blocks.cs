using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Streamline.Json;

/// <content>The quick way through text that lies in an array: whole tokens, found by the marks of a block of bytes at a time.</content>
public partial struct PartialJsonReader
{
    /// <summary>As <see cref="Read{TSink}"/>, but quicker.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal OperationStatus ReadQuickly(ReadOnlySpan<byte> utf8Json, ref JsonTape tape, out int count)
    {
        count = ReadBlocks(utf8Json, ref tape);
        return count == utf8Json.Length ? OperationStatus.NeedMoreData : ReadRest(utf8Json, ref tape, ref count);
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
                count += ReadBlocks(utf8Json[count..], ref tape);
            }
        }

        return status;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ReadBlocks(ReadOnlySpan<byte> utf8Json, ref JsonTape tape) => utf8Json.Length >= JsonVectorBlock.MinLength
        ? ReadBlocks<JsonVectorBlock>(utf8Json, ref tape)
        : ReadBlocks<JsonByteBlock>(utf8Json, ref tape);

    /// <summary>Reads on as far as it knows what it finds.</summary>
    /// <remarks>
    /// What it does not know, it leaves as it was for the reading by tokens: faults, exponents, half literals, the root value itself, and the end of
    /// what the tape wants to stop after. Labels replace a loop over states, so that each has branches of its own to be predicted by.
    /// </remarks>
    /// <returns>How many bytes were read.</returns>
    [SuppressMessage("Design", "MA0051:Method is too long", Justification = "One state machine. Taken apart, it loses the jumps and the registers that it is for.")]
    private int ReadBlocks<TBlock>(ReadOnlySpan<byte> utf8Json, ref JsonTape tape)
        where TBlock : struct, IJsonBlock<TBlock>, allows ref struct
    {
        var offset = (int)_bytesConsumed;
        var state = _state;
        var position = 0;
        while (position < utf8Json.Length && _containers.Depth > 0)
        {
            ref var bytes = ref Unsafe.Add(ref MemoryMarshal.GetReference(utf8Json), position);
            var block = TBlock.Create(utf8Json, position);
            var at = 0;
            byte found;
            switch (state)
            {
                case PartialJsonReaderState.Text:
                    goto Text;
                case PartialJsonReaderState.CommaOrEnd:
                    goto CommaOrEnd;
                case PartialJsonReaderState.Colon:
                    goto Colon;
                case PartialJsonReaderState.Name or PartialJsonReaderState.NameOrEnd:
                    goto Name;
                case PartialJsonReaderState.Value or PartialJsonReaderState.ElementOrEnd:
                    goto Value;
                case >= PartialJsonReaderState.Minus and <= PartialJsonReaderState.Fraction:
                    goto Number;
                case PartialJsonReaderState.Escape or PartialJsonReaderState.HexDigits or PartialJsonReaderState.MultiByte:
                    goto Character;
                default:
                    goto Leave;
            }

        Text:
            var start = at;
            if (!block.TryFindTextStop(ref at))
            {
                _undecided = 0;
                goto BlockRead;
            }

            found = Unsafe.Add(ref bytes, at);
            if (found != (byte)'"')
            {
                if (at != start)
                {
                    _undecided = 0;
                }

                var length = CharacterLength(utf8Json[(position + at)..]);
                if (length == 0)
                {
                    goto Character;
                }

                at += length;
                _undecided = 0;
                goto CharacterRead;
            }

            if (!_isName && tape.StopsBehindText)
            {
                goto Leave;
            }

            _undecided = 0;
            tape.EndScalar(offset + position + ++at);
            if (!_isName)
            {
                goto CommaOrEnd;
            }

            state = PartialJsonReaderState.Colon;

        Colon:
            if (!block.TryFindToken(ref at))
            {
                goto BlockRead;
            }

            if (Unsafe.Add(ref bytes, at) != (byte)':')
            {
                goto Leave;
            }

            at++;
            state = PartialJsonReaderState.Value;

        Value:
            if (!block.TryFindToken(ref at))
            {
                goto BlockRead;
            }

            if (tape.IsSegmentFull)
            {
                goto Leave;
            }

            found = Unsafe.Add(ref bytes, at);
            switch (found)
            {
                case (byte)'"':
                    _isName = false;
                    tape.StartScalar(JsonRowKind.String, offset + position + at++);
                    state = PartialJsonReaderState.Text;
                    goto Text;
                case (byte)'-':
                    state = PartialJsonReaderState.Minus;
                    _undecided = 1;
                    break;
                case (byte)'0':
                    state = PartialJsonReaderState.Zero;
                    break;
                case >= (byte)'1' and <= (byte)'9':
                    state = PartialJsonReaderState.Integer;
                    break;
                case (byte)'{' or (byte)'[' when _containers.Depth < MaxDepth:
                    var isObject = found == (byte)'{';
                    _containers.Push(isObject);
                    tape.StartContainer(isObject, offset + position + at++);
                    state = isObject ? PartialJsonReaderState.NameOrEnd : PartialJsonReaderState.ElementOrEnd;
                    if (isObject)
                    {
                        goto Name;
                    }

                    goto Value;
                case (byte)']' when state == PartialJsonReaderState.ElementOrEnd:
                    goto End;
                default:
                    var letters = LiteralLength(utf8Json.Slice(position + at, block.Count - at));
                    if (letters == 0)
                    {
                        goto Leave;
                    }

                    tape.AddLiteral(found, offset + position + at, offset + position + at + letters);
                    at += letters;
                    goto CommaOrEnd;
            }

            tape.StartScalar(JsonRowKind.Number, offset + position + at++);

        Number:
            if (!(state is PartialJsonReaderState.Integer or PartialJsonReaderState.Fraction ? block.TryFindNoDigit(ref at) : at < block.Count))
            {
                goto BlockRead;
            }

            found = Unsafe.Add(ref bytes, at);
            if (_undecided != 0)
            {
                if (!char.IsAsciiDigit((char)found))
                {
                    goto Leave;
                }

                at++;
                _undecided = 0;
                state = state == PartialJsonReaderState.Point ? PartialJsonReaderState.Fraction
                    : found == (byte)'0' ? PartialJsonReaderState.Zero
                    : PartialJsonReaderState.Integer;
                goto Number;
            }

            if (found == (byte)'.' && state != PartialJsonReaderState.Fraction)
            {
                at++;
                _undecided = 1;
                state = PartialJsonReaderState.Point;
                goto Number;
            }

            if (!IsDelimiter(found))
            {
                goto Leave;
            }

            tape.EndScalar(offset + position + at);

        CommaOrEnd:
            state = PartialJsonReaderState.CommaOrEnd;
            if (!block.TryFindToken(ref at))
            {
                goto BlockRead;
            }

            found = Unsafe.Add(ref bytes, at);
            if (found != (byte)',')
            {
                if (found == (_containers.IsObject ? (byte)'}' : (byte)']'))
                {
                    goto End;
                }

                goto Leave;
            }

            at++;
            if (!_containers.IsObject)
            {
                state = PartialJsonReaderState.Value;
                goto Value;
            }

            state = PartialJsonReaderState.Name;

        Name:
            if (!block.TryFindToken(ref at))
            {
                goto BlockRead;
            }

            if (tape.IsSegmentFull)
            {
                goto Leave;
            }

            found = Unsafe.Add(ref bytes, at);
            if (found == (byte)'"')
            {
                _isName = true;
                tape.StartScalar(JsonRowKind.PropertyName, offset + position + at++);
                state = PartialJsonReaderState.Text;
                goto Text;
            }

            if (found != (byte)'}' || state == PartialJsonReaderState.Name)
            {
                goto Leave;
            }

        End:
            if (_containers.Depth == 1 || tape.StopsBehindContainer)
            {
                goto Leave;
            }

            tape.EndContainer(_containers.IsObject, offset + position + at++);
            _containers.Pop();
            goto CommaOrEnd;

        Character:
            _state = state;
            at += ReadCharacter(utf8Json[(position + at)..], out var isWhole);
            state = _state;
            if (!isWhole)
            {
                goto Leave;
            }

        CharacterRead:
            if (at < block.Count)
            {
                goto Text;
            }

            position += at;
            continue;

        BlockRead:
            position += block.Count;
            continue;

        Leave:
            position += at;
            break;
        }

        if (position == 0)
        {
            return 0;
        }

        _bytesConsumed += position;
        _state = state;
        tape.IsLastGrowing = state >= PartialJsonReaderState.Text;
        return position;
    }

    // Reads an escape or a longer character byte by byte. It is not whole when the bytes end before it does, or when it is at fault.
    private int ReadCharacter(ReadOnlySpan<byte> bytes, out bool isWhole)
    {
        var count = 0;
        do
        {
            if (!TryConsumeCharacterByte(bytes[count]))
            {
                isWhole = false;
                return count;
            }

            count++;
        }
        while (_state != PartialJsonReaderState.Text && count < bytes.Length);
        isWhole = _state == PartialJsonReaderState.Text;
        return count;
    }

    // The length of a literal name, if it is whole; else 0.
    private static int LiteralLength(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("true"u8) || bytes.StartsWith("null"u8) ? 4 : bytes.StartsWith("false"u8) ? 5 : 0;

    // The length of an escape of two bytes, or of a character of several, if it is valid and whole; else 0.
    private static int CharacterLength(ReadOnlySpan<byte> bytes) => bytes[0] switch
    {
        (byte)'\\' when bytes.Length > 1 =>
            bytes[1] is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' ? 2 : 0,
        >= 0x80 when Rune.DecodeFromUtf8(bytes, out _, out var length) == OperationStatus.Done => length,
        _ => 0,
    };
}
