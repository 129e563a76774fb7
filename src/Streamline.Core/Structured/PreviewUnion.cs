using Streamline.Json;

namespace Streamline.Structured;

/// <summary>An object that grows, of one of several types: that which its discriminator names.</summary>
internal sealed class PreviewUnion(PreviewContracts contracts, PreviewType declared) : PreviewNode
{
    private int _position; // of the property to look at next

    /// <summary>What the object is read with, once its type is known.</summary>
    public PreviewObject? Actual { get; private set; }

    /// <inheritdoc/>
    public override bool TryRead(PartialJsonElement element, out object? value)
    {
        if (Actual is null && contracts.TryResolve(declared, element, ref _position, out var actual) && actual.Members is { } members)
        {
            Actual = members.TakeSpare() ?? new PreviewObject(contracts, members);
            Actual.Depth = Depth;
        }

        value = null;
        return Actual is not null ? Actual.TryRead(element, out value) : element.IsComplete && PreviewReader.TryDeserialize(element, declared.Info, out value);
    }
}
