using System.Collections.Concurrent;
using Spectre.Console;
using Streamline;

namespace ChatSample;

/// <summary>The keys that count while an answer streams: Escape stops it, y and n answer the oldest request for approval.</summary>
internal sealed class AnswerKeys(IAnsiConsoleInput input, Action stop)
{
    private readonly ConcurrentQueue<ApprovalRequested> _questions = new();

    public void Ask(ApprovalRequested request) => _questions.Enqueue(request);

    /// <summary>Reads keys until it is cancelled.</summary>
    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await input.ReadKeyAsync(intercept: true, cancellationToken) is { } key)
            {
                Press(key.Key);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The answer has ended.
        }
    }

    private void Press(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.Escape:
                stop();
                break;
            case ConsoleKey.Y:
                Answer(request => request.Approve());
                break;
            case ConsoleKey.N:
                Answer(request => request.Deny("The user said no."));
                break;
        }
    }

    // A request that nobody answered in time does not count any more; the key is for the next one.
    private void Answer(Func<ApprovalRequested, bool> answer)
    {
        while (_questions.TryDequeue(out var request) && !answer(request))
        {
        }
    }
}
