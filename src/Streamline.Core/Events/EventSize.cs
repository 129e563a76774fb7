using System.Runtime.InteropServices;
using System.Text.Json;
using Streamline.Text;

namespace Streamline;

/// <summary>Measures the part of an event whose size a provider decides: UTF-16 code units of text, UTF-8 bytes of raw JSON.</summary>
internal static class EventSize
{
    public static int Of(StreamEvent streamEvent) => streamEvent switch
    {
        TextDelta delta => delta.Text.Length,
        ReasoningDelta delta => delta.Text.Length,
        RefusalDelta delta => delta.Text.Length,
        ToolInputDelta delta => delta.Fragment.Length,
        CitationAdded citation => Of(citation.RawCitation),
        ContentStarted started => Of(started.RawProviderData),
        ContentCompleted completed => Of(completed.RawBlock) + (completed.Signature?.Length ?? 0),
        ToolCallStarted started => started.CallId.Length + started.Name.Length + Of(started.RawProviderData),
        ToolCallCompleted completed => completed.ArgumentsText.Length + Of(completed.Arguments) + Of(completed.RawProviderData),
        ApprovalRequested approval => Of(approval.Arguments),
        ToolProgress progress => Of(progress.Progress),
        ToolResult result => Of(result.Result),
        TextFinding finding => Of(finding.Result),
        MarkdownUpdated { Update: MarkdownBlockText text } => text.Text.Length,
        CodeBlockUpdated { Update: CodeBlockDelta code } => code.Text.Length,
        ProviderMetadata metadata => Of(metadata.RawValue),
        ProviderEvent providerEvent => providerEvent.Data.Length,
        _ => 0,
    };

    private static int Of(RawJson? json) => json is null ? 0 : json.Utf8.Length;

    private static int Of(JsonElement? element) =>
        element is { ValueKind: not JsonValueKind.Undefined } value ? JsonMarshal.GetRawUtf8Value(value).Length : 0;
}
