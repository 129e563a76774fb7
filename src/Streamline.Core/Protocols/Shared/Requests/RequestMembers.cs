using System.Text.Json;

namespace Streamline.Protocols.Shared;

/// <summary>Members of a body that several protocols have alike.</summary>
internal static class RequestMembers
{
    private const string NoModel = "The request names no model and the client has no default one: set ChatOptions.ModelId.";

    /// <summary>Gets the model, for a protocol that has it in the address.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static string RequireModel(StreamRequest request, StreamRequestDefaults defaults) =>
        (request.Options?.ModelId ?? defaults.Model) is { Length: > 0 } model ? model : throw new ArgumentException(NoModel, nameof(request));

    /// <summary>Writes the member <c>model</c>, unless the extra body has it.</summary>
    /// <exception cref="ArgumentException">There is no model.</exception>
    public static void WriteModel(Utf8JsonWriter writer, StreamRequest request, StreamRequestDefaults defaults)
    {
        if ((request.Options?.ModelId ?? defaults.Model) is { } model)
        {
            writer.WriteString("model"u8, model);
        }
        else if (request.ExtraBody?.ContainsKey("model") != true)
        {
            throw new ArgumentException(NoModel, nameof(request));
        }
    }

    /// <summary>Writes an array of texts, unless it is empty.</summary>
    public static void WriteTexts(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IList<string>? texts)
    {
        if (texts is not { Count: > 0 })
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    /// <summary>Gets a number as it was meant: 0.7, and not the float that is nearest to it.</summary>
    public static double? Exact(float? value) => value is { } number ? (double)(decimal)number : null;
}
