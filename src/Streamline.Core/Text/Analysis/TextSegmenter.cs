namespace Streamline.Text;

/// <summary>Cuts the text of one block into the parts to analyze.</summary>
/// <param name="options">The unit and its settings.</param>
/// <param name="index">The index of the block.</param>
/// <param name="kind">What the block holds.</param>
internal sealed class TextSegmenter(TextAnalysisOptions options, int index, ContentKind kind)
{
    private readonly SentenceSplitter? _sentences = options.Unit == TextAnalysisUnit.Sentence ? new SentenceSplitter(options.Sentences) : null;
    private string _window = "";
    private long _start;
    private string? _previous;

    public IEnumerable<TextSegment> Add(string text) =>
        _sentences is not null ? _sentences.Append(text).Select(sentence => Next(sentence.Text, sentence.Start)) : AddToWindow(text, isLast: false);

    public IEnumerable<TextSegment> Complete() =>
        _sentences is not null ? _sentences.Complete().Select(sentence => Next(sentence.Text, sentence.Start)) : AddToWindow("", isLast: true);

    private IEnumerable<TextSegment> AddToWindow(string text, bool isLast)
    {
        _window += text;
        var position = 0;
        while (_window.Length - position > options.WindowChars || (isLast && position < _window.Length))
        {
            var length = WindowLength(_window.AsSpan(position));
            yield return Next(_window.Substring(position, length), _start + position);
            position += length;
        }

        _window = _window[position..];
        _start += position;
    }

    private int WindowLength(ReadOnlySpan<char> text)
    {
        if (text.Length <= options.WindowChars)
        {
            return text.Length;
        }

        for (var end = options.WindowChars; end > options.WindowChars / 2; end--)
        {
            if (char.IsWhiteSpace(text[end - 1]))
            {
                return end;
            }
        }

        return char.IsHighSurrogate(text[options.WindowChars - 1]) ? options.WindowChars - 1 : options.WindowChars;
    }

    private TextSegment Next(string text, long start)
    {
        var segment = new TextSegment { Index = index, Kind = kind, Start = start, Text = text, Previous = _previous };
        _previous = text;
        return segment;
    }
}
