using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;
using Streamline;

namespace ChatSample;

/// <summary>What is on the screen: lines of text and tools in the order in which they began.</summary>
internal sealed class Transcript
{
    private readonly List<Line> _finished = [];
    private readonly List<Line> _response = [];

    public bool IsEmpty => _finished.Count == 0 && _response.Count == 0;

    /// <returns>Whether anything changed on the screen.</returns>
    public bool Apply(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case ResponseStarted:
                _finished.AddRange(_response);
                _response.Clear();
                return false;
            case TextDelta delta:
                Block(delta.Index, "default").Append(delta.Text);
                return true;
            case ReasoningDelta delta:
                Block(delta.Index, "grey italic").Append(delta.Text);
                return true;
            case RefusalDelta delta:
                Block(delta.Index, "red").Append(delta.Text);
                return true;
            case ToolCallStarted started:
                _response.Add(new Line("blue", started.Index, started.CallId).Append($"⚙ {started.Name} "));
                return true;
            case ToolInputDelta delta:
                Call(delta.CallId).Append(delta.Fragment);
                return true;
            case ToolExecutionStarted started:
                Call(started.CallId).Suffix = " …";
                return true;
            case ToolResult result:
                Call(result.CallId).Finish(result);
                return true;
            case RetryScheduled retry:
                Notice($"{retry.Reason}; attempt {retry.Attempt} in {retry.Delay.TotalMilliseconds:F0} ms");
                return true;
            case StreamRestarted restarted:
                _response.Clear();
                Notice($"The answer broke ({restarted.Reason}) and begins anew.");
                return true;
            case StreamResumed resumed:
                Notice($"The answer was cut ({resumed.Reason}) and continues.");
                return true;
            case ResponseCompleted { Outcome: not StreamOutcome.Complete } completed:
                _response.Add(new Line("yellow").Append($"The answer ended: {completed.RawFinishReason}"));
                return true;
            default:
                return false;
        }
    }

    public IEnumerable<IRenderable> Render() => _finished.Concat(_response).Select(line => line.Render());

    private void Notice(string text) => _finished.Add(new Line("yellow").Append(text));

    private Line Block(int index, string style)
    {
        var line = _response.Find(candidate => candidate.Index == index);
        if (line is null)
        {
            _response.Add(line = new Line(style, index));
        }

        return line;
    }

    private Line Call(string callId)
    {
        var line = _response.Find(candidate => candidate.CallId == callId) ?? _finished.Find(candidate => candidate.CallId == callId);
        if (line is null)
        {
            _response.Add(line = new Line("blue", callId: callId).Append(callId));
        }

        return line;
    }

    private sealed class Line(string style, int index = -1, string? callId = null)
    {
        private readonly StringBuilder _text = new();
        private string _style = style;

        public int Index { get; } = index;

        public string? CallId { get; } = callId;

        public string Suffix { get; set; } = "";

        /// <summary>Adds text, without what would move the cursor or command the terminal: it comes from a model or a tool.</summary>
        public Line Append(string text)
        {
            foreach (var character in text)
            {
                _ = character switch
                {
                    '\t' => _text.Append("    "),
                    '\n' => _text.Append(character),
                    _ => char.IsControl(character) ? _text : _text.Append(character),
                };
            }

            return this;
        }

        public void Finish(ToolResult result)
        {
            _style = result.IsError ? "red" : "green";
            Suffix = "";
            Append($" → {result.Result} ({result.Duration.TotalMilliseconds:F0} ms)");
        }

        public Text Render() => new(_text + Suffix, Style.Parse(_style));
    }
}
