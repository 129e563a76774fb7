namespace Streamline.Protocols.GeminiInteractions;

/// <summary>A step of an interaction while it arrives. It declines what it has no use for, which is then passed through unchanged.</summary>
internal abstract class InteractionsStep
{
    /// <summary>Gets the index of the block that grew last; <see langword="null"/> when there is none.</summary>
    public abstract int? BlockIndex { get; }

    /// <summary>Gets a value indicating whether the step is a call that the application must answer.</summary>
    public virtual bool IsAwaitingAnswer => false;

    /// <summary>Gets what must be known of the open step to resume the stream in another process; <see langword="null"/> when its deltas say enough.</summary>
    public virtual InteractionsOpenStep? Snapshot => null;

    /// <summary>Appends a delta.</summary>
    /// <param name="payload">The payload that holds it.</param>
    /// <param name="kind">The type of the delta.</param>
    /// <param name="delta">The delta.</param>
    /// <returns><see langword="false"/> when the step has no use for it.</returns>
    public abstract bool TryAppend(in Payload payload, string kind, PayloadValue delta);

    /// <summary>Ends the step by its own event.</summary>
    public abstract void Complete();

    /// <summary>Ends a step whose end never came.</summary>
    public abstract void Abandon();
}
