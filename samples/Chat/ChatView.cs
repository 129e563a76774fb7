using Spectre.Console;
using Streamline;

namespace ChatSample;

/// <summary>Shows a stream on a console.</summary>
internal abstract class ChatView
{
    /// <summary>The reason that the model reads when a tool needs approval and no user can be asked.</summary>
    protected const string NobodyToAsk = "Nobody can be asked: the program does not run on a terminal.";

    /// <summary>The view for a console: live on a terminal, plain text in a pipe.</summary>
    public static ChatView For(IAnsiConsole console, TimeProvider time) => console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi
        ? new LiveChatView(console, time, hasKeys: !Console.IsInputRedirected)
        : new PlainChatView(Console.Out);

    /// <summary>Applies the events of a stream to an answer as they arrive, and shows it, until the stream ends.</summary>
    /// <param name="events">The stream.</param>
    /// <param name="answer">What the events are applied to.</param>
    /// <param name="stop">What the user's stop key does.</param>
    public abstract Task ShowAsync(IAsyncEnumerable<StreamEvent> events, Answer answer, Action stop);

    /// <summary>Says something beside the answer.</summary>
    public abstract void Note(string text, string color = "grey");
}
