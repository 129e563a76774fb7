namespace Streamline.TestSupport;

/// <summary>Folds events outside of the library, as an oracle.</summary>
public static class Folding
{
    /// <summary>Folds events into a state without limit.</summary>
    public static StreamState Fold(this IEnumerable<StreamEvent> events) => new StreamState().ApplyAll([.. events]);

    /// <summary>Applies events to a state, and gives the state.</summary>
    public static StreamState ApplyAll(this StreamState state, params StreamEvent[] events)
    {
        foreach (var streamEvent in events)
        {
            state.Apply(streamEvent);
        }

        return state;
    }
}
