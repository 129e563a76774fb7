using Microsoft.Extensions.AI;
using Streamline;

namespace ChatSample;

/// <summary>Keeps what was said, and shows each answer as it streams.</summary>
internal sealed class Conversation(IStreamClient client, ChatView view, TimeProvider time)
{
    private readonly List<ChatMessage> _messages = [];

    /// <returns>Whether the answer came to its end.</returns>
    public async Task<bool> AnswerAsync(string prompt)
    {
        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler onCtrlC = (_, pressed) =>
        {
            // The second press ends the program as usual.
            pressed.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        };
        Console.CancelKeyPress += onCtrlC;
        var figures = new StreamFigures(time);
        try
        {
            _messages.Add(new ChatMessage(ChatRole.User, prompt));
            var request = new StreamRequest { Messages = [.. _messages] };
            await view.ShowAsync(Observe(client.StreamAsync(request, stop.Token), figures));
            _messages.AddRange(figures.Response.Messages);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            view.Note("Stopped.", "yellow");
            KeepWhatWasSaid(figures);
            return false;
        }
        catch (Exception exception) when (exception is StreamlineException or HttpRequestException or ArgumentException or InvalidOperationException)
        {
            view.Note(exception.Message, "red");
            KeepWhatWasSaid(figures);
            return false;
        }
        finally
        {
            Console.CancelKeyPress -= onCtrlC;
            view.Note(figures.Finish());
        }
    }

    /// <summary>What was said before a stop stays said; calls without a result would be refused in the next request.</summary>
    private void KeepWhatWasSaid(StreamFigures figures)
    {
        var text = figures.Response.Text;
        if (text.Length > 0)
        {
            _messages.Add(new ChatMessage(ChatRole.Assistant, text));
        }
        else
        {
            _messages.RemoveAt(_messages.Count - 1);
        }
    }

    private static async IAsyncEnumerable<StreamEvent> Observe(IAsyncEnumerable<StreamEvent> events, StreamFigures figures)
    {
        await foreach (var streamEvent in events)
        {
            figures.Add(streamEvent);
            yield return streamEvent;
        }
    }
}
