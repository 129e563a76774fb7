using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;
using Streamline;

namespace ChatSample;

/// <summary>What an answer looks like on the screen: texts, tools and notices in the order in which they began, and then the timeline of its tools.</summary>
internal sealed class Transcript
{
    private static readonly Style Notice = Style.Parse("yellow");
    private static readonly Style Reasoning = Style.Parse("grey italic");
    private static readonly Style Refusal = Style.Parse("red");

    // An item knows how to draw itself. Those of the current response may be discarded by a restart.
    private readonly List<Func<IRenderable>> _finished = [];
    private readonly List<Func<IRenderable>> _response = [];
    private readonly Dictionary<int, MarkdownText> _texts = [];
    private readonly Dictionary<int, StringBuilder> _plain = [];
    private readonly List<ToolLine> _tools = [];

    public bool IsEmpty => _finished.Count == 0 && _response.Count == 0;

    public void Apply(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case ResponseStarted:
                EndResponse();
                break;
            case TextDelta delta:
                Text(delta.Index).Append(delta.Text);
                break;
            case ContentCompleted { Kind: ContentKind.Text } completed:
                Text(completed.Index).Complete();
                break;
            case ReasoningDelta delta:
                Plain(delta.Index, Reasoning).Append(delta.Text);
                break;
            case RefusalDelta delta:
                Plain(delta.Index, Refusal).Append(delta.Text);
                break;
            case RetryScheduled retry:
                Say(_finished, $"{retry.Reason}; attempt {retry.Attempt} in {Figures.Milliseconds(retry.Delay)}");
                break;
            case StreamRestarted restarted:
                _response.Clear();
                EndResponse();
                Say(_finished, $"The answer was interrupted ({restarted.Reason}) and starts over.");
                break;
            case StreamResumed resumed:
                Say(_response, $"The answer was cut ({resumed.Reason}) and continues.");
                break;
            case ResponseCompleted { Outcome: not StreamOutcome.Complete } completed:
                Say(_response, $"The answer ended: {completed.RawFinishReason}");
                break;
            default:
                ApplyTool(streamEvent);
                break;
        }
    }

    /// <summary>Draws everything: with the timeline, unless no tool was called.</summary>
    public IRenderable Render(Timeline timeline, TimeSpan now, int width)
    {
        var items = _finished.Concat(_response).Select(item => item());
        if (timeline.Tools.Count > 0)
        {
            items = items.Append(TimelineView.Render(timeline, now, width));
        }

        return new Rows(items.SelectMany(item => new[] { Spectre.Console.Text.Empty, item }));
    }

    private void ApplyTool(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case ToolCallStarted started:
                var line = new ToolLine(started.CallId, started.Name);
                _tools.Add(line);
                _response.Add(line.Render);
                break;
            case ToolInputDelta delta:
                Tool(delta.CallId)?.Append(delta);
                break;
            case ToolCallCompleted completed:
                Tool(completed.CallId)?.Show(completed);
                break;
            case ToolWaiting waiting:
                Tool(waiting.CallId)?.Show(waiting);
                break;
            case ApprovalRequested request:
                Tool(request.CallId)?.Show(request);
                break;
            case ApprovalResolved resolved:
                Tool(resolved.CallId)?.Show(resolved);
                break;
            case ToolExecutionStarted started:
                Tool(started.CallId)?.Show(started);
                break;
            case ToolProgress progress:
                Tool(progress.CallId)?.Show(progress);
                break;
            case ToolResult result:
                Tool(result.CallId)?.Show(result);
                break;
        }
    }

    private void EndResponse()
    {
        _finished.AddRange(_response);
        _response.Clear();
        _texts.Clear();
        _plain.Clear();
    }

    private static void Say(List<Func<IRenderable>> items, string text)
    {
        var notice = new Text(CleanText.Of(text), Notice);
        items.Add(() => notice);
    }

    private MarkdownText Text(int index)
    {
        if (!_texts.TryGetValue(index, out var text))
        {
            _texts.Add(index, text = new MarkdownText());
            _response.Add(text.Render);
        }

        return text;
    }

    private StringBuilder Plain(int index, Style style)
    {
        if (!_plain.TryGetValue(index, out var text))
        {
            _plain.Add(index, text = new StringBuilder());
            _response.Add(() => new Text(CleanText.Of(text.ToString()), style));
        }

        return text;
    }

    // A provider may use the id of an earlier round again.
    private ToolLine? Tool(string callId) => _tools.FindLast(tool => tool.CallId == callId);
}
