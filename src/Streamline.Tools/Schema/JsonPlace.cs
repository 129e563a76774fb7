using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Streamline.Tools;

/// <summary>A value that could not be read, the type that it was to be read as, and where it is.</summary>
/// <param name="Value">The value.</param>
/// <param name="Type">The type; <see langword="null"/> when it is not known.</param>
/// <param name="Path">Where the value is, such as <c>items[0].name</c>; empty for the whole.</param>
internal readonly record struct JsonPlace(JsonElement Value, Type? Type, string Path)
{
    /// <summary>Follows the path of a <see cref="JsonException"/> as far as value and type are known.</summary>
    /// <param name="root">The value that was read.</param>
    /// <param name="type">The type that it was read as.</param>
    /// <param name="path">The path, such as <c>$.items[0].name</c>.</param>
    public static JsonPlace Find(JsonElement root, JsonTypeInfo type, string? path)
    {
        var (value, current, problem) = (root, (JsonTypeInfo?)type, new ArgumentProblem("", ""));
        List<string> places = [];
        foreach (var (name, index) in Steps(path ?? "$"))
        {
            if (name is not null ? !(value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var next)) : !TryGetItem(value, index, out next))
            {
                break;
            }

            value = next;
            places.Add(name ?? string.Create(CultureInfo.InvariantCulture, $"[{index}]"));
            current = name is not null && current?.Kind == JsonTypeInfoKind.Object ? TypeOf(current, current.Properties.FirstOrDefault(property => IsNamed(property, name, current.Options))?.PropertyType)
                : TypeOf(current, current?.ElementType);
        }

        for (var i = places.Count - 1; i >= 0; i--)
        {
            problem = problem.In(places[i]);
        }

        return new JsonPlace(value, current?.Type, problem.Path);
    }

    public ArgumentProblem ToProblem() => new(Path, NameOf(Type, Value) is { } expected ? $"expected {expected}, found {ArgumentValidator.NameOf(Value)}" : $"not a valid value: {ArgumentValidator.NameOf(Value)}");

    private static bool IsNamed(JsonPropertyInfo property, string name, JsonSerializerOptions options) =>
        string.Equals(property.Name, name, options.PropertyNameCaseInsensitive ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    private static JsonTypeInfo? TypeOf(JsonTypeInfo? parent, Type? type) => type is not null && parent!.Options.TryGetTypeInfo(type, out var found) ? found : null;

    private static bool TryGetItem(JsonElement value, int index, out JsonElement item)
    {
        var isThere = value.ValueKind == JsonValueKind.Array && index < value.GetArrayLength();
        item = isThere ? value[index] : default;
        return isThere;
    }

    // "$", then ".name", "['name']" or "[index]" as often as the value is deep.
    private static IEnumerable<(string? Name, int Index)> Steps(string path)
    {
        var at = 1;
        while (at < path.Length)
        {
            var isQuoted = path.AsSpan(at).StartsWith("['");
            var end = isQuoted ? path.IndexOf("']", at, StringComparison.Ordinal) : path[at] == '[' ? path.IndexOf(']', at) : path.AsSpan(at + 1).IndexOfAny('.', '[') is >= 0 and var length ? at + 1 + length : path.Length;
            if (end < 0)
            {
                yield break;
            }

            var step = path[(at + (isQuoted ? 2 : 1))..end];
            if (isQuoted || path[at] == '.')
            {
                yield return (step, 0);
            }
            else if (int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                yield return (null, index);
            }
            else
            {
                yield break;
            }

            at = end + (isQuoted ? 2 : path[at] == '[' ? 1 : 0);
        }
    }

    private static string? NameOf(Type? type, JsonElement value)
    {
        var known = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return known is null ? null
            : known.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(known))
            : known == typeof(DateTime) || known == typeof(DateTimeOffset) ? "date-time"
            : known == typeof(DateOnly) ? "date"
            : known == typeof(TimeOnly) ? "time"
            : known == typeof(TimeSpan) ? "duration, such as \"00:01:30\""
            : known == typeof(Guid) ? "uuid"
            : known == typeof(Uri) ? "uri"
            : known == typeof(bool) ? "boolean"
            : known == typeof(byte[]) ? "base64"
            : RangeOf(known) is not var (least, most) ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number >= least && number <= most ? "integer without fraction and exponent"
            : string.Create(CultureInfo.InvariantCulture, $"integer from {least} to {most}");
    }

    private static (decimal Least, decimal Most)? RangeOf(Type type) => System.Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => (byte.MinValue, byte.MaxValue),
        TypeCode.SByte => (sbyte.MinValue, sbyte.MaxValue),
        TypeCode.Int16 => (short.MinValue, short.MaxValue),
        TypeCode.UInt16 => (ushort.MinValue, ushort.MaxValue),
        TypeCode.Int32 => (int.MinValue, int.MaxValue),
        TypeCode.UInt32 => (uint.MinValue, uint.MaxValue),
        TypeCode.Int64 => (long.MinValue, long.MaxValue),
        TypeCode.UInt64 => (ulong.MinValue, ulong.MaxValue),
        _ => null,
    };
}
