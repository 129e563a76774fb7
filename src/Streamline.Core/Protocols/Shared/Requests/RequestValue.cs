using System.Globalization;
using System.Text.Json.Nodes;

namespace Streamline.Protocols.Shared;

/// <summary>A value in the body of a received request, and where it stands, for what is said when it is not what the protocol has there.</summary>
/// <param name="Json">The value.</param>
/// <param name="Path">Where it stands, such as <c>messages[2].content</c>; empty for the body itself.</param>
internal readonly record struct RequestValue(JsonElement Json, string Path)
{
    public bool IsText => Json.ValueKind == JsonValueKind.String;

    public bool IsObject => Json.ValueKind == JsonValueKind.Object;

    /// <summary>Gets a member that is there and not null: a null says as much as nothing on every protocol.</summary>
    /// <exception cref="StreamProtocolException">The value is not an object.</exception>
    public RequestValue? Member(string name)
    {
        ThrowIfNotObject();
        return Json.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? new RequestValue(member, PathOf(name)) : null;
    }

    /// <summary>Gets a member that the protocol requires.</summary>
    /// <exception cref="StreamProtocolException">There is none.</exception>
    public RequestValue Required(string name) => Member(name)
        ?? throw new StreamProtocolException(StreamProtocolError.InvalidPayload, $"{PathOf(name)}: missing, expected a value", byteOffset: null);

    /// <summary>Gets the members that are not null.</summary>
    /// <exception cref="StreamProtocolException">The value is not an object.</exception>
    public IEnumerable<(string Name, RequestValue Value)> Members()
    {
        ThrowIfNotObject();
        foreach (var member in Json.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            yield return (member.Name, new RequestValue(member.Value, PathOf(member.Name)));
        }
    }

    /// <summary>Gets the elements of an array.</summary>
    /// <exception cref="StreamProtocolException">The value is not an array.</exception>
    public IEnumerable<RequestValue> Items()
    {
        var path = Path;
        return Json.ValueKind == JsonValueKind.Array
            ? Json.EnumerateArray().Select((item, index) => new RequestValue(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]")))
            : throw Fault("an array");
    }

    /// <exception cref="StreamProtocolException">The value is not a string.</exception>
    public string Text() => IsText ? Json.GetString()! : throw Fault("a string");

    /// <exception cref="StreamProtocolException">The value is not a number.</exception>
    public float Number() => Json.ValueKind == JsonValueKind.Number && Json.TryGetSingle(out var number) && float.IsFinite(number) ? number : throw Fault("a number within the range of a 32-bit float");

    /// <summary>Whether a number of less precision says the same as the value.</summary>
    public bool IsExactly(float? number) =>
        number is { } value && Json.GetDouble().Equals(double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    /// <exception cref="StreamProtocolException">The value is not a whole number within the range.</exception>
    public int Count() =>
        Json.ValueKind == JsonValueKind.Number && Json.TryGetInt32(out var number) && number >= 0 ? number : throw Fault("a whole number from 0 to 2147483647");

    /// <exception cref="StreamProtocolException">The value is neither true nor false.</exception>
    public bool IsTrue() => Json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Fault("true or false"),
    };

    /// <summary>Gets a string that is not blank.</summary>
    /// <exception cref="StreamProtocolException">The value is not such a string.</exception>
    public string Name() => Text() is var text && !string.IsNullOrWhiteSpace(text) ? text : throw Fault("a string that is not blank");

    /// <summary>Whether an object has no other members than some, nulls aside.</summary>
    /// <exception cref="StreamProtocolException">The value is not an object.</exception>
    public bool HasOnly(params ReadOnlySpan<string> names)
    {
        ThrowIfNotObject();
        foreach (var member in Json.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null && !names.Contains(member.Name))
            {
                return false;
            }
        }

        return true;
    }

    public JsonNode? ToNode() => ProviderJson.ParseNode(Json.GetRawText());

    /// <summary>Makes the fault of a value that is not what the protocol has here.</summary>
    public StreamProtocolException Fault(string expected) =>
        new(StreamProtocolError.InvalidPayload, $"{(Path.Length == 0 ? "The body" : Path)}: found {Describe()}, expected {expected}", byteOffset: null);

    private void ThrowIfNotObject()
    {
        if (!IsObject)
        {
            throw Fault("an object");
        }
    }

    private string Describe() => Json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    private string PathOf(string name) => Path.Length == 0 ? name : $"{Path}.{name}";
}
