using System.Text;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <summary>What a decoder keeps of a block that is open.</summary>
/// <param name="index">The index of the block in the events.</param>
/// <param name="kind">What it holds; <see langword="null"/> for a tool call.</param>
internal sealed class AnthropicBlock(int index, ContentKind? kind)
{
    /// <summary>The decoder of the block's text or of its arguments' text; a field, as it changes in place.</summary>
    public JsonStringDecoder TextDecoder;

    public int Index { get; } = index;

    public ContentKind? Kind { get; } = kind;

    /// <summary>Gets the arguments of a tool call.</summary>
    public ToolCallAssembler? Call { get; init; }

    /// <summary>Gets the JSON text of the arguments that came with the start of a tool call; they count when no others follow.</summary>
    public string? StartInput { get; init; }

    /// <summary>Gets the whole block as it began, for kinds that have no deltas of their own.</summary>
    public JsonElement? Raw { get; init; }

    public string? Signature { get; set; }

    /// <summary>Gets or sets the content of a compaction block that came in deltas.</summary>
    public StringBuilder? CompactedContent { get; set; }

    public string? CompactedEncryptedContent { get; set; }

    /// <summary>Tells whether the block grows by deltas of this kind.</summary>
    public bool Takes(AnthropicDeltaKind delta) => delta switch
    {
        AnthropicDeltaKind.Text => Kind == ContentKind.Text,
        AnthropicDeltaKind.Thinking => Kind == ContentKind.Reasoning,
        AnthropicDeltaKind.InputJson => Call is not null,
        _ => false,
    };
}
