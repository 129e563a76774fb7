using System.Text;

namespace Streamline.Json;

/// <content>What models put around a document: the reasoning before it, and Markdown fences.</content>
internal sealed partial class JsonRepairer
{
    private static readonly string[] ReasoningTags = ["think", "thinking", "thought", "thoughts", "reasoning", "reflection", "scratchpad"];

    private HeldBytes _tag; // of <think>, without the brackets; in Reasoning, with </ and > around it
    private bool _isInTag;
    private int _tagMatched;

    // <think> and its like: everything up to the end tag is skipped.
    private bool TakeInTag(byte found)
    {
        if (found == (byte)'<')
        {
            _isInTag = true;
            _tag.Clear();
            return false;
        }

        const int LongestTag = 12;
        if (_isInTag && char.IsAsciiLetter((char)found) && _tag.Count < LongestTag)
        {
            _tag.Add((byte)(found | 0x20));
            return false;
        }

        var isTag = _isInTag && found == (byte)'>' && ReasoningTags.Contains(Encoding.Latin1.GetString(_tag.Span));
        _isInTag = false;
        if (!isTag)
        {
            return false;
        }

        Report(PartialJsonRepairKind.ReasoningBlock, _offset - _tag.Count - 1);
        var name = Encoding.Latin1.GetBytes($"</{Encoding.Latin1.GetString(_tag.Span)}>");
        _tag.Clear();
        _tag.Add(name);
        _tagMatched = 0;
        ClearProse();
        _state = JsonRepairState.Reasoning;
        return true;
    }

    private bool TakeInReasoning(byte found)
    {
        var lower = char.IsAsciiLetter((char)found) ? (byte)(found | 0x20) : found;
        _tagMatched = lower == _tag.Span[_tagMatched] ? _tagMatched + 1 : found == (byte)'<' ? 1 : 0;
        if (_tagMatched == _tag.Count)
        {
            _tag.Clear();
            _state = JsonRepairState.Before;
        }

        return true;
    }

    private bool TakeFenceBefore(byte found)
    {
        if (found == (byte)'`' && _held.Count < FenceLength)
        {
            _held.Add(found);
            return true;
        }

        if (_held.Count == FenceLength)
        {
            TakeFence();
            return false;
        }

        if (!HasProse && _held.Count == 1)
        {
            BeginDocument(_offset - 1);
            BeginForeignText(JsonQuotes.SingleTypographic, _offset - 1);
            _held.Clear();
            return false;
        }

        AddHeldToProse();
        return false;
    }

    private void TakeFence()
    {
        _held.Clear();
        _state = JsonRepairState.FenceLine;
        if (_isFenced && IsProseTuple())
        {
            BeginProseDocument();
        }

        ReportProse();
        Report(PartialJsonRepairKind.MarkdownFence, _offset - FenceLength);
        ClearProse();
        _isFenced = !_isFenced;
    }

    // The name of a language, if there is one.
    private bool TakeInFenceLine(byte found)
    {
        if (found is not ((byte)'\n' or (byte)'\r' or (byte)'{' or (byte)'[' or (byte)'"'))
        {
            return true;
        }

        _state = JsonRepairState.Before;
        return false;
    }
}
