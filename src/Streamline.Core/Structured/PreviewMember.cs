using System.Buffers;
using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Streamline.Structured;

/// <summary>A member of a type that previews show.</summary>
internal sealed class PreviewMember
{
    private const int MaxIndexDigits = 11;

    private static readonly Lock Making = new(); // one for all: the gaps of one member may need those of another, round about too

    private readonly JsonPropertyInfo _property;
    private readonly PreviewMembers _members;
    private readonly PreviewContracts _contracts;
    private readonly byte[] _prefix;
    private PreviewGaps? _gaps;
    private bool _isMaking;
    private bool? _isPopulated;

    public PreviewMember(int index, JsonPropertyInfo property, PreviewMembers members, PreviewContracts contracts)
    {
        Index = index;
        _property = property;
        _members = members;
        _contracts = contracts;
        _prefix = Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(property.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\":");
        IsShownWhenComplete = contracts.Rules.IsShownWhenComplete(property);
        IsRequired = contracts.Rules.IsRequiredToShow(property);
    }

    public int Index { get; }

    public string Name => _property.Name;

    public Type Type => _property.PropertyType;

    /// <summary>Whether it is not shown while it grows.</summary>
    public bool IsShownWhenComplete { get; }

    /// <summary>Whether the object is not shown without it.</summary>
    public bool IsRequired { get; }

    /// <summary>Whether the serializer refuses null for it, which the type of a value that may be null does not tell.</summary>
    public bool RefusesNull => _contracts.RespectsNullability && (!_property.IsSetNullable || _property.AssociatedParameter is { IsNullable: false });

    /// <summary>Whether it is read by a converter or setting of its own, from its text.</summary>
    public bool IsVerbatim => _property.CustomConverter is not PreviewSlots;

    /// <summary>Whether it is read into what the type itself puts there, which only the end does.</summary>
    public bool IsPopulated => _isPopulated ??= _contracts.IsPopulated(_members.Contract.Type, Name) && FindDefault().IsShown;

    /// <summary>Puts in what is shown while there is no value.</summary>
    /// <param name="slot">What is known of the member.</param>
    /// <param name="isComplete">Whether the object is complete.</param>
    /// <returns><see langword="false"/> when the object cannot be shown without the member.</returns>
    public bool TryFill(ref PreviewSlot slot, bool isComplete)
    {
        if (slot.State == PreviewSlotState.There)
        {
            return true;
        }

        if (IsRequired)
        {
            return false;
        }

        var gap = isComplete && slot.State == PreviewSlotState.Absent ? Gaps.Closed : Gaps.Open;
        slot = gap.Create is { } create ? PreviewSlot.Of(create()) : default;
        return !gap.IsImpossible;
    }

    /// <summary>Writes the member into the short text that an object is made from.</summary>
    public void WriteTo(ArrayBufferWriter<byte> buffer, object? value)
    {
        buffer.Write(buffer.WrittenCount > 1 ? ","u8 : default);
        buffer.Write(_prefix);
        if (IsVerbatim)
        {
            buffer.Write((byte[])value!);
        }
        else
        {
            Index.TryFormat(buffer.GetSpan(MaxIndexDigits), out var length, provider: CultureInfo.InvariantCulture);
            buffer.Advance(length);
        }
    }

    private bool CanBeSet => _property.Set is not null || _property.AssociatedParameter is not null;

    private PreviewGaps Gaps
    {
        get
        {
            if (_gaps is { } made)
            {
                return made;
            }

            lock (Making)
            {
                if (_gaps is null && _isMaking)
                {
                    return new PreviewGaps(PreviewGap.Impossible, PreviewGap.Impossible); // an empty value would have to hold one of its own kind
                }

                _isMaking = true;
                try
                {
                    return _gaps ??= MakeGaps();
                }
                finally
                {
                    _isMaking = false;
                }
            }
        }
    }

    private PreviewGaps MakeGaps()
    {
        if (!CanBeSet || IsPopulated)
        {
            return new PreviewGaps(PreviewGap.None, PreviewGap.None);
        }

        var (hasDefault, isShown) = FindDefault();
        if (_property.IsGetNullable || Nullable.GetUnderlyingType(Type) is not null)
        {
            return isShown ? Hide(IsVerbatim ? PreviewGap.Of("null"u8.ToArray()) : PreviewGap.Null) : new PreviewGaps(PreviewGap.None, PreviewGap.None);
        }

        var empty = IsVerbatim ? MakeVerbatim() : _contracts.EmptyOf(Type);
        if (!hasDefault)
        {
            return new PreviewGaps(empty, empty);
        }

        return !isShown ? new PreviewGaps(PreviewGap.None, PreviewGap.None)
            : empty.IsImpossible || empty.Create is not null || IsVerbatim ? Hide(empty)
            : Hide(Type.IsValueType ? PreviewGap.Of(ValueDefault.Of(Type)) : empty);
    }

    // The default of the type is shown only when it is the value: an object that grows has an empty value in its place, if the type takes one.
    private PreviewGaps Hide(PreviewGap empty)
    {
        var isTaken = !empty.IsImpossible && (empty.Create is not { } create || _members.CanTake(this, create()));
        return new PreviewGaps(isTaken ? empty : Type.IsEnum ? PreviewGap.Impossible : PreviewGap.None, PreviewGap.None);
    }

    // The text that the member's own converter reads as an empty value.
    private PreviewGap MakeVerbatim()
    {
        var text = Type switch
        {
            { IsEnum: true } when UnknownEnum.Of(Type) is Enum unknown => unknown.ToString("D"),
            { IsValueType: true } => null,
            _ when Type == typeof(string) => "\"\"",
            _ => "",
        };
        if (text is null)
        {
            return PreviewGap.None;
        }

        var utf8 = Encoding.UTF8.GetBytes(text);
        return text.Length > 0 && _members.CanTake(this, utf8) ? PreviewGap.Of(utf8) : PreviewGap.Impossible;
    }

    // Whether the type itself gives the member a value when there is none in JSON, and whether that is more than an empty one.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A property of the application may throw anything.")]
    private (bool HasDefault, bool IsShown) FindDefault()
    {
        if (_property.AssociatedParameter is { IsMemberInitializer: false } parameter)
        {
            return parameter is { HasDefaultValue: true, DefaultValue: { } value } ? (true, value is not "") : (false, false);
        }

        try
        {
            return _property.Get is not { } get || !_members.TryCreate(_ => default, out var probe) || get(probe) is not { } value
                || (Type.IsValueType && Nullable.GetUnderlyingType(Type) is null && value.Equals(ValueDefault.Of(Type)))
                ? (false, false)
                : (true, Type.IsValueType || value is not IEnumerable items || items.Cast<object?>().Any());
        }
        catch (Exception)
        {
            return (false, false);
        }
    }
}

/// <summary>What stands for a member that has no value.</summary>
/// <param name="Open">While it may still come, or when it has begun and cannot be shown.</param>
/// <param name="Closed">When the object is complete without it.</param>
internal sealed record PreviewGaps(PreviewGap Open, PreviewGap Closed);

/// <summary>What stands for a missing value.</summary>
/// <param name="Create">Makes it; <see langword="null"/> when nothing is needed.</param>
/// <param name="IsImpossible">Whether a value is needed and cannot be made.</param>
internal sealed record PreviewGap(Func<object?>? Create, bool IsImpossible = false)
{
    public static PreviewGap None { get; } = new(Create: null);

    public static PreviewGap Null { get; } = new(() => null);

    public static PreviewGap Impossible { get; } = new(Create: null, IsImpossible: true);

    public static PreviewGap Of(object value) => new(() => value);
}
