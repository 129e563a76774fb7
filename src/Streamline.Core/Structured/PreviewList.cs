using System.Collections;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>An array or list that grows.</summary>
internal sealed class PreviewList(PreviewContracts contracts, PreviewType type, PreviewType elementType) : PreviewCollection
{
    private const int FirstItems = 4;

    private object?[] _items = []; // views share it: what is in it stays
    private int _count;
    private bool _hasStopped; // at an item that cannot be shown: what follows would have its index
    private object? _unchanged; // what was made last, as long as no item has been added, and none is shown that grows

    protected override int CopiedReferences => type.Form switch
    {
        PreviewForm.View => 0,
        PreviewForm.Array => _count,
        _ => 2 * _count, // it grows by doubling
    };

    protected override bool TryReadChild(PartialJsonElement child, ref PreviewNode? container, out object? value)
    {
        value = null;
        return !_hasStopped && PreviewReader.TryRead(contracts, child, elementType, Depth + 1, ref container, out value);
    }

    protected override void Keep(in PreviewChild child)
    {
        if (!child.IsRead)
        {
            _hasStopped = true;
            return;
        }

        if (_count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(FirstItems, 2 * _count));
        }

        _items[_count++] = child.Value;
        _unchanged = null;
    }

    protected override object Create(in PreviewChild growing) =>
        growing.IsRead ? Create(isGrowing: true, growing.Value) : _unchanged ??= Create(isGrowing: false, null);

    private object Create(bool isGrowing, object? growing) => type.Form switch
    {
        PreviewForm.View => type.Views!.Create(_items, _count, isGrowing, growing),
        PreviewForm.Array => CreateArray(isGrowing, growing),
        _ => CreateList(isGrowing, growing),
    };

    private Array CreateArray(bool isGrowing, object? growing)
    {
        var array = Array.CreateInstanceFromArrayType(type.Info.Type, _count + (isGrowing ? 1 : 0));
        for (var index = 0; index < _count; index++)
        {
            array.SetValue(_items[index], index);
        }

        if (isGrowing)
        {
            array.SetValue(growing, _count);
        }

        return array;
    }

    private IList CreateList(bool isGrowing, object? growing)
    {
        var list = (IList)JsonSerializer.Deserialize("[]"u8, type.Info)!;
        for (var index = 0; index < _count; index++)
        {
            list.Add(_items[index]);
        }

        if (isGrowing)
        {
            list.Add(growing);
        }

        return list;
    }
}
