using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Makes the previews of one growing value. Thread-safe, since previews may be asked for anywhere and in any order.</summary>
internal sealed class PreviewBuilder(PreviewContracts contracts, Type type)
{
    private readonly Lock _lock = new();
    private PreviewNode? _root;
    private PreviewGap? _nothing;
    private PartialJsonElement _last;
    private (bool IsRead, object? Value)? _complete; // what the whole element gave, once there was one

    /// <summary>Makes the preview of a snapshot.</summary>
    /// <returns><see langword="null"/> when nothing can be shown of it; for a type without null, an empty value; for an enumeration, one that it does not define.</returns>
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
                (_root, _last, _complete) = (null, element, null);
            }

            if (element.IsComplete && _complete is { } complete)
            {
                return complete.IsRead ? complete.Value : Nothing();
            }

            object? value;
            if (element.SettledRows < _last.SettledRows)
            {
                // What is kept is ahead of this snapshot already, which is read from its start.
                PreviewNode? own = null;
                return PreviewReader.TryRead(contracts, element, preview, depth: 1, ref own, out value) ? value : Nothing();
            }

            _last = element;
            var isRead = PreviewReader.TryRead(contracts, element, preview, depth: 1, ref _root, out value);
            if (element.IsComplete)
            {
                _complete = (isRead, value);
            }

            return isRead ? value : Nothing();
        }
    }

    private object? Nothing() => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null
        ? null
        : UnknownEnum.Of(type) ?? (_nothing ??= contracts.EmptyOf(type)).Create?.Invoke();
}
