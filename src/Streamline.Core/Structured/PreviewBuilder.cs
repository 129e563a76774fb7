using Streamline.Json;

namespace Streamline;

/// <summary>Makes the previews of one growing value. Thread-safe, since previews may be asked for anywhere and in any order.</summary>
internal sealed class PreviewBuilder(PreviewContracts contracts, Type type)
{
    private readonly Lock _lock = new();
    private PreviewContainer? _root;
    private int _settledRows;

    /// <summary>Makes the preview of a snapshot; <see langword="null"/> when nothing can be shown of it.</summary>
    public object? Build(PartialJsonElement element)
    {
        if (!contracts.TryGet(type, out var preview))
        {
            return null;
        }

        lock (_lock)
        {
            object? value;
            if (element.SettledRows < _settledRows)
            {
                // What is kept is ahead of this snapshot already, which is read from its start.
                PreviewContainer? own = null;
                return PreviewReader.TryRead(contracts, element, preview, ref own, out value) ? value : null;
            }

            _settledRows = element.SettledRows;
            return PreviewReader.TryRead(contracts, element, preview, ref _root, out value) ? value : null;
        }
    }
}
