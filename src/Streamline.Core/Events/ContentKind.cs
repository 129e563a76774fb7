using System.Text.Json.Serialization;

namespace Streamline;

/// <summary>What a block of content holds. Tool calls that the application runs have events of their own.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ContentKind>))]
public enum ContentKind
{
    /// <summary>Text of the answer.</summary>
    Text,

    /// <summary>Reasoning in clear, with or without a signature.</summary>
    Reasoning,

    /// <summary>Reasoning that the provider encrypted; only <see cref="ContentCompleted.Raw"/> holds it.</summary>
    RedactedReasoning,

    /// <summary>The model's explanation of why it declines.</summary>
    Refusal,

    /// <summary>The result of a tool that the provider ran itself; only <see cref="ContentCompleted.Raw"/> holds it.</summary>
    ServerToolResult,

    /// <summary>Anything else; only <see cref="ContentCompleted.Raw"/> holds it.</summary>
    Other,
}
