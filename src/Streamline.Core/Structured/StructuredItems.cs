using System.Globalization;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Takes the complete items out of a growing list, one after another, without looking at any of them twice.</summary>
/// <param name="find">Finds the list in the document; what it finds may be of another kind.</param>
internal sealed class StructuredItems(Func<PartialJsonElement, PartialJsonElement> find)
{
    private string _path = "$";
    private int _list = -1; // the position of the list in the document, once it has begun
    private int _nextItem;

    /// <summary>How many items were taken.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the list has begun.</summary>
    public bool HasList => _list >= 0;

    /// <summary>Takes the next item.</summary>
    /// <param name="document">The answer so far.</param>
    /// <param name="item">The item, complete.</param>
    /// <param name="path">The place of the item, as a path from <c>$</c>.</param>
    /// <returns><see langword="false"/> when no other item is complete.</returns>
    public bool TryTakeNext(PartialJsonElement document, out PartialJsonElement item, out string path)
    {
        (item, path) = (default, "");
        if (!TryFindList(document) || !document.At(_list).TryGetChild(_nextItem, out item) || !item.IsComplete)
        {
            return false;
        }

        path = string.Create(CultureInfo.InvariantCulture, $"{_path}[{Count}]");
        _nextItem = item.NextPosition;
        Count++;
        return true;
    }

    private bool TryFindList(PartialJsonElement document)
    {
        if (_list < 0 && find(document) is { ValueKind: JsonValueKind.Array } list)
        {
            _list = list.Position;
            _path = JsonPath.Of(document, list.GetPath());
        }

        return _list >= 0;
    }
}
