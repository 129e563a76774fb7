namespace Streamline.Protocols.Shared;

/// <summary>The blocks of a protocol whose deltas name theirs by an index, so that a shape that was learned from one block fits the next.</summary>
internal interface IIndexedBlocks
{
    /// <summary>Finds the open block of an index.</summary>
    /// <param name="index">The provider's index.</param>
    /// <param name="like">The block from whose delta the shape was learned.</param>
    /// <returns><see langword="null"/> when there is none, or when such a delta does not grow it.</returns>
    GrowingText? Find(long index, GrowingText like);
}
