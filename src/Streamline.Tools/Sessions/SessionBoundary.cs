using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>What a session does between two rounds of a tool loop: it delivers what steers, and ends the loop when it is stopped.</summary>
internal sealed class SessionBoundary(Lock sync, SessionTurn turn, SessionMailbox mailbox) : RoundBoundary
{
    public override bool IsStopping
    {
        get
        {
            lock (sync)
            {
                return turn.IsStopping;
            }
        }
    }

    public override IReadOnlyList<ChatMessage> Enter(int round)
    {
        lock (sync)
        {
            // A turn that is over or cut off takes nothing more: its request may never be sent.
            var steers = turn.IsStopping || turn.Token.IsCancellationRequested || turn.Ended.IsCompleted ? [] : mailbox.TakeSteers();
            IReadOnlyList<ChatMessage> messages = [.. steers.Select(message => message.Message)];
            turn.AddSteers(round, messages);
            mailbox.Deliver(steers, turn.Number, round);
            return messages;
        }
    }
}
