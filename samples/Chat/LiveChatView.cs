using Spectre.Console;
using Spectre.Console.Rendering;
using Streamline;

namespace ChatSample;

/// <summary>Redraws the answer on a terminal as it grows, with the tools' arguments while the model still writes them.</summary>
internal sealed class LiveChatView(IAnsiConsole console) : ChatView
{
    private readonly Text _waiting = new("…", Style.Parse("grey"));

    public override void Note(string text, string color = "grey") => console.Write(new Text(text + Environment.NewLine, Style.Parse(color)));

    public override async Task ShowAsync(IAsyncEnumerable<StreamEvent> events)
    {
        var transcript = new Transcript();
        try
        {
            await console.Live(Frame(transcript))
                .AutoClear(true)
                .Overflow(VerticalOverflow.Crop)
                .Cropping(VerticalOverflowCropping.Top)
                .StartAsync(context => DrawAsync(context, transcript, events));
        }
        finally
        {
            // The live area is cropped to the window, so the whole is written once more when it stands.
            console.Write(new Rows([Text.Empty, .. transcript.Render()]));
        }
    }

    private async Task DrawAsync(LiveDisplayContext context, Transcript transcript, IAsyncEnumerable<StreamEvent> events)
    {
        context.Refresh();
        await foreach (var streamEvent in events)
        {
            if (transcript.Apply(streamEvent))
            {
                context.UpdateTarget(Frame(transcript));
            }
        }
    }

    /// <summary>
    /// Never a single line: the live display goes back to its top by moving up as many lines as it has but one, and a
    /// terminal takes "up by 0" for "up by 1".
    /// </summary>
    private Rows Frame(Transcript transcript) => new([Text.Empty, .. transcript.IsEmpty ? [_waiting] : transcript.Render()]);
}
