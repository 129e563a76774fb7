using Spectre.Console;
using Streamline;

namespace ChatSample;

/// <summary>Redraws the answer on a terminal as it grows, with the tools' arguments while the model still writes them.</summary>
internal sealed class LiveChatView(IAnsiConsole console) : ChatView
{
    public override void Note(string text, string color = "grey") => console.Write(new Text(text + Environment.NewLine, Style.Parse(color)));

    public override async Task ShowAsync(IAsyncEnumerable<StreamEvent> events)
    {
        var transcript = new Transcript();
        try
        {
            await console.Live(new Text(""))
                .AutoClear(true)
                .Overflow(VerticalOverflow.Crop)
                .Cropping(VerticalOverflowCropping.Top)
                .StartAsync(context => DrawAsync(context, transcript, events));
        }
        finally
        {
            // The live area is cropped to the window, so the whole is written once more when it stands.
            console.Write(transcript.Render());
        }
    }

    private static async Task DrawAsync(LiveDisplayContext context, Transcript transcript, IAsyncEnumerable<StreamEvent> events)
    {
        await foreach (var streamEvent in events)
        {
            if (transcript.Apply(streamEvent))
            {
                context.UpdateTarget(transcript.Render());
            }
        }
    }

    /// <summary>What stands on the screen: lines of text and tools in the order in which they began.</summary>
    private sealed class Transcript
    {
        private readonly List<Line> _finished = [];
        private readonly List<Line> _response = [];

        private sealed class Line
        {
            public required int Index { get; init; }

            public string? CallId { get; init; }

            public required string Style { get; set; }

            public string Text { get; set; } = "";

            public string Suffix { get; set; } = "";
        }

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
                    Block(delta.Index, "default").Text += delta.Text;
                    return true;
                case ReasoningDelta delta:
                    Block(delta.Index, "grey italic").Text += delta.Text;
                    return true;
                case ToolCallStarted started:
                    _response.Add(new Line { Index = started.Index, CallId = started.CallId, Style = "blue", Text = $"⚙ {started.Name} " });
                    return true;
                case ToolInputDelta delta:
                    Call(delta.CallId).Text += delta.Fragment;
                    return true;
                case ToolExecutionStarted started:
                    Call(started.CallId).Suffix = " …";
                    return true;
                case ToolResult result:
                    Call(result.CallId).Style = result.IsError ? "red" : "green";
                    Call(result.CallId).Suffix = $" → {result.Result} ({result.Duration.TotalMilliseconds:F0} ms)";
                    return true;
                case RetryScheduled retry:
                    Notice($"{retry.Reason}; attempt {retry.Attempt} in {retry.Delay.TotalMilliseconds:F0} ms");
                    return true;
                case StreamRestarted:
                    _response.Clear();
                    return true;
                default:
                    return false;
            }
        }

        public Rows Render() =>
            new Rows(_finished.Concat(_response).Where(line => line.Text.Length > 0).Select(line => new Text(line.Text + line.Suffix, Style.Parse(line.Style))));

        private void Notice(string text) => _finished.Add(new Line { Index = -1, Style = "yellow", Text = text });

        private Line Block(int index, string style)
        {
            var line = _response.Find(candidate => candidate.Index == index);
            if (line is null)
            {
                _response.Add(line = new Line { Index = index, Style = style });
            }

            return line;
        }

        private Line Call(string callId)
        {
            var line = _response.Find(candidate => candidate.CallId == callId) ?? _finished.Find(candidate => candidate.CallId == callId);
            if (line is null)
            {
                _response.Add(line = new Line { Index = -1, CallId = callId, Style = "blue", Text = callId });
            }

            return line;
        }
    }
}
