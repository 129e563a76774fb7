using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Writes the place of a value as <see cref="JsonException.Path"/> does.</summary>
internal static class JsonPath
{
    // A name with one of these is written in brackets.
    private static readonly SearchValues<char> Special = SearchValues.Create(". '/\"[]()\t\n\r\f\b\\\u0085\u2028\u2029");

    /// <summary>Writes the path of a value from the root of its document on.</summary>
    /// <param name="document">The root.</param>
    /// <param name="pointer">The place of the value, as a JSON Pointer to something that has begun.</param>
    public static string Of(PartialJsonElement document, ReadOnlySpan<char> pointer)
    {
        var path = new StringBuilder("$");
        while (!pointer.IsEmpty)
        {
            var token = JsonPointer.NextToken(pointer, out var rest);
            if (document.ValueKind == JsonValueKind.Array)
            {
                path.Append('[').Append(token).Append(']');
            }
            else
            {
                Append(path, JsonPointer.Unescape(token));
            }

            document = document.GetPointer(string.Concat("/", token));
            pointer = rest;
        }

        return path.ToString();
    }

    /// <summary>Writes the path of a member.</summary>
    /// <param name="path">The path of its owner.</param>
    /// <param name="name">Its name.</param>
    public static string Of(string path, string name)
    {
        var builder = new StringBuilder(path);
        Append(builder, name);
        return builder.ToString();
    }

    /// <summary>Finds a value by its path.</summary>
    /// <param name="element">The value that the path begins at.</param>
    /// <param name="path">The path, as <see cref="JsonException.Path"/> writes it.</param>
    /// <returns>The value; of kind <see cref="JsonValueKind.Undefined"/> where there is none.</returns>
    public static PartialJsonElement Find(PartialJsonElement element, string path)
    {
        var rest = path.AsSpan(path.StartsWith('$') ? 1 : 0);
        while (!rest.IsEmpty && element.ValueKind != JsonValueKind.Undefined)
        {
            if (rest is ['[', '\'', ..])
            {
                var end = rest.IndexOf("']");
                element.TryGetProperty(end < 0 ? rest[2..] : rest[2..end], out element);
                rest = end < 0 ? default : rest[(end + 2)..];
            }
            else if (rest[0] == '[')
            {
                var end = rest.IndexOf(']');
                element = int.TryParse(rest[1..Math.Max(1, end)], CultureInfo.InvariantCulture, out var index) && element.ValueKind == JsonValueKind.Array ? element[index] : default;
                rest = end < 0 ? default : rest[(end + 1)..];
            }
            else
            {
                var end = rest[1..].IndexOfAny('.', '[') is >= 0 and var next ? next + 1 : rest.Length;
                element.TryGetProperty(rest[1..end], out element);
                rest = rest[end..];
            }
        }

        return element;
    }

    private static void Append(StringBuilder path, string name) =>
        _ = name.AsSpan().ContainsAny(Special) ? path.Append("['").Append(name).Append("']") : path.Append('.').Append(name);
}
