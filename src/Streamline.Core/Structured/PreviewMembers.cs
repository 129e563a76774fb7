using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>The members of a type that previews show.</summary>
internal sealed class PreviewMembers
{
    private const int ShortNameChars = 64;

    private readonly PreviewMember[] _members;
    private readonly Dictionary<string, PreviewMember> _byName;
    private PreviewObject? _spare;

    /// <param name="contract">The contract, in which nothing is required and the converter of members is <see cref="PreviewSlots"/>.</param>
    /// <param name="contracts">How the types of members are shown.</param>
    public PreviewMembers(JsonTypeInfo contract, PreviewContracts contracts)
    {
        Contract = contract;
        _members = [.. contract.Properties.Where(property => !property.IsExtensionData).Select((property, index) => new PreviewMember(index, property, this, contracts))];
        _byName = new Dictionary<string, PreviewMember>(contract.Options.PropertyNameCaseInsensitive ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var member in _members)
        {
            _byName[member.Name] = member;
        }
    }

    /// <summary>The contract that makes an object from slots.</summary>
    public JsonTypeInfo Contract { get; }

    public int Count => _members.Length;

    /// <summary>Finds the member that a property is read into.</summary>
    public PreviewMember? Find(PartialJsonElement property)
    {
        Span<char> name = stackalloc char[ShortNameChars];
        return property.TryCopyName(name, out var length)
            ? _byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out var member) ? member : null
            : _byName.GetValueOrDefault(property.Name);
    }

    public Span<PreviewMember>.Enumerator GetEnumerator() => _members.AsSpan().GetEnumerator();

    /// <summary>Takes what an object was read with that is complete; <see langword="null"/> when there is none.</summary>
    public PreviewObject? TakeSpare() => Interlocked.Exchange(ref _spare, null);

    /// <summary>Keeps what an object was read with, for the next one.</summary>
    public void KeepSpare(PreviewObject spare) => Volatile.Write(ref _spare, spare);

    /// <summary>Whether the type takes a value of a member, or its converter the text of a verbatim one, as far as that can be told.</summary>
    public bool CanTake(PreviewMember member, object? value) =>
        TryCreate(other => other == member ? PreviewSlot.Of(value) : default, out _) || !TryCreate(_ => default, out _);

    /// <summary>Makes an object of which nothing has arrived.</summary>
    public bool TryCreateEmpty([NotNullWhen(true)] out object? value)
    {
        value = null;
        var slots = new PreviewSlot[_members.Length];
        foreach (var member in _members)
        {
            if (!member.TryFill(ref slots[member.Index], isComplete: false))
            {
                return false;
            }
        }

        return TryCreate(member => slots[member.Index], out value);
    }

    /// <summary>Makes an object of some members.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A constructor of the application may refuse what is not whole, in any way.")]
    public bool TryCreate(Func<PreviewMember, PreviewSlot> slotOf, [NotNullWhen(true)] out object? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var values = new object?[_members.Length];
        buffer.Write("{"u8);
        foreach (var member in _members)
        {
            var slot = slotOf(member);
            values[member.Index] = slot.Value;
            if (slot.State == PreviewSlotState.There)
            {
                member.WriteTo(buffer, slot.Value);
            }
        }

        buffer.Write("}"u8);
        try
        {
            value = PreviewSlots.Create(Contract, buffer.WrittenSpan, values);
            return value is not null;
        }
        catch (Exception)
        {
            value = null;
            return false;
        }
    }
}
