using System.Collections;
using System.Text.Json;
using Streamline.Json;

namespace Streamline;

/// <summary>An array or list that grows.</summary>
internal sealed class PreviewList(PreviewContracts contracts, PreviewType type, PreviewType elementType) : PreviewContainer
{
    private readonly List<object?> _items = [];

    protected override bool TryReadChild(PartialJsonElement child, ref PreviewContainer? container, out object? value) =>
        PreviewReader.TryRead(contracts, child, elementType, ref container, out value);

    protected override void Keep(PartialJsonElement child, object? value) => _items.Add(value);

    protected override object? Create(PartialJsonElement growing, object? growingValue)
    {
        var isGrowing = growing.ValueKind != JsonValueKind.Undefined;
        var list = type.Form == PreviewForm.Array
            ? Array.CreateInstanceFromArrayType(type.Info.Type, _items.Count + (isGrowing ? 1 : 0))
            : (IList)JsonSerializer.Deserialize("[]"u8, type.Info)!;
        if (list is Array array)
        {
            ((ICollection)_items).CopyTo(array, 0);
            if (isGrowing)
            {
                array.SetValue(growingValue, _items.Count);
            }

            return list;
        }

        foreach (var item in _items)
        {
            list.Add(item);
        }

        if (isGrowing)
        {
            list.Add(growingValue);
        }

        return list;
    }
}
