using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Makes the previews of one growing value. Thread-safe, since previews may be asked for anywhere and in any order.</summary>
internal sealed class PreviewBuilder(PreviewContracts contracts, Type type)
{
    private readonly Lock _lock = new();
    private PreviewContainer? _root;
    private PartialJsonElement _last;

    /// <summary>Makes the preview of a snapshot.</summary>
    /// <returns><see langword="null"/> when nothing can be shown of it; for an enumeration, a value that it does not define.</returns>
    public object? Build(PartialJsonElement element)
    {
        if (!contracts.TryGet(type, out var preview))
        {
            return null;
        }

        lock (_lock)
        {
            if (!element.IsOfSameDocument(_last))
            {
                (_root, _last) = (null, element);
            }

            object? value;
            if (element.SettledRows < _last.SettledRows)
            {
                // What is kept is ahead of this snapshot already, which is read from its start.
                PreviewContainer? own = null;
                return PreviewReader.TryRead(contracts, element, preview, ref own, out value) ? value : UnknownEnum.Of(type);
            }

            _last = element;
            return PreviewReader.TryRead(contracts, element, preview, ref _root, out value) ? value : UnknownEnum.Of(type);
        }
    }
}
