namespace Streamline.Json;

/// <summary>What a schema says of the value in one place: its kinds, the properties of an object, the elements of an array, the strings of an enum.</summary>
/// <remarks>A shape may contain itself. It does not change once <see cref="JsonShapeCompiler"/> has made it. Keywords that say nothing of the form of a text are left out.</remarks>
internal sealed class JsonShape
{
    private readonly JsonNameTable _names = new();
    private readonly Dictionary<ulong, JsonShape> _properties = [];

    /// <summary>Any value.</summary>
    public static JsonShape Any { get; } = CreateAny();

    /// <summary>The kinds that the value may have.</summary>
    public JsonKinds Kinds { get; set; }

    /// <summary>The elements of an array.</summary>
    public JsonShape Items { get => field ?? Any; set; }

    /// <summary>The values of properties that are not named; <see langword="null"/> when there may be none.</summary>
    public JsonShape? Others { get; set; }

    /// <summary>The strings that the value may be; <see langword="null"/> for any string.</summary>
    public JsonNameTable? Strings { get; set; }

    /// <summary>Whether properties are named.</summary>
    public bool HasProperties => _names.Count > 0;

    /// <summary>A list of values, each of a shape.</summary>
    public static JsonShape ListOf(JsonShape items) => new() { Kinds = JsonKinds.Array, Items = items };

    private static JsonShape CreateAny()
    {
        var any = new JsonShape { Kinds = JsonKinds.All };
        any.Others = any;
        return any;
    }

    public bool Allows(JsonKinds kind) => (Kinds & kind) != JsonKinds.None;

    /// <summary>Whether it may be a list with elements of a kind, and is something else.</summary>
    public bool IsListOf(JsonKinds kind) => Kinds != JsonKinds.All && Allows(JsonKinds.Array) && Items.Allows(kind) && Items != Any && (kind == JsonKinds.Object || !Allows(kind));

    public void AddProperty(string name, JsonShape shape) => _properties[_names.Add(name)] = shape;

    /// <summary>Finds a property by the hash of its name.</summary>
    public bool TryGetProperty(ulong name, out JsonShape shape)
    {
        if (_properties.TryGetValue(name, out var found))
        {
            shape = found;
            return true;
        }

        shape = Others ?? Any;
        return false;
    }

    /// <summary>Finds the only property whose name differs in case and separators alone.</summary>
    /// <returns>Its name as a JSON string, with quotes; <see langword="null"/> when there is none.</returns>
    public byte[]? FindAlike(ReadOnlySpan<byte> name) => _names.FindAlike(name);
}
