using System.Text.Json;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>A step of a path into a value: the name of a member, or the index of an element.</summary>
/// <param name="Name">The name in JSON, or the index as text.</param>
/// <param name="Comparison">How names are compared.</param>
internal readonly record struct MemberToken(string Name, StringComparison Comparison = StringComparison.Ordinal)
{
    /// <summary>How the serializer compares the names of members.</summary>
    public static StringComparison ComparisonOf(JsonSerializerOptions options) =>
        options.PropertyNameCaseInsensitive ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Tells whether the step leads to a child.</summary>
    /// <param name="container">The kind of the container.</param>
    /// <param name="child">The child.</param>
    /// <param name="index">How many children come before it.</param>
    public bool LeadsTo(JsonValueKind container, PartialJsonElement child, int index) => container == JsonValueKind.Object
        ? string.Equals(child.Name, Name, Comparison)
        : JsonPointer.TryParseIndex(Name, out var expected) && expected == index;
}

/// <summary>Follows a path into a value that grows, without looking at any part of it twice. Of several members with one name, the first counts.</summary>
/// <param name="path">The path.</param>
internal sealed class MemberCursor(IReadOnlyList<MemberToken> path)
{
    private int _depth; // the step that is looked for
    private int _container = -1;
    private int _next; // the child to look at next, and its index
    private int _index;

    /// <summary>How many children were looked at. A measure of the work done.</summary>
    internal int Steps { get; private set; }

    /// <summary>Follows the path as far as the value has arrived.</summary>
    /// <param name="value">The value so far, in a snapshot that is not older than that of the last call.</param>
    /// <param name="found">What is at the end of the path.</param>
    /// <returns><see langword="false"/> when nothing is there yet.</returns>
    public bool TryFind(PartialJsonElement value, out PartialJsonElement found)
    {
        found = default;
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            return false;
        }

        _container = _container < 0 ? value.Position : _container;
        while (_depth < path.Count)
        {
            var container = value.At(_container);
            if (!container.TryGetChild(_next, out var child))
            {
                return false;
            }

            Steps++;
            if (path[_depth].LeadsTo(container.ValueKind, child, _index))
            {
                (_depth, _container, _next, _index) = (_depth + 1, child.Position, 0, 0);
            }
            else if (child.IsComplete)
            {
                (_next, _index) = (child.NextPosition, _index + 1);
            }
            else
            {
                return false;
            }
        }

        found = value.At(_container);
        return true;
    }
}
