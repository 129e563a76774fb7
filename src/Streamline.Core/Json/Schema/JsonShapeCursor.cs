using System.Text.Json;

namespace Streamline.Json;

/// <summary>Follows what a reader reads through the shapes of a schema, and counts what does not fit. Without a schema, the default, it does nothing.</summary>
internal struct JsonShapeCursor : IJsonSink
{
    private JsonShapePlace? _place;
    private JsonShape? _value; // in an object: what its next value is to be; null when that is not known
    private ulong _text; // the hash of the name or string that is being read
    private ulong _first; // the hash of the first name in the object; 0 before it has come
    private int _cost; // of what did not fit since it was taken
    private int _scalarCost; // how much of that is for the scalar that began last

    /// <summary>Initializes a new instance of the <see cref="JsonShapeCursor"/> struct, at the beginning of a container.</summary>
    public JsonShapeCursor(JsonShapePlace place) => _place = place;

    /// <summary>Where the reader stands; <see langword="null"/> without a schema.</summary>
    public readonly JsonShapePlace? Place => _place;

    /// <summary>What the next value, or the one that is being read, is to be.</summary>
    public readonly JsonShape Wanted => _place is null ? JsonShape.Any : _place.IsObject ? _value ?? JsonShape.Any : _place.Shape.Items;

    /// <summary>Whether the scalar that began last has a kind that the schema does not want.</summary>
    public readonly bool IsMisfit => _scalarCost > 0;

    /// <summary>Takes the cost of what did not fit since the last time.</summary>
    public int TakeCost()
    {
        var cost = _cost;
        _cost = 0;
        return cost;
    }

    /// <summary>Takes back the cost of the scalar that began last, which is read as another one.</summary>
    public int TakeBackScalar()
    {
        var cost = _scalarCost;
        _scalarCost = 0;
        return cost;
    }

    /// <summary>Makes the list that has just begun one that ends after its first element.</summary>
    public void BecomeWrapper() => _place = new JsonShapePlace(_place!.Parent, _place.Shape, isObject: false, _place.OuterFirst, isWrapper: true);

    /// <summary>Whether a string that begins here may be meant as another value.</summary>
    public readonly bool MayConvertText => _place is not null && (!Wanted.Allows(JsonKinds.String) || Wanted.Strings is not null);

    /// <summary>Adds text to the name that is being read.</summary>
    public void AddText(ReadOnlySpan<byte> text)
    {
        if (_place is not null)
        {
            _text = JsonNameHash.Add(_text, text);
        }
    }

    /// <summary>Reads a whole name.</summary>
    public void ReadName(ReadOnlySpan<byte> name) => Fragment(JsonTokenType.PropertyName, name, 0, 0, isFirst: true, isFinal: true);

    /// <summary>Whether whatever follows is read alike by another cursor.</summary>
    /// <param name="other">The other cursor.</param>
    /// <param name="isInText">Whether a string or name is being read.</param>
    /// <param name="isBeforeName">Whether nothing depends on the last name any more.</param>
    public readonly bool IsSameAs(in JsonShapeCursor other, bool isInText, bool isBeforeName) =>
        _place is null || ((isBeforeName || _value == other._value) && (!isInText || _text == other._text) && _first == other._first && JsonShapePlace.AreSame(_place, other._place));

    /// <summary>Begins a name of which a part has been read.</summary>
    public void BeginName(ReadOnlySpan<byte> text) => _text = JsonNameHash.Add(JsonNameHash.Empty, text);

    public bool StartContainer(bool isObject, long offset)
    {
        if (_place is not null)
        {
            var wanted = Wanted;
            var fits = wanted.Allows(isObject ? JsonKinds.Object : JsonKinds.Array);
            _cost += fits ? 0 : JsonShapeCost.Container;
            _scalarCost = 0;
            _place = _place.Enter(fits ? wanted : JsonShape.Any, isObject, _first);
            (_value, _first) = (null, 0);
        }

        return true;
    }

    public bool EndContainer(bool isObject, long offset)
    {
        if (_place?.Parent is { } parent)
        {
            (_place, _first) = (parent, _place.OuterFirst);
        }

        return true;
    }

    public bool Literal(JsonTokenType type, long start, long end)
    {
        if (_place is not null)
        {
            StartScalar(type == JsonTokenType.Null ? JsonKinds.Null : JsonKinds.Boolean);
        }

        return true;
    }

    public bool Fragment(JsonTokenType type, ReadOnlySpan<byte> value, long start, long end, bool isFirst, bool isFinal)
    {
        if (_place is null)
        {
            return true;
        }

        if (isFirst)
        {
            _text = JsonNameHash.Empty;
            _value = type == JsonTokenType.PropertyName ? null : _value;
            _scalarCost = 0;
            if (type != JsonTokenType.PropertyName)
            {
                StartScalar(type == JsonTokenType.String ? JsonKinds.String : JsonKinds.Number);
            }
        }

        if (type == JsonTokenType.PropertyName || (type == JsonTokenType.String && Wanted.Strings is not null))
        {
            _text = JsonNameHash.Add(_text, value);
            if (isFinal)
            {
                EndText(type == JsonTokenType.PropertyName);
            }
        }

        return true;
    }

    private void StartScalar(JsonKinds kind)
    {
        _scalarCost = Wanted.Allows(kind) ? 0 : kind == JsonKinds.Null ? JsonShapeCost.Null : JsonShapeCost.Scalar;
        _cost += _scalarCost;
    }

    private void EndText(bool isName)
    {
        if (!isName)
        {
            _cost += Wanted.Strings!.Contains(_text) ? 0 : JsonShapeCost.EnumString;
            return;
        }

        var shape = _place!.Shape;
        if (!shape.TryGetProperty(_text, out _value!))
        {
            _cost += shape.Others is null ? JsonShapeCost.UnknownName : shape.HasProperties ? JsonShapeCost.OtherName : 0;
        }

        if (_first == 0)
        {
            _first = _text;
        }
        else if (_first == _text)
        {
            _cost += JsonShapeCost.RepeatedName;
        }
    }
}
