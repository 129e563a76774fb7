using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Protocols.Shared;

/// <summary>Makes content of what a received request holds, the same that a decoder makes of an answer.</summary>
internal static class ReceivedContent
{
    /// <summary>The media type of an image at an address, whose kind of image is not known.</summary>
    public const string AnyImage = "image/*";

    /// <summary>Keeps the block as it came, for where the exchange types cannot hold all of it.</summary>
    public static T WithRaw<T>(this T content, string provider, JsonElement raw)
        where T : AIContent
    {
        (content.AdditionalProperties ??= [])[ContentProperties.RawBlock(provider)] = raw;
        return content;
    }

    /// <summary>Makes a call of a function from the text of its arguments, which need not be an object.</summary>
    public static FunctionCallContent Call(string callId, string name, string arguments)
    {
        var call = new FunctionCallContent(callId, name) { AdditionalProperties = new() { [ContentProperties.ArgumentsText] = arguments } };
        var error = arguments.Length == 0 ? null : ToolArguments.Read(Encoding.UTF8.GetBytes(arguments), StreamReadOptions.HighestArgumentDepth, out _);
        if (error is not null)
        {
            call.Exception = new JsonException(error);
            return call;
        }

        call.Arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var member in arguments.Length == 0 ? default : WireJson.Parse(arguments).EnumerateObject())
        {
            call.Arguments[member.Name] = member.Value;
        }

        return call;
    }

    /// <summary>Makes data of its base64 text; <see langword="null"/> when the exchange types do not take it, such as for a media type that is none.</summary>
    public static DataContent? Data(string mediaType, string base64) => Data($"data:{mediaType};base64,{base64}");

    /// <summary>Makes data of a <c>data:</c> address; <see langword="null"/> when the exchange types do not take it.</summary>
    public static DataContent? Data(string dataUri)
    {
        try
        {
            var data = new DataContent(dataUri);
            return data.Uri == dataUri && !data.Data.IsEmpty ? data : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Makes content of an address; <see langword="null"/> when it would not be written again as it is.</summary>
    public static UriContent? Address(string address, string mediaType) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.AbsoluteUri == address ? new UriContent(uri, mediaType) : null;
}
