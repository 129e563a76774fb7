using System.Text;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>Everything that is observable about a value, in a form that can be compared.</summary>
internal static class JsonDescription
{
    public static string Of(PartialJsonElement element)
    {
        var text = new StringBuilder();
        Describe(element, text);
        return text.ToString();
    }

    private static void Describe(PartialJsonElement element, StringBuilder text)
    {
        text.Append(element.IsComplete ? '=' : '~');
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{').Append(element.GetPropertyCount()).Append(':');
                foreach (var property in element.EnumerateObject())
                {
                    text.Append('"').Append(property.Name).Append('"');
                    Describe(property.Value, text);
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[').Append(element.GetArrayLength()).Append(':');
                foreach (var item in element.EnumerateArray())
                {
                    Describe(item, text);
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                text.Append('"').Append(element.GetString()).Append('"');
                break;
            default:
                text.Append(element.ValueKind).Append(element.GetRawText());
                break;
        }
    }
}
