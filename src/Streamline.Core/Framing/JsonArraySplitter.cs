using System.Buffers;

namespace Streamline.Framing;

/// <summary>Splits a JSON array of objects into its elements while it arrives. A body that is one object, and no array, is one frame.</summary>
/// <remarks>Only brackets and strings are told apart here; the reader of an element checks that it is well-formed.</remarks>
internal sealed class JsonArraySplitter(int maxFrameBytes) : FrameSplitter(maxFrameBytes)
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> EndsPlainText = SearchValues.Create("\"\\"u8);

    private Place _place = Place.BeforeArray;
    private bool _isAlone;

    // Of the element at the beginning of the window: how much was looked at, and what is open there.
    private int _searched;
    private int _depth;
    private bool _isInString;

    private enum Place
    {
        BeforeArray,
        BeforeFirstElement,
        BeforeNextElement,
        InElement,
        AfterElement,
        AfterArray,
    }

    public override bool IsOpen => !_isAlone && _place is not (Place.BeforeArray or Place.AfterArray);

    public override bool TrySplit(ReadOnlySpan<byte> window, long offset, out Frame frame, out int consumed)
    {
        frame = default;
        consumed = 0;
        while (_place != Place.InElement)
        {
            if (consumed == window.Length)
            {
                return false;
            }

            // The brace that begins an element is a part of it.
            Step(window[consumed], offset + consumed);
            consumed += _place == Place.InElement ? 0 : 1;
        }

        var element = window[consumed..];
        if (!TryFindEnd(element))
        {
            ThrowIfTooLong(element.Length);
            return false;
        }

        ThrowIfTooLong(_searched);
        frame = new Frame(FrameKind.Message, default, element[.._searched], offset + consumed);
        consumed += _searched;
        _searched = 0;
        _place = _isAlone ? Place.AfterArray : Place.AfterElement;
        return true;
    }

    private void Step(byte value, long offset)
    {
        if (value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' || Utf8Signature.Includes(value, offset))
        {
            return;
        }

        _isAlone |= _place == Place.BeforeArray && value == (byte)'{';
        _place = (_place, value) switch
        {
            (Place.BeforeArray, (byte)'[') => Place.BeforeFirstElement,
            (Place.BeforeArray or Place.BeforeFirstElement or Place.BeforeNextElement, (byte)'{') => Place.InElement,
            (Place.BeforeFirstElement or Place.AfterElement, (byte)']') => Place.AfterArray,
            (Place.AfterElement, (byte)',') => Place.BeforeNextElement,
            _ => throw Unexpected(value, offset),
        };
    }

    private bool TryFindEnd(ReadOnlySpan<byte> element)
    {
        while (true)
        {
            var next = element[_searched..].IndexOfAny(_isInString ? EndsPlainText : Structure);
            if (next < 0)
            {
                _searched = element.Length;
                return false;
            }

            _searched += next;
            if (element[_searched] == (byte)'\\')
            {
                // What is escaped may be a quote, and may not have arrived yet.
                if (_searched + 1 == element.Length)
                {
                    return false;
                }

                _searched += 2;
                continue;
            }

            var structure = element[_searched++];
            if (structure == (byte)'"')
            {
                _isInString = !_isInString;
                continue;
            }

            _depth += structure is (byte)'{' or (byte)'[' ? 1 : -1;
            if (_depth == 0)
            {
                return true;
            }
        }
    }

    private StreamProtocolException Unexpected(byte value, long offset) => new(
        StreamProtocolError.InvalidFrame,
        $"Found the byte 0x{value:X2}, expected {Expected}",
        offset);

    private string Expected => _place switch
    {
        Place.BeforeArray => "'[' or '{' at the beginning of the body",
        Place.BeforeFirstElement => "'{' or ']' in the array",
        Place.BeforeNextElement => "'{' after a comma of the array",
        Place.AfterElement => "',' or ']' after an element of the array",
        _ => "nothing after the end of the array",
    };
}
