using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Streamline.Json;

/// <summary>The quick way through text that lies in an array: whole tokens, found by the marks of a block of bytes at a time.</summary>
internal static class JsonBlockReading
{
    /// <summary>Reads on as far as it knows what it finds, in blocks that fit the length of the text.</summary>
    /// <returns>How many bytes were read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ref JsonReaderPosition reader, ref JsonCharacterMachine character, ReadOnlySpan<byte> utf8Json, ref JsonTape tape) => utf8Json.Length >= JsonVectorBlock.MinLength
        ? Read<JsonVectorBlock>(ref reader, ref character, utf8Json, ref tape)
        : Read<JsonByteBlock>(ref reader, ref character, utf8Json, ref tape);

    /// <summary>Reads on as far as it knows what it finds.</summary>
    /// <remarks>
    /// What it does not know, it leaves as it was for the reading by tokens: faults, exponents, half literals, the root value itself, and the end of
    /// what the tape wants to stop after. Labels replace a loop over states, so that each has branches of its own to be predicted by.
    /// </remarks>
    /// <returns>How many bytes were read.</returns>
    [SuppressMessage("Design", "MA0051:Method is too long", Justification = "One state machine. Taken apart, it loses the jumps and the registers that it is for.")]
    private static int Read<TBlock>(ref JsonReaderPosition reader, ref JsonCharacterMachine character, ReadOnlySpan<byte> utf8Json, ref JsonTape tape)
        where TBlock : struct, IJsonBlock<TBlock>, allows ref struct
    {
        var offset = (int)reader.BytesConsumed;
        var state = reader.State;
        var position = 0;
        while (position < utf8Json.Length && reader.Containers.Depth > 0)
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
                reader.UndecidedBytes = 0;
                goto BlockRead;
            }

            found = Unsafe.Add(ref bytes, at);
            if (found != (byte)'"')
            {
                if (at != start)
                {
                    reader.UndecidedBytes = 0;
                }

                var length = JsonCharacterMachine.WholeLength(utf8Json[(position + at)..]);
                if (length == 0)
                {
                    goto Character;
                }

                at += length;
                reader.UndecidedBytes = 0;
                goto CharacterRead;
            }

            if (!reader.IsName && tape.StopsBehindText)
            {
                goto Leave;
            }

            reader.UndecidedBytes = 0;
            tape.EndScalar(offset + position + ++at);
            if (!reader.IsName)
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
                    reader.IsName = false;
                    tape.StartScalar(JsonRowKind.String, offset + position + at++);
                    state = PartialJsonReaderState.Text;
                    goto Text;
                case (byte)'-':
                    state = PartialJsonReaderState.Minus;
                    reader.UndecidedBytes = 1;
                    break;
                case (byte)'0':
                    state = PartialJsonReaderState.Zero;
                    break;
                case >= (byte)'1' and <= (byte)'9':
                    state = PartialJsonReaderState.Integer;
                    break;
                case (byte)'{' or (byte)'[' when !reader.IsFull:
                    var isObject = found == (byte)'{';
                    reader.Containers.Push(isObject);
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
                    var letters = JsonLiteralMachine.WholeLength(utf8Json.Slice(position + at, block.Count - at));
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
            if (reader.UndecidedBytes != 0)
            {
                if (!char.IsAsciiDigit((char)found))
                {
                    goto Leave;
                }

                at++;
                reader.UndecidedBytes = 0;
                state = state == PartialJsonReaderState.Point ? PartialJsonReaderState.Fraction
                    : found == (byte)'0' ? PartialJsonReaderState.Zero
                    : PartialJsonReaderState.Integer;
                goto Number;
            }

            if (found == (byte)'.' && state != PartialJsonReaderState.Fraction)
            {
                at++;
                reader.UndecidedBytes = 1;
                state = PartialJsonReaderState.Point;
                goto Number;
            }

            if (!JsonNumberMachine.IsDelimiter(found))
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
                if (found == reader.Closer)
                {
                    goto End;
                }

                goto Leave;
            }

            at++;
            if (!reader.Containers.IsObject)
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
                reader.IsName = true;
                tape.StartScalar(JsonRowKind.PropertyName, offset + position + at++);
                state = PartialJsonReaderState.Text;
                goto Text;
            }

            if (found != (byte)'}' || state == PartialJsonReaderState.Name)
            {
                goto Leave;
            }

        End:
            if (reader.Containers.Depth == 1 || tape.StopsBehindContainer)
            {
                goto Leave;
            }

            tape.EndContainer(reader.Containers.IsObject, offset + position + at++);
            reader.Containers.Pop();
            goto CommaOrEnd;

        Character:
            reader.State = state;
            at += character.Read(ref reader, utf8Json[(position + at)..], out var isWhole);
            state = reader.State;
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

        reader.BytesConsumed += position;
        reader.State = state;
        tape.IsLastGrowing = state >= PartialJsonReaderState.Text;
        return position;
    }
}
