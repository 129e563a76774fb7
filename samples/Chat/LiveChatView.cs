using Spectre.Console;
using Spectre.Console.Rendering;
using Streamline;

namespace ChatSample;

/// <summary>Redraws the answer on a terminal as it grows, and takes the keys of the user meanwhile.</summary>
internal sealed class LiveChatView(IAnsiConsole console, TimeProvider time, bool hasKeys) : ChatView
{
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(50);

    private readonly Text _waiting = new("…", Style.Parse("grey"));

    public override void Note(string text, string color = "grey") => console.Write(new Text(CleanText.Of(text) + Environment.NewLine, Style.Parse(color)));

    public override async Task ShowAsync(IAsyncEnumerable<StreamEvent> events, Answer answer, Action stop)
    {
        var transcript = new Transcript();
        var keys = new AnswerKeys(console.Input, stop);
        using var ended = new CancellationTokenSource();
        var listening = hasKeys ? keys.ListenAsync(ended.Token) : Task.CompletedTask;
        try
        {
            await console.Live(Frame(transcript, answer))
                .AutoClear(true)
                .Overflow(VerticalOverflow.Crop)
                .Cropping(VerticalOverflowCropping.Top)
                .StartAsync(context => DrawAsync(context, events, streamEvent => Apply(streamEvent, transcript, answer, keys), () => Frame(transcript, answer)));
        }
        finally
        {
            await ended.CancelAsync();
            await listening;
            answer.Finish();

            // The live area is cropped to the window, so the whole answer is written once more when it has ended.
            console.Write(Frame(transcript, answer));
        }
    }

    /// <summary>Draws a frame for what has arrived since the last one, and also when nothing arrives: the tools that run have a clock.</summary>
    private async Task DrawAsync(LiveDisplayContext context, IAsyncEnumerable<StreamEvent> events, Action<StreamEvent> apply, Func<IRenderable> frame)
    {
        await using var reader = events.GetAsyncEnumerator();
        var next = reader.MoveNextAsync().AsTask();
        while (true)
        {
            context.UpdateTarget(frame());
            var pause = Task.Delay(FrameTime, time);
            do
            {
                while (next.IsCompleted)
                {
                    if (!await next)
                    {
                        return;
                    }

                    apply(reader.Current);
                    next = reader.MoveNextAsync().AsTask();
                }
            }
            while (await Task.WhenAny(next, pause) == next);
        }
    }

    private void Apply(StreamEvent streamEvent, Transcript transcript, Answer answer, AnswerKeys keys)
    {
        answer.Apply(streamEvent);
        transcript.Apply(streamEvent);
        if (streamEvent is ApprovalRequested request)
        {
            if (hasKeys)
            {
                keys.Ask(request);
            }
            else
            {
                request.Deny(NobodyToAsk);
            }
        }
    }

    /// <summary>
    /// Never a single line: the live display returns to its top by moving up as many lines as it has, less one, and a terminal takes "up by 0" for "up by 1".
    /// </summary>
    private Rows Frame(Transcript transcript, Answer answer) =>
        new(transcript.IsEmpty ? [Text.Empty, _waiting] : [transcript.Render(answer.Timeline, answer.Elapsed, console.Profile.Width), Text.Empty]);
}
