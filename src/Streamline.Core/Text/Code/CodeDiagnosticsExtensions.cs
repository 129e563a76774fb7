using System.Runtime.CompilerServices;

namespace Streamline.Text;

/// <summary>Checks code while it is being written.</summary>
public static class CodeDiagnosticsExtensions
{
    /// <summary>Checks the code of each block while it grows and when it has ended; what is found comes as <see cref="CodeDiagnosticsFound"/> among the other events.</summary>
    /// <param name="events">The events of code blocks.</param>
    /// <param name="check">
    /// The check. It gets the code so far and a token that is cancelled when the stream is left, which does not wait for a check that ignores it. It returns what it found, or <see langword="null"/> for code that it does not know, of which nothing is then said. It runs on the
    /// thread pool, once at a time. See <see cref="JsonCode.CheckAsync"/> for one.
    /// </param>
    /// <param name="cancellationToken">Cancels the stream.</param>
    /// <returns>All events in their order, with the findings as soon as they are there. What the check throws ends the stream.</returns>
    /// <remarks>
    /// <para>
    /// Checks do not hold up the code. A growing block is checked again when a line has been completed, the check before is over, and the code has grown by an eighth; findings that are the same as those before are not repeated. Each block that
    /// has ended is checked once more, while the next ones arrive; when four of those checks wait, the stream is not read further. All of them are done before the stream ends.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IAsyncEnumerable<CodeBlockEvent> WithDiagnosticsAsync(
        this IAsyncEnumerable<CodeBlockEvent> events,
        Func<CodeSnapshot, CancellationToken, ValueTask<IReadOnlyList<CodeDiagnostic>?>> check,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(check);
        return CallersTokens.Restore(ReadAsync(events, check, cancellationToken), cancellationToken);
    }

    private static async IAsyncEnumerable<CodeBlockEvent> ReadAsync(
        IAsyncEnumerable<CodeBlockEvent> events,
        Func<CodeSnapshot, CancellationToken, ValueTask<IReadOnlyList<CodeDiagnostic>?>> check,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var checks = new CodeCheckQueue(check, cancellationToken);
        await using var _ = checks.ConfigureAwait(false);
        var reader = new TimedReader<CodeBlockEvent>(token => events.GetAsyncEnumerator(token), TimeProvider.System, cancellationToken);
        await using var __ = reader.ConfigureAwait(false);
        while (true)
        {
            checks.StartNext();
            if (checks.Running is { IsCompleted: true } || checks.IsFull || (reader.HasEnded && checks.Running is not null))
            {
                if (await checks.TakeAsync().ConfigureAwait(false) is { } found)
                {
                    yield return found;
                }
            }
            else if (reader.HasEnded)
            {
                yield break;
            }
            else if (checks.Running is { } running ? await reader.TryReadAsync(running).ConfigureAwait(false) : await reader.TryReadAsync(patience: null).ConfigureAwait(false))
            {
                yield return reader.Current;
                checks.Add(reader.Current);
            }
            else
            {
                reader.ThrowIfFailed();
            }
        }
    }
}
