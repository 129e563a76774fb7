namespace Streamline.Protocols.Ollama;

/// <summary>A message, sorted by where the protocol has a place for its contents.</summary>
internal sealed class OllamaMessage
{
    private readonly List<string> _thinking = [];
    private readonly List<string> _images = [];
    private readonly List<FunctionCallContent> _calls = [];

    /// <summary>Initializes a new instance of the <see cref="OllamaMessage"/> class that holds nothing.</summary>
    public OllamaMessage()
    {
    }

    /// <summary>Initializes a new instance of the <see cref="OllamaMessage"/> class.</summary>
    /// <param name="message">The message. Results of tools in it are passed over: they are messages of their own.</param>
    /// <exception cref="ArgumentException">The message holds something that the protocol cannot carry.</exception>
    public OllamaMessage(ChatMessage message)
    {
        foreach (var content in message.Contents)
        {
            Sort(content);
        }
    }

    /// <summary>Tells whether there is anything to send for a content.</summary>
    public static bool IsSent(AIContent content) => content switch
    {
        TextContent text => text.Text.Length > 0,
        ErrorContent error => !string.IsNullOrEmpty(error.Message),
        UsageContent => false,

        // The reasoning of another provider means nothing to this one.
        TextReasoningContent => content.RawBlock(OllamaProtocol.ProtocolName) is not null,
        _ => !content.IsProvidersOwn() || content.RawBlock(OllamaProtocol.ProtocolName) is not null,
    };

    /// <summary>Tells whether a content is an image that can be sent.</summary>
    public static bool IsImage(AIContent content) => content is DataContent data && data.HasTopLevelMediaType("image");

    public List<string> Texts { get; } = [];

    public bool IsEmpty => Texts.TrueForAll(string.IsNullOrEmpty) && _thinking.Count == 0 && _images.Count == 0 && _calls.Count == 0;

    /// <summary>Writes the members of the message except its role.</summary>
    public void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("content"u8, string.Concat(Texts));
        writer.WriteText("thinking"u8, _thinking.Count > 0 ? string.Concat(_thinking) : null);
        writer.WriteNonEmptyArray("images", _images, static (writer, image) => writer.WriteStringValue(image));
        writer.WriteNonEmptyArray("tool_calls", [.. _calls.Index()], static (writer, item) =>
            OllamaToolCall.Write(writer, item.Item.CallId, item.Index, item.Item.Name, item.Item.RawBlock(OllamaProtocol.ProtocolName), function =>
            {
                function.WritePropertyName("arguments"u8);
                ArgumentValues.WriteObject(function, item.Item);
            }));
    }

    private void Sort(AIContent content)
    {
        var raw = content.RawBlock(OllamaProtocol.ProtocolName);
        switch (content)
        {
            case TextContent text:
                Texts.Add(text.Text);
                break;
            case ErrorContent refusal:
                Texts.Add(refusal.Message);
                break;
            case TextReasoningContent reasoning:
                // The reasoning of another provider means nothing to this one.
                _thinking.AddRange(raw is null ? [] : [reasoning.Text]);
                break;
            case DataContent data when data.HasTopLevelMediaType("image"):
                _images.Add(data.Base64Data.ToString());
                break;
            case FunctionCallContent call:
                _calls.Add(call);
                break;
            case FunctionResultContent or UsageContent:
                break;
            case not null when raw is { } block:
                _images.AddRange(block.Items("images"u8).Where(image => image.ValueKind == JsonValueKind.String).Select(image => image.GetString()!));
                break;
            case not null when content.IsProvidersOwn():
                break;
            default:
                throw content!.NotCarried(OllamaProtocol.ProtocolName);
        }
    }
}
