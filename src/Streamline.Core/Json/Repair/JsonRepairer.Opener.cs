using System.Buffers;
using System.Text;

namespace Streamline.Json;

/// <content>Before a document: whether a bracket or brace begins it, or belongs to the prose.</content>
internal sealed partial class JsonRepairer
{
    // What a label such as "[Note]" does not have inside, and what does not stand behind one.
    private static readonly SearchValues<byte> LabelStops = SearchValues.Create("],{[(\"\r\n"u8);
    private static readonly SearchValues<byte> ListFollowers = SearchValues.Create(",;}])\"'/#"u8);

    private HeldBytes _label; // the first one, in case that nothing better comes: then it was the document
    private long _labelStart;

    private void BeginOpener(byte found)
    {
        _held.Clear();
        _held.Add(found);
        _state = JsonRepairState.Opener;
    }

    private bool TakeBehindOpener(byte found)
    {
        _held.Add(found);
        _offset++;
        var verdict = LooksLikeDocument(_held.Span);
        if (verdict == true)
        {
            BeginHeldDocument();
        }
        else if (verdict == false)
        {
            LeaveOpener();
        }

        _offset--;
        return true;
    }

    private void BeginHeldDocument()
    {
        BeginDocument(_offset - _held.Count);
        ReplayHeld();
    }

    private void LeaveOpener()
    {
        var start = _offset - _held.Count;
        if (IsPlainPlace && _held.Span[0] == (byte)'[' && _label.Count == 0)
        {
            _label.Add(_held.Span);
            _labelStart = start;
        }

        AddProse(_held.Span[0], start);
        _state = JsonRepairState.Before;
        ReplayHeld(1);
    }

    // Where a bracket in prose is likely to begin a document.
    private bool IsPlainPlace => _isLineStart || _lastProse is (byte)':' or (byte)'=' or (byte)'(' or (byte)'>';

    private bool? LooksLikeDocument(ReadOnlySpan<byte> text)
    {
        var rest = text[1..].TrimStart(" \t\r\n"u8);
        if (text.Length > MaxTail)
        {
            return rest.IsEmpty || text[0] == (byte)'[' || !char.IsAsciiLetter((char)rest[0]);
        }

        return rest.IsEmpty ? null : text[0] == (byte)'[' ? LooksLikeArray(rest) : LooksLikeObject(rest);
    }

    private bool? LooksLikeObject(ReadOnlySpan<byte> rest)
    {
        if (!char.IsAsciiLetter((char)rest[0]) && rest[0] != (byte)'_')
        {
            return rest[0] is (byte)'"' or (byte)'\'' or (byte)'}' or (byte)'\\' or (byte)'/' or 0xE2 || (IsPlainPlace && rest[0] != (byte)'{');
        }

        var last = rest[^1];
        return char.IsAsciiLetterOrDigit((char)last) || last is (byte)'_' or (byte)'-' or (byte)' ' ? null : last is (byte)':' or (byte)'"';
    }

    // A word in brackets is an array or a label: what follows it tells.
    private bool? LooksLikeArray(ReadOnlySpan<byte> rest)
    {
        if (IsOpener(rest[0]) || !IsPlainPlace)
        {
            return IsOpener(rest[0]);
        }

        var status = Rune.DecodeFromUtf8(rest, out var first, out _);
        if (status != OperationStatus.Done || !Rune.IsLetter(first))
        {
            return status == OperationStatus.NeedMoreData ? null : true;
        }

        var end = rest.IndexOfAny(LabelStops);
        if (end < 0)
        {
            return null;
        }

        var behind = rest[(end + 1)..].TrimStart(" \t\r\n"u8);
        return rest[end] != (byte)']' || IsScalar(TrimEnd(rest[..end])) ? true : behind.IsEmpty ? null : IsListFollower(behind);
    }

    private static bool? IsListFollower(ReadOnlySpan<byte> behind)
    {
        if (behind[0] != (byte)'[')
        {
            return ListFollowers.Contains(behind[0]);
        }

        var inside = behind[1..].TrimStart(" \t\r\n"u8);
        return inside.IsEmpty ? null : !IsOpener(inside[0]);
    }

    private static bool IsOpener(byte value) => value is (byte)'{' or (byte)'[' or (byte)'"' or (byte)'\'';

    // The text has ended, and no document has begun.
    private void EndLabel()
    {
        if (_proseStart >= _labelStart)
        {
            ClearProse();
        }

        using var buffer = new PooledBytes(_label.Count);
        _label.Span.CopyTo(buffer.Span);
        _held.Clear();
        _offset = _labelStart;
        BeginDocument(_offset);
        Pump(buffer.Span);
    }
}
