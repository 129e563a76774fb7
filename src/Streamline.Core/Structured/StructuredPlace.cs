using System.Text.Json;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Finds the value in an answer that grows, without looking at any property of the root twice.</summary>
/// <remarks>What was found stays. Thread-safe, also for snapshots that are older than those of earlier calls.</remarks>
internal sealed class StructuredPlace(StructuredRoot root)
{
    private volatile int _next; // the property to look at next
    private volatile int _found = -1;

    /// <summary>How many properties were looked at. A measure of the work done.</summary>
    internal int Steps { get; private set; }

    /// <summary>Finds the value.</summary>
    /// <param name="document">The answer so far.</param>
    /// <returns>The value so far; undefined while it has not begun, or is not known yet.</returns>
    public PartialJsonElement Find(PartialJsonElement document) => root.Form == StructuredRootForm.Whole || document.ValueKind != JsonValueKind.Object ? document : root.Form switch
    {
        StructuredRootForm.OtherObject => !document.TryGetChild(0, out var first) ? default : IsName(first) ? first : document,
        StructuredRootForm.AnyObject => FindOnly(document),
        _ => FindFirst(document),
    };

    /// <summary>Tells whether another property of the root could be the value as well: one with the same name.</summary>
    /// <param name="document">The whole answer.</param>
    /// <param name="name">The name.</param>
    public bool IsTwice(PartialJsonElement document, out string name)
    {
        name = "";
        if (document.ValueKind != JsonValueKind.Object || _found < 0 || !document.TryGetChild(_found, out var found))
        {
            return false;
        }

        name = found.Name;
        for (var position = found.NextPosition; document.TryGetChild(position, out var other); position = other.NextPosition)
        {
            if (other.Name == name)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsName(PartialJsonElement property) => root.Names.Contains(property.Name);

    private PartialJsonElement FindOnly(PartialJsonElement document)
    {
        if (!document.TryGetChild(0, out var first))
        {
            return document.IsComplete ? document : default;
        }

        if (!IsName(first) || (first.IsComplete && document.TryGetChild(first.NextPosition, out _)))
        {
            return document;
        }

        return document.IsComplete ? first : default;
    }

    private PartialJsonElement FindFirst(PartialJsonElement document)
    {
        if (_found >= 0)
        {
            return document.TryGetChild(_found, out var known) ? known : default;
        }

        var position = _next;
        while (document.TryGetChild(position, out var property))
        {
            Steps++;
            if (IsName(property) && (root.Form == StructuredRootForm.Scalar || property.ValueKind == JsonValueKind.Array))
            {
                _found = position;
                return property;
            }

            if (!property.IsComplete)
            {
                break;
            }

            _next = position = property.NextPosition;
        }

        return document.IsComplete ? document : default;
    }
}
