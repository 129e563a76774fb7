using System.Buffers;
using System.Text.Json;
using Streamline.Json;

namespace Streamline;

/// <summary>An object with members that grows.</summary>
internal sealed class PreviewObject(PreviewContracts contracts, PreviewMembers members) : PreviewContainer
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly object?[] _values = new object?[members.Count];
    private readonly bool[] _isThere = new bool[members.Count];

    protected override bool TryReadChild(PartialJsonElement child, ref PreviewContainer? container, out object? value)
    {
        value = null;
        var member = members.Find(child.Name);
        if (member < 0)
        {
            return false;
        }

        if (members.IsVerbatim(member))
        {
            value = child.IsComplete ? child.GetRawUtf8().ToArray() : null;
            return value is not null;
        }

        return contracts.TryGet(members.TypeOf(member), out var type) && PreviewReader.TryRead(contracts, child, type, ref container, out value);
    }

    protected override void Keep(PartialJsonElement child, object? value)
    {
        var member = members.Find(child.Name);
        _values[member] = value;
        _isThere[member] = true;
    }

    protected override object? Create(PartialJsonElement growing, object? growingValue)
    {
        if (growing.ValueKind == JsonValueKind.Undefined)
        {
            return members.Create(_values, _isThere, _buffer);
        }

        var member = members.Find(growing.Name);
        var (value, isThere) = (_values[member], _isThere[member]); // of a property with the same name before
        try
        {
            (_values[member], _isThere[member]) = (growingValue, true);
            return members.Create(_values, _isThere, _buffer);
        }
        finally
        {
            (_values[member], _isThere[member]) = (value, isThere);
        }
    }
}
