namespace Streamline.Protocols.Shared;

/// <summary>Makes content of what a received request holds, the same that a decoder makes of an answer.</summary>
internal static class ReceivedContent
{
    /// <summary>The media type of an image at an address, whose kind of image is not known.</summary>
    public const string AnyImage = "image/*";

    /// <summary>Keeps the block unchanged, for where the exchange types cannot hold all of it.</summary>
    public static T WithRaw<T>(this T content, string provider, JsonElement raw)
        where T : AIContent
    {
        (content.AdditionalProperties ??= [])[ContentProperties.RawBlock(provider)] = raw;
        return content;
    }

    /// <summary>Keeps a message unchanged, for what the exchange types and the contents cannot hold of it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="provider">The name of the protocol.</param>
    /// <param name="received">The message as received.</param>
    /// <param name="ownMembers">The members that are made of the contents.</param>
    public static ChatMessage WithRest(this ChatMessage message, string provider, RequestValue received, string[] ownMembers)
    {
        if (!received.HasOnly(ownMembers))
        {
            (message.AdditionalProperties ??= [])[ContentProperties.RawBlock(provider)] = received.Json;
        }

        return message;
    }

    /// <summary>Reads a text with its annotations.</summary>
    /// <param name="block">What holds the text.</param>
    /// <param name="annotations">The member of the annotations.</param>
    /// <param name="provider">The name of the protocol.</param>
    public static TextContent Text(RequestValue block, string annotations, string provider)
    {
        var text = new TextContent(block.Required("text").Text());
        foreach (var annotation in block.Member(annotations)?.Items() ?? [])
        {
            (text.Annotations ??= []).Add(StreamMessages.ToAnnotation(annotation.Json, provider));
        }

        return text;
    }

    /// <summary>Reads the result of a tool, which may say that it is an error.</summary>
    /// <param name="callId">The id of the call.</param>
    /// <param name="value">The result; <see langword="null"/> for none.</param>
    /// <param name="readContents">Reads the contents that a result can be made of.</param>
    /// <param name="isError">Whether it is an error.</param>
    public static FunctionResultContent Result(string callId, RequestValue? value, Func<RequestValue, IList<AIContent>> readContents, bool isError = false)
    {
        object? result = value switch
        {
            null => null,
            { IsText: true } text => text.Text(),
            { Json.ValueKind: JsonValueKind.Array } contents => readContents(contents),
            { } other => other.Json,
        };
        return new FunctionResultContent(callId, result) { AdditionalProperties = isError ? new() { [ContentProperties.IsError] = true } : null };
    }

    /// <summary>Makes an image of its address, or of its data in a <c>data:</c> address.</summary>
    /// <param name="url">The address.</param>
    /// <param name="detail">How closely the model is to look at it.</param>
    /// <returns>The content, <see langword="null"/> when the exchange types do not take it; and whether it is an image by its media type.</returns>
    public static (AIContent? Content, bool IsImage) Image(string url, string? detail)
    {
        AIContent? content = url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? Data(url) : Address(url, AnyImage);
        if (content is not null && detail is not null)
        {
            content.AdditionalProperties = new() { ["detail"] = detail };
        }

        return (content, content is UriContent || (content is DataContent data && data.HasTopLevelMediaType("image")));
    }

    /// <summary>Reads a file that has its data in the request, as both OpenAI protocols have it.</summary>
    /// <returns>The content, <see langword="null"/> when the exchange types do not take it; and whether a writer writes it as a file again, and not as media.</returns>
    public static (DataContent? Content, bool IsFile) File(RequestValue file)
    {
        var data = file.Member("file_data") is { } address ? Data(address.Text()) : null;
        if (data is not null)
        {
            data.Name = file.Member("filename")?.Text();
        }

        return (data, data is { Name: not null } && !data.IsMedia());
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
        foreach (var member in arguments.Length == 0 ? default : ProviderJson.Parse(arguments).EnumerateObject())
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
