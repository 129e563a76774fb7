using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Streamline;

/// <summary>The members of a type, and the making of an object from those that have arrived.</summary>
internal sealed class PreviewMembers
{
    private readonly JsonTypeInfo _contract;
    private readonly Member[] _members;
    private readonly Dictionary<string, int> _byName;

    /// <param name="contract">The contract, in which nothing is required and the converter of members is <see cref="PreviewSlots"/>.</param>
    public PreviewMembers(JsonTypeInfo contract)
    {
        _contract = contract;
        _members = [.. contract.Properties.Where(property => !property.IsExtensionData).Select(Member.Of)];
        _byName = new Dictionary<string, int>(contract.Options.PropertyNameCaseInsensitive ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var (index, member) in _members.Index())
        {
            _byName[member.Name] = index;
        }
    }

    public int Count => _members.Length;

    /// <summary>The position of a member among the values, or -1.</summary>
    public int Find(string name) => _byName.TryGetValue(name, out var index) ? index : -1;

    public Type TypeOf(int member) => _members[member].Type;

    /// <summary>Whether a member is read by a converter or setting of its own, from its text.</summary>
    public bool IsVerbatim(int member) => _members[member].IsVerbatim;

    /// <summary>Makes an object. Members that are not there have their default.</summary>
    /// <param name="values">The values by member; of verbatim members, their text in UTF-8.</param>
    /// <param name="isThere">Which members there are.</param>
    /// <param name="buffer">Room for a short text, which is overwritten.</param>
    public object? Create(object?[] values, bool[] isThere, ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        buffer.Write("{"u8);
        for (var index = 0; index < _members.Length; index++)
        {
            if (!isThere[index])
            {
                continue;
            }

            buffer.Write(buffer.WrittenCount > 1 ? ","u8 : default);
            buffer.Write(_members[index].Prefix);
            if (_members[index].IsVerbatim)
            {
                buffer.Write((byte[])values[index]!);
            }
            else
            {
                index.TryFormat(buffer.GetSpan(11), out var length, provider: CultureInfo.InvariantCulture);
                buffer.Advance(length);
            }
        }

        buffer.Write("}"u8);
        return PreviewSlots.Create(_contract, buffer.WrittenSpan, values);
    }

    private sealed record Member(string Name, Type Type, bool IsVerbatim, byte[] Prefix)
    {
        public static Member Of(JsonPropertyInfo property) => new(
            property.Name,
            property.PropertyType,
            property.CustomConverter is not PreviewSlots,
            Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(property.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\":"));
    }
}
