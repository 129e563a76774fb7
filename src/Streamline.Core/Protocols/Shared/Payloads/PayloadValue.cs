using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using Streamline.Json;

namespace Streamline.Protocols.Shared;

/// <summary>A value of a <see cref="Payload"/>. Asking for what is missing, null or of another kind gives a value that does not exist, never an exception.</summary>
internal readonly ref struct PayloadValue
{
    private readonly ReadOnlySpan<byte> _json;

    // The rows of what is in the value follow its own: the tokenizer has written as many as the row says.
    private readonly ref readonly PayloadRow _row;

    public PayloadValue(ReadOnlySpan<byte> json, ref readonly PayloadRow row)
    {
        _json = json;
        _row = ref row;
    }

    /// <summary>Gets a value indicating whether there is a value, which may be null.</summary>
    public bool Exists => !Unsafe.IsNullRef(in _row);

    /// <summary>Gets the kind; <see cref="JsonValueKind.Undefined"/> for a value that does not exist.</summary>
    public JsonValueKind Kind => Exists ? _row.Kind : JsonValueKind.Undefined;

    public bool IsObject => Kind == JsonValueKind.Object;

    public bool IsArray => Kind == JsonValueKind.Array;

    public bool IsString => Kind == JsonValueKind.String;

    public bool IsNumber => Kind == JsonValueKind.Number;

    /// <summary>Gets a value indicating whether the value is read as text: a string, or a number or a boolean that a server sends in its place.</summary>
    public bool IsText => Kind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;

    /// <summary>Gets a value indicating whether there is no value, or null.</summary>
    public bool IsMissing => Kind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>Gets the place of the value's JSON text; of a string, of the text between its quotes. It does not exist for a value that does not.</summary>
    public JsonSlice Slice => Exists ? new JsonSlice(_row.Start, _row.Length, _row.IsEscaped) : default;

    /// <summary>Gets the place of a string's text; it does not exist for any other kind.</summary>
    public JsonSlice TextSlice => IsString ? Slice : default;

    /// <summary>Gets the JSON text as it was received, with the quotes of a string; empty for a value that does not exist.</summary>
    public ReadOnlySpan<byte> RawBytes => !Exists ? default
        : IsString ? _json.Slice(_row.Start - 1, _row.Length + 2)
        : _json.Slice(_row.Start, _row.Length);

    /// <summary>Gets the members of an object; none for any other kind.</summary>
    public PayloadMembers Members => IsObject ? new PayloadMembers(_json, in _row) : default;

    /// <summary>Gets the elements of an array; none for any other kind.</summary>
    public PayloadItems Items => IsArray ? new PayloadItems(_json, in _row) : default;

    /// <summary>Gets a member that is there and not null. Of several with one name, the last.</summary>
    public PayloadValue Member(scoped ReadOnlySpan<byte> name)
    {
        var found = default(PayloadValue);
        foreach (var member in Members)
        {
            if (member.NameEquals(name))
            {
                found = member.Value;
            }
        }

        return found.Kind == JsonValueKind.Null ? default : found;
    }

    /// <inheritdoc cref="Member(ReadOnlySpan{byte})"/>
    public PayloadValue Member(string name)
    {
        Span<byte> utf8 = stackalloc byte[name.Length * 3];
        return Member(utf8[..Encoding.UTF8.GetBytes(name, utf8)]);
    }

    /// <summary>Tells whether there is a member of a name, which may be null.</summary>
    public bool Has(scoped ReadOnlySpan<byte> name)
    {
        foreach (var member in Members)
        {
            if (member.NameEquals(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether an object has a member that is not null and not one of some.</summary>
    /// <param name="names">The names, in UTF-8.</param>
    public bool HasOtherThan(PayloadNames names)
    {
        foreach (var member in Members)
        {
            if (!member.Value.IsMissing && !names.Contains(member))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gets a member that is an object.</summary>
    public PayloadValue Object(scoped ReadOnlySpan<byte> name) => OfKind(name, JsonValueKind.Object);

    /// <summary>Gets a member that is an array.</summary>
    public PayloadValue Array(scoped ReadOnlySpan<byte> name) => OfKind(name, JsonValueKind.Array);

    /// <summary>Gets a member that is a string.</summary>
    public string? Text(scoped ReadOnlySpan<byte> name) => OfKind(name, JsonValueKind.String).GetString();

    /// <summary>Gets a member that is a string of a small vocabulary, such as a type or the name of a model: it is the same string each time.</summary>
    public string? Word(scoped ReadOnlySpan<byte> name) => OfKind(name, JsonValueKind.String) is { Exists: true } value ? value.GetWord() : null;

    /// <summary>Gets a member that is a string with something in it.</summary>
    public string? NonEmptyText(scoped ReadOnlySpan<byte> name) => Text(name) is { Length: > 0 } text ? text : null;

    /// <summary>Tells whether a member is a certain string.</summary>
    public bool TextEquals(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> text) => OfKind(name, JsonValueKind.String).TextEquals(text);

    /// <summary>Gets a member that is a whole number.</summary>
    public long? Integer(scoped ReadOnlySpan<byte> name) => OfKind(name, JsonValueKind.Number).GetInteger();

    /// <summary>Gets the string; <see langword="null"/> for any other kind.</summary>
    public string? GetString()
    {
        if (!IsString)
        {
            return null;
        }

        var body = _json.Slice(_row.Start, _row.Length);
        return _row.IsEscaped ? JsonStringDecoder.DecodeWhole(body) : Encoding.UTF8.GetString(body);
    }

    /// <summary>Gets the string, of a small vocabulary; <see langword="null"/> for any other kind.</summary>
    public string? GetWord() => IsString && !_row.IsEscaped ? TextCache.Get(_json.Slice(_row.Start, _row.Length)) : GetString();

    /// <summary>Tells whether the value is a certain string.</summary>
    public bool TextEquals(scoped ReadOnlySpan<byte> text)
    {
        if (!IsString)
        {
            return false;
        }

        var body = _json.Slice(_row.Start, _row.Length);
        return _row.IsEscaped ? Encoding.UTF8.GetBytes(JsonStringDecoder.DecodeWhole(body)).AsSpan().SequenceEqual(text) : body.SequenceEqual(text);
    }

    /// <summary>Gets a whole number in its plain form, such as <c>3</c>; <see langword="null"/> for anything else.</summary>
    public long? GetInteger() =>
        IsNumber && Utf8Parser.TryParse(RawBytes, out long number, out var length) && length == _row.Length ? number : null;

    /// <summary>Gets a whole number in any JSON form that providers use: <c>3</c>, <c>3.0</c>, <c>3e0</c> or <c>"3"</c>; <see langword="null"/> for anything else.</summary>
    public long? GetCount()
    {
        if (GetInteger() is { } integer)
        {
            return integer;
        }

        const double MaxExact = 1L << 53;
        return GetDouble() is { } number && Math.Abs(number) <= MaxExact && number == Math.Floor(number) ? (long)number : null;
    }

    /// <summary>Gets a number, or the number in a string; <see langword="null"/> for anything else.</summary>
    public double? GetDouble() =>
        Kind is JsonValueKind.Number or JsonValueKind.String
        && double.TryParse(_json.Slice(_row.Start, _row.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;

    /// <summary>Gets true or false; <see langword="null"/> for anything else.</summary>
    public bool? GetBoolean() => Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>Gets the JSON text as it was received; empty for a value that does not exist.</summary>
    public string RawText() => Encoding.UTF8.GetString(RawBytes);

    /// <summary>Copies the value as it was received, to be parsed when it is asked for.</summary>
    public RawJson ToRaw() => new(RawBytes);

    /// <summary>Copies the value, so that it outlives the payload.</summary>
    /// <exception cref="InvalidOperationException">There is no value.</exception>
    public JsonElement ToElement() =>
        Exists ? ProviderJson.ParsePayload(JsonSurrogates.Replace(RawBytes)) : throw new InvalidOperationException("There is no value to copy.");

    /// <summary>Tells whether the value says nothing: it is missing, null or empty, or all of its members are.</summary>
    public bool IsEmpty()
    {
        switch (Kind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return true;
            case JsonValueKind.String:
                return _row.Length == 0;
            case JsonValueKind.Array:
                return _row.Rows == 1;
            case JsonValueKind.Object:
                foreach (var member in Members)
                {
                    if (!member.Value.IsEmpty())
                    {
                        return false;
                    }
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>Gets how many rows the value takes: a bound of how many members and elements are in it.</summary>
    public int RowCount => Exists ? _row.Rows : 0;

    /// <summary>Counts the members of an object or the elements of an array.</summary>
    public int Count()
    {
        var count = 0;
        foreach (var _ in Members)
        {
            count++;
        }

        foreach (var _ in Items)
        {
            count++;
        }

        return count;
    }

    private PayloadValue OfKind(scoped ReadOnlySpan<byte> name, JsonValueKind kind) => Member(name) is var member && member.Kind == kind ? member : default;
}
