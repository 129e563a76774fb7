using System.Globalization;
using System.Text.Json;
using Streamline.Json;

namespace Streamline;

/// <summary>Takes the complete items out of a growing answer, one after another, without looking at any of them twice.</summary>
internal sealed class StructuredItems(string property)
{
    private string _path = "$";
    private int _list = -1; // the position of the list in the document, once it has begun
    private int _nextProperty; // of the root, as long as the list has not been found
    private int _nextItem;

    /// <summary>How many items were taken.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the next item.</summary>
    /// <param name="root">The answer so far.</param>
    /// <param name="item">The item, complete.</param>
    /// <param name="path">The place of the item, as a path from <c>$</c>.</param>
    /// <returns><see langword="false"/> when no other item is complete.</returns>
    public bool TryTakeNext(PartialJsonElement root, out PartialJsonElement item, out string path)
    {
        (item, path) = (default, "");
        if (!TryFindList(root) || !root.At(_list).TryGetChild(_nextItem, out item) || !item.IsComplete)
        {
            return false;
        }

        path = string.Create(CultureInfo.InvariantCulture, $"{_path}[{Count}]");
        _nextItem = item.NextPosition;
        Count++;
        return true;
    }

    /// <summary>Refuses an answer in which there is no list.</summary>
    public void ThrowUnlessList()
    {
        if (_list < 0)
        {
            throw new StructuredOutputException(
                StructuredOutputError.InvalidValue, $"The answer has no list of items: expected an array, or an object with an array as its property '{property}'", "$");
        }
    }

    private bool TryFindList(PartialJsonElement root)
    {
        if (_list < 0 && root.ValueKind == JsonValueKind.Array)
        {
            _list = root.Position;
        }

        while (_list < 0 && root.ValueKind == JsonValueKind.Object && root.TryGetChild(_nextProperty, out var value))
        {
            if (value.ValueKind == JsonValueKind.Array && value.Name == property)
            {
                _list = value.Position;
                _path = "$." + property;
            }
            else if (value.IsComplete)
            {
                _nextProperty = value.NextPosition;
            }
            else
            {
                break;
            }
        }

        return _list >= 0;
    }
}
