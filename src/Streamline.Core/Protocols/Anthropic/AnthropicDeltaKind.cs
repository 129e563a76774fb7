namespace Streamline.Protocols.Anthropic;

/// <summary>The deltas that come in great numbers.</summary>
internal enum AnthropicDeltaKind
{
    /// <summary>Any other delta.</summary>
    Other,

    /// <summary><c>text_delta</c>.</summary>
    Text,

    /// <summary><c>thinking_delta</c>.</summary>
    Thinking,

    /// <summary><c>input_json_delta</c>.</summary>
    InputJson,
}
