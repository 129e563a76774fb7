using System.Text;

namespace Streamline.Structured;

/// <summary>Text that grows at its end, and can be read by other threads up to any length that it had.</summary>
/// <param name="maxChars">How much is kept. What comes after it is dropped.</param>
internal sealed class TextLog(int maxChars)
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();

    public int Length { get; private set; }

    public void Append(string text)
    {
        lock (_lock)
        {
            _text.Append(text, 0, Math.Min(text.Length, maxChars - Length));
            Length = _text.Length;
        }
    }

    public string Read(int length)
    {
        lock (_lock)
        {
            return _text.ToString(0, length);
        }
    }
}
