using Microsoft.Extensions.AI;
using Streamline;

namespace ChatSample;

/// <summary>Keeps what was said, and shows each answer as it streams.</summary>
internal sealed class Conversation(IStreamClient client, ChatView view, TimeProvider time, Prices? prices)
{
    private readonly List<ChatMessage> _messages = [];

    /// <summary>What the next request says before its question.</summary>
    public IReadOnlyList<ChatMessage> Messages => _messages;

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
        var answer = new Answer(time);
        _messages.Add(new ChatMessage(ChatRole.User, prompt));
        try
        {
            await view.ShowAsync(client.StreamAsync(new StreamRequest { Messages = [.. _messages] }, stop.Token), answer, stop.Cancel);
            _messages.AddRange(answer.State.ToChatResponse().Messages);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Keep(answer);
            view.Note("Stopped. What had arrived stays in the conversation.", "yellow");
            return false;
        }
        catch (Exception exception) when (exception is StreamlineException or HttpRequestException or ArgumentException or InvalidOperationException)
        {
            Keep(answer);
            view.Note(exception.Message, "red");
            return false;
        }
        finally
        {
            Console.CancelKeyPress -= onCtrlC;
            view.Note(Figures.Of(answer, prices));
        }
    }

    /// <summary>Keeps what had arrived. Calls without a result are closed, so that the next request is one that the provider accepts. A question without any answer is forgotten.</summary>
    private void Keep(Answer answer)
    {
        var messages = answer.State.ToPartialResponse().Messages;
        if (messages.Count > 0)
        {
            _messages.AddRange(messages);
        }
        else
        {
            _messages.RemoveAt(_messages.Count - 1);
        }
    }
}
