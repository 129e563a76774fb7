using System.Buffers;

namespace Streamline.Json;

/// <content>Strings that hold a JSON document whose quotes were not escaped: <c>"arguments": "{"x": 1, "y": 2}"</c>.</content>
internal sealed partial class JsonRepairer
{
    private static readonly SearchValues<byte> EmbeddedStops = SearchValues.Create("\"\\{}[]"u8);

    private int _embeddedDepth; // how many of its containers are open
    private bool _isInEmbeddedText;
    private int _embeddedEnd; // of the last one that has ended: its closers are text

    // Whether the quote that is being decided stands right behind brackets of the string, and how many of them there are.
    private int CountBracketsBefore(ReadOnlySpan<byte> heldText)
    {
        if (_quotes != JsonQuotes.Double || _record.Reader.IsName)
        {
            return 0;
        }

        var text = heldText.TrimEnd(" \t\r\n"u8);
        text = text.IsEmpty ? _record.WrittenSpan[(_record.Row(_record.Tape.Count - 1).Start + 1)..] : text;
        text = text[^Math.Min(text.Length, MaxTail)..].TrimEnd(" \t"u8);
        return text.Length - text.TrimEnd("{["u8).Length;
    }

    // Behind the first quote of the embedded document, which is part of the string.
    private void BeginEmbedded(int depth)
    {
        _quotes = JsonQuotes.Embedding;
        _embeddedDepth = depth;
        _isInEmbeddedText = true;
    }

    private int ReadEmbeddedText(ReadOnlySpan<byte> input)
    {
        if (ReaderState != PartialJsonReaderState.Text)
        {
            return ReadText(input[..1]);
        }

        var slice = input[..Math.Min(input.Length, _slice)];
        var stop = slice.IndexOfAny(EmbeddedStops);
        if (stop != 0)
        {
            return ReadText(stop < 0 ? slice : slice[..stop]);
        }

        switch (input[0])
        {
            case (byte)'"':
                _isInEmbeddedText = !_isInEmbeddedText;
                EmitEscaped(input[0]);
                _offset++;
                return 1;
            case (byte)'{' or (byte)'[' when !_isInEmbeddedText:
                _embeddedDepth++;
                break;
            case (byte)'}' or (byte)']' when !_isInEmbeddedText:
                _embeddedDepth--;
                break;
        }

        var count = ReadText(input[..1]);
        if (_embeddedDepth == 0)
        {
            _quotes = JsonQuotes.Double;
            _embeddedEnd = _record.ByteCount;
        }

        return count;
    }
}
