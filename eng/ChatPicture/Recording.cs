using ChatSample;
using Spectre.Console;
using Spectre.Console.Rendering;
using Streamline;
using Streamline.Protocols;
using Streamline.Testing;
using Streamline.TestSupport;

namespace ChatPicture;

/// <summary>A run of the chat, frame by frame.</summary>
internal static class Recording
{
    public const int Width = 96;

    private const string Prompt = "What should I wear in Paris today?";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TimeToDecide = TimeSpan.FromMilliseconds(700);

    public static async Task<IReadOnlyList<Frame>> RunAsync()
    {
        var clock = new ManualTimeProvider();
        var provider = new ScriptedProvider(new DemoBrain(isOverloadedOnce: false).Respond, new ScriptedProviderOptions { TimeProvider = clock });
        var client = new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(new HttpClient(provider.CreateHandler()), "none", "embedded"))
            .UseTimeProvider(clock)
            .UseTools(new DemoTools(clock).Create())
            .Build();

        var answer = new Answer(clock);
        var transcript = new Transcript();
        var frames = new List<Frame>();
        var console = Console();
        var reading = ReadAsync(client, answer, transcript, clock);
        while (!reading.IsCompleted)
        {
            await Settling.WaitAsync();
            if (answer.Elapsed.Ticks % FrameTime.Ticks == 0)
            {
                frames.Add(Draw(console, answer, transcript, figures: null));
            }

            clock.Advance(Step);
        }

        await reading;
        frames.Add(Draw(console, answer, transcript, Figures.Of(answer, new Prices(3, 15))));
        return frames;
    }

    private static async Task ReadAsync(IStreamClient client, Answer answer, Transcript transcript, TimeProvider clock)
    {
        await foreach (var streamEvent in client.StreamAsync(Prompt))
        {
            answer.Apply(streamEvent);
            transcript.Apply(streamEvent);
            if (streamEvent is ApprovalRequested request)
            {
                _ = DecideAsync(request, clock);
            }
        }

        answer.Finish();
    }

    private static async Task DecideAsync(ApprovalRequested request, TimeProvider clock)
    {
        await Task.Delay(TimeToDecide, clock);
        request.Approve();
    }

    private static IAnsiConsole Console()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.TrueColor, Out = new AnsiConsoleOutput(TextWriter.Null) });
        console.Profile.Width = Width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    private static Frame Draw(IAnsiConsole console, Answer answer, Transcript transcript, string? figures)
    {
        List<IRenderable> parts = [new Paragraph().Append("You: ", new Style(decoration: Decoration.Bold)).Append(Prompt), transcript.Render(answer.Timeline, answer.Elapsed, Width)];
        if (figures is not null)
        {
            parts.Add(new Text(figures, Style.Parse("grey")));
        }

        return new Frame(answer.Elapsed, Lines(new Rows(parts).GetSegments(console)));
    }

    private static List<IReadOnlyList<Segment>> Lines(IEnumerable<Segment> segments)
    {
        List<IReadOnlyList<Segment>> lines = [];
        var line = new List<Segment>();
        foreach (var segment in segments)
        {
            // Pieces of the same style have been merged, over the ends of lines too.
            var pieces = segment.Text.ReplaceLineEndings("\n").Split('\n');
            for (var index = 0; index < pieces.Length; index++)
            {
                if (index > 0)
                {
                    lines.Add(line);
                    line = [];
                }

                line.Add(new Segment(pieces[index], segment.Style));
            }
        }

        return lines;
    }
}
