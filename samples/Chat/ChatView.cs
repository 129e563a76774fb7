using Spectre.Console;
using Streamline;

namespace ChatSample;

/// <summary>Shows a stream on a console.</summary>
internal abstract class ChatView
{
    /// <summary>The view for a console: live on a terminal, plain text in a pipe.</summary>
    public static ChatView For(IAnsiConsole console) =>
        console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi ? new LiveChatView(console) : new PlainChatView(Console.Out);

    /// <summary>Shows the events of a stream as they come, to its end.</summary>
    public abstract Task ShowAsync(IAsyncEnumerable<StreamEvent> events);

    /// <summary>Says something beside the answer.</summary>
    public abstract void Note(string text, string color = "grey");
}
