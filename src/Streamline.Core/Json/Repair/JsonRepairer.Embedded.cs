using System.Buffers;

namespace Streamline.Json;

/// <content>Strings that hold a JSON document whose quotes were not escaped: <c>"arguments": "{"x": 1, "y": 2}"</c>.</content>
internal sealed partial class JsonRepairer
{
    private static readonly SearchValues<byte> EmbeddedStops = SearchValues.Create("\"\\{}[]"u8);

    private JsonEmbeddedLookahead _embeddedAhead;
    private bool? _isEmbedding; // whether the quote that is being decided is the first one of such a document
    private int _embeddedDepth; // how many of its containers are open
    private bool _isInEmbeddedText;
    private int _embeddedEnd; // of the last one that has ended: its closers are text

    private void BeginEmbeddedLookahead(ReadOnlySpan<byte> heldText)
    {
        _isEmbedding = null;
        _embeddedDepth = 0;
        if (_quotes == JsonQuotes.Double && !_record.Reader.IsName)
        {
            var text = heldText.TrimEnd(" \t\r\n"u8);
            text = text.IsEmpty ? _record.WrittenSpan[(_record.Tape.Last.Start + 1)..] : text;
            text = text[^Math.Min(text.Length, MaxTail)..].TrimEnd(" \t"u8);
            _embeddedDepth = text.Length - text.TrimEnd("{["u8).Length;
            _embeddedAhead = new JsonEmbeddedLookahead(isObject: text is [.., (byte)'{']);
        }

        if (_embeddedDepth == 0)
        {
            _isEmbedding = false;
        }
    }

    // Behind the first quote of the embedded document, which is part of the string.
    private void BeginEmbedded()
    {
        _quotes = JsonQuotes.Embedding;
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
