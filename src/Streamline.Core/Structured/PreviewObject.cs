using System.Buffers;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>An object with members that grows.</summary>
internal sealed class PreviewObject(PreviewContracts contracts, PreviewMembers members) : PreviewContainer
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare; // for short texts, while none is being read on this thread

    private readonly PreviewSlot[] _kept = new PreviewSlot[members.Count];
    private readonly object?[] _values = new object?[members.Count];
    private int _position = -1; // of the child that was looked up last
    private PreviewMember? _member;

    /// <summary>Gets what members the objects have that this reads.</summary>
    public PreviewMembers Members => members;

    public override void Clear()
    {
        base.Clear();
        Array.Clear(_kept);
        Array.Clear(_values);
        (_position, _member) = (-1, null);
    }

    protected override bool TryReadChild(PartialJsonElement child, ref PreviewNode? container, out object? value)
    {
        value = null;
        if (Find(child) is not { } member || (member.IsShownWhenComplete && !child.IsComplete) || (member.RefusesNull && child.ValueKind == JsonValueKind.Null) || member.IsPopulated)
        {
            return false;
        }

        if (member.IsVerbatim)
        {
            value = child.IsComplete && !UnknownEnum.IsSum(member.Type, child) ? child.GetRawUtf8().ToArray() : null;
            return value is not null && members.CanTake(member, value);
        }

        return contracts.TryGet(member.Type, out var type) && PreviewReader.TryRead(contracts, child, type, Depth + 1, ref container, out value);
    }

    protected override void Keep(in PreviewChild child)
    {
        // Of a member that comes twice, the first was shown.
        if (Find(child.Element) is { } member && _kept[member.Index].State == PreviewSlotState.Absent)
        {
            _kept[member.Index] = child.IsRead ? PreviewSlot.Of(child.Value) : PreviewSlot.Unreadable;
        }
    }

    protected override bool TryCreateCore(in PreviewChild growing, bool isComplete, out object? value)
    {
        var buffer = _spare ?? new ArrayBufferWriter<byte>();
        _spare = null;
        try
        {
            value = null;
            return TryWrite(buffer, growing, isComplete) && (value = PreviewSlots.Create(members.Contract, buffer.WrittenSpan, _values)) is not null;
        }
        finally
        {
            buffer.ResetWrittenCount();
            _spare = buffer;
        }
    }

    private bool TryWrite(ArrayBufferWriter<byte> buffer, in PreviewChild growing, bool isComplete)
    {
        var grown = growing.Element.ValueKind == JsonValueKind.Undefined ? null : Find(growing.Element);
        buffer.Write("{"u8);
        foreach (var member in members)
        {
            var slot = _kept[member.Index];
            if (member == grown && slot.State == PreviewSlotState.Absent)
            {
                slot = growing.IsRead ? PreviewSlot.Of(growing.Value) : PreviewSlot.Unreadable;
            }

            if (!member.TryFill(ref slot, isComplete))
            {
                return false;
            }

            _values[member.Index] = slot.Value;
            if (slot.State == PreviewSlotState.There)
            {
                member.WriteTo(buffer, slot.Value);
            }
        }

        buffer.Write("}"u8);
        return true;
    }

    private PreviewMember? Find(PartialJsonElement child)
    {
        if (child.Position != _position)
        {
            (_position, _member) = (child.Position, members.Find(child));
        }

        return _member;
    }
}

/// <summary>What is known of a member.</summary>
/// <param name="State">Whether there is a value.</param>
/// <param name="Value">The value; of verbatim members, its text in UTF-8.</param>
internal readonly record struct PreviewSlot(PreviewSlotState State, object? Value)
{
    public static PreviewSlot Unreadable => new(PreviewSlotState.Unreadable, null);

    public static PreviewSlot Of(object? value) => new(PreviewSlotState.There, value);
}

/// <summary>Whether there is a value of a member.</summary>
internal enum PreviewSlotState
{
    /// <summary>It has not begun.</summary>
    Absent,

    /// <summary>It has begun, and cannot be shown yet or at all.</summary>
    Unreadable,

    /// <summary>It can be shown.</summary>
    There,
}
