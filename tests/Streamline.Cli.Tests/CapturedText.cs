using System.Text;

namespace Streamline.Cli.Tests;

/// <summary>Text that one thread writes and another reads.</summary>
internal sealed class CapturedText
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets the first line, as soon as it is whole.</summary>
    public Task<string> FirstLine => _firstLine.Task.OrFail();

    public TextWriter CreateWriter() => new Writer(this);

    public override string ToString()
    {
        lock (_lock)
        {
            return _text.ToString();
        }
    }

    private void Add(ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            // With line feeds only.
            _text.Append(text).Replace("\r\n", "\n");
            var whole = _text.ToString();
            if (whole.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end)
            {
                _firstLine.TrySetResult(whole[..end]);
            }
        }
    }

    private sealed class Writer(CapturedText text) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => text.Add([value]);

        public override void Write(ReadOnlySpan<char> buffer) => text.Add(buffer);

        public override void Write(string? value) => text.Add(value);
    }
}
