using System.Text;
using System.Text.Json;

namespace Streamline.Resilience;

/// <summary>An answer as it is stored: the JSON form of its events, one per line. Only complete answers are.</summary>
internal sealed class CacheEntry(int maxChars)
{
    private readonly StringBuilder _lines = new();
    private bool _isComplete;
    private bool _isUnfit;

    public void Add(StreamEvent streamEvent)
    {
        if (_isUnfit || streamEvent.IsReport)
        {
            return;
        }

        _isComplete = streamEvent is ResponseCompleted;

        // An answer that was cut short, refused or begun anew, or that ran tools, is another one the next time.
        _isUnfit = streamEvent is ResponseCompleted { FinishReason: not (FinishReason.Stop or FinishReason.ToolCalls) } or StreamRestarted or StreamResumed or ToolExecutionStarted or ApprovalRequested or ToolResult;
        if (!_isUnfit)
        {
            try
            {
                _lines.Append(StreamEventJson.Serialize(streamEvent)).Append('\n');
                _isUnfit = _lines.Length > maxChars;
            }
            catch (Exception)
            {
                _isUnfit = true; // an event without a JSON form, such as one of another author, must not fail the answer
            }
        }
    }

    /// <summary>Gets what to store; <see langword="null"/> when the answer is not to be stored.</summary>
    public byte[]? ToBytes() => _isUnfit || !_isComplete ? null : Encoding.UTF8.GetBytes(_lines.ToString());

    /// <summary>Reads what was stored; <see langword="null"/> when it is not an answer.</summary>
    public static IReadOnlyList<StreamEvent>? Read(ReadOnlySpan<byte> bytes)
    {
        var events = new List<StreamEvent>();
        try
        {
            foreach (var range in bytes.Split((byte)'\n'))
            {
                if (bytes[range] is { IsEmpty: false } line)
                {
                    events.Add(StreamEventJson.Deserialize(line));
                }
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return events is [.., ResponseCompleted] ? events : null;
    }
}
