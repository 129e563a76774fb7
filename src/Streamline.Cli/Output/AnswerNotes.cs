using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Streamline.Text;

namespace Streamline.Cli.Output;

/// <summary>Tells what an answer has beside its text, while the events pass through.</summary>
/// <param name="host">Where it is told.</param>
/// <param name="showsReasoning">Whether reasoning is told too.</param>
/// <param name="isQuiet">Whether nothing is told, because the output holds the events themselves.</param>
internal sealed class AnswerNotes(CliHost host, bool showsReasoning, bool isQuiet = false)
{
    private readonly StringBuilder _reasoning = new();

    /// <summary>Gets how the last answer ended; <see langword="null"/> before one has.</summary>
    public ResponseCompleted? Completed { get; private set; }

    public async IAsyncEnumerable<StreamEvent> WatchAsync(IAsyncEnumerable<StreamEvent> events, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var streamEvent in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Completed = streamEvent as ResponseCompleted ?? Completed;
            if (!isQuiet)
            {
                Tell(streamEvent);
            }

            yield return streamEvent;
        }
    }

    private void Tell(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case ReasoningDelta delta when showsReasoning:
                TellReasoning(delta.Text);
                break;
            case ContentCompleted { Kind: ContentKind.Reasoning } when _reasoning.Length > 0:
                TellReasoning("\n");
                break;
            case RefusalDelta delta:
                host.Note($"[refused: {delta.Text}]");
                break;
            case ToolCallCompleted call:
                host.Note($"[the model calls {call.Name} {call.ArgumentsText}]");
                break;
            case TextFinding { Result: { } result } finding:
                host.Note($"[{finding.Name} {Describe(result)}]");
                break;
            case TextFinding { Error: { } error } finding:
                host.Note($"[{finding.Name} failed: {error}]");
                break;
            case RetryScheduled retry:
                host.Note($"[{retry.Reason}; attempt {retry.Attempt} in {retry.Delay.TotalMilliseconds:F0} ms]");
                break;
            case StreamRestarted restarted:
                host.Note($"[the answer was interrupted ({restarted.Reason}) and starts over; disregard what was shown of it]");
                break;
            case StreamResumed resumed:
                host.Note($"[the answer was interrupted ({resumed.Reason}) and continues]");
                break;
        }
    }

    // Whole lines, because they share a terminal with the answer.
    private void TellReasoning(string text)
    {
        foreach (var next in text)
        {
            if (next != '\n')
            {
                _reasoning.Append(next);
            }
            else if (_reasoning.Length > 0)
            {
                host.Note($"[thinks: {_reasoning}]");
                _reasoning.Clear();
            }
        }
    }

    private static string Describe(JsonElement result) => result.ValueKind switch
    {
        JsonValueKind.String => result.GetString()!,
        JsonValueKind.Object => string.Join(", ", result.EnumerateObject().Select(member => $"{member.Name}: {member.Value}")),
        _ => result.GetRawText(),
    };
}
