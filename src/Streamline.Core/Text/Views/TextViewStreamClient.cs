using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Streamline.Text;

/// <summary>Passes every event on, and what a view finds in the text of the first choice right after the event that it is found in. Each response is a text of its own.</summary>
/// <param name="inner">The client whose streams are read.</param>
/// <param name="createView">Makes the view of one stream.</param>
internal sealed class TextViewStreamClient(IStreamClient inner, Func<TextView> createView) : IteratorStageClient(inner)
{
    protected override async IAsyncEnumerable<StreamEvent> IterateAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var view = createView();
        var hasText = false;
        HashSet<int> otherChoices = []; // the indexes of their blocks
        var events = OpenInner(request, cancellationToken);
        await using (events.ConfigureAwait(false))
        {
            while (true)
            {
                var (current, failure) = await NextAsync(events).ConfigureAwait(false);
                if (hasText && current is null or ResponseCompleted)
                {
                    // What is open ends before the response does, also when it fails.
                    hasText = false;
                    foreach (var update in view.Complete())
                    {
                        yield return update;
                    }
                }

                if (current is null)
                {
                    failure?.Throw();
                    yield break;
                }

                yield return current;
                if (current is ResponseCompleted or StreamRestarted)
                {
                    otherChoices.Clear(); // indexes begin again
                }

                if (current is ContentStarted { Choice: > 0 } other)
                {
                    otherChoices.Add(other.Index);
                }
                else if (current is TextDelta { Text.Length: > 0 } delta && !otherChoices.Contains(delta.Index))
                {
                    hasText = true;
                    foreach (var update in view.Append(delta.Text))
                    {
                        yield return update;
                    }
                }
                else if (hasText && current is StreamRestarted)
                {
                    hasText = false;
                    foreach (var update in view.Restart())
                    {
                        yield return update;
                    }
                }
            }
        }
    }

    private static async ValueTask<(StreamEvent? Current, ExceptionDispatchInfo? Failure)> NextAsync(IAsyncEnumerator<StreamEvent> events)
    {
        try
        {
            return (await events.MoveNextAsync().ConfigureAwait(false) ? events.Current : null, null);
        }
        catch (Exception exception)
        {
            return (null, ExceptionDispatchInfo.Capture(exception));
        }
    }
}
