namespace Streamline.Structured;

/// <summary>A typed value as far as it had arrived at one moment of a stream, and the items of one of its lists that have closed since the snapshot before.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <typeparam name="TItem">The type of an item.</typeparam>
public sealed class Partial<T, TItem> : Partial<T>
{
    internal Partial(in PartialState<T> state, IReadOnlyList<TItem> newItems)
        : base(state) => NewItems = newItems;

    /// <summary>Gets the items that have closed since the snapshot before, in order, each read strictly. Together, the snapshots of a stream have every item once.</summary>
    /// <value>Mostly empty. When <see cref="Partial{T}.Restarts"/> rises, the items start over too.</value>
    public IReadOnlyList<TItem> NewItems { get; }
}
