namespace Streamline.Protocols.Cohere;

/// <summary>The two forms of reasoning: a thinking content, and the plan before tool calls. A mark on the block says which one it is, so that it is sent back unchanged.</summary>
internal static class CohereReasoning
{
    public static readonly JsonElement Thinking = JsonElement.Parse("""{"type":"thinking"}"""u8);

    public static readonly JsonElement Plan = JsonElement.Parse("""{"type":"tool_plan"}"""u8);

    /// <summary>Tells whether a raw block is only such a mark.</summary>
    public static bool IsMark(JsonElement? raw) => IsPlan(raw) || (raw is { } block && block.TextEquals("type"u8, "thinking"u8) && block.Member("thinking"u8) is null);

    public static bool IsPlan(JsonElement? raw) => raw is { } block && block.TextEquals("type"u8, "tool_plan"u8);

    public static bool IsPlan(AIContent content) => content is TextReasoningContent && IsPlan(content.RawBlock(CohereProtocol.ProtocolName));
}
