namespace Streamline.Protocols.Cohere;

/// <summary>Writes the messages of a normalized conversation.</summary>
/// <param name="writer">The writer, inside the body.</param>
internal sealed class CohereMessageWriter(Utf8JsonWriter writer) : RoleMessageWriter(writer, CohereProtocol.ProtocolName, OwnMembers)
{
    /// <summary>The members of messages that are made of their contents.</summary>
    public static readonly string[] OwnMembers = ["role", "content", "tool_calls", "tool_plan", "citations", "tool_call_id"];

    protected override bool IsSent(AIContent content) => CohereContentWriter.IsSent(content);

    protected override void WriteContent(List<AIContent> contents, string role) => CohereContentWriter.WriteAll(Writer, contents, role);

    protected override void WriteContent(FunctionResultContent result) => CohereContentWriter.WriteResult(Writer, result);

    protected override void WriteAssistant(ChatMessage message)
    {
        List<AIContent> sent = [.. message.Contents.Where(CohereContentWriter.IsSent)];
        if (sent.Count == 0)
        {
            return;
        }

        WriteMessage(message, "assistant", () =>
        {
            var plan = string.Concat(sent.Where(CohereReasoning.IsPlan).Select(content => ((TextReasoningContent)content).Text));
            Writer.WriteText("tool_plan"u8, plan.Length > 0 ? plan : null);
            List<AIContent> contents = [.. sent.Where(content => content is not FunctionCallContent && !CohereReasoning.IsPlan(content))];
            if (contents.Count > 0)
            {
                CohereContentWriter.WriteAll(Writer, contents, "assistant");
            }

            Writer.WriteNonEmptyArray("tool_calls", [.. sent.OfType<FunctionCallContent>()], CohereContentWriter.WriteCall);
            Writer.WriteNonEmptyArray("citations", [.. sent.SelectMany(content => content.RawAnnotations(CohereProtocol.ProtocolName))], JsonWriting.WriteVerbatim);
        });
    }
}
