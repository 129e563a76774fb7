using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline;

/// <summary>Makes the exchange types' messages out of folded blocks.</summary>
internal static class StreamMessages
{
    public static void AddRound(List<ChatMessage> messages, StreamState state, ToolAnswers answers, IReadOnlyDictionary<string, ApprovalRequested>? approvals, bool closesAll)
    {
        if (state.Blocks.Count == 0)
        {
            // Of calls that an earlier stream left open, before this one's first response.
            List<AIContent> earlier = [.. answers.All()];
            if (earlier.Count > 0)
            {
                messages.Add(new ChatMessage(ChatRole.Tool, earlier));
            }

            return;
        }

        var answer = ToAssistantMessage(state, choice: 0);
        foreach (var approval in approvals?.Values ?? [])
        {
            if (!string.IsNullOrWhiteSpace(approval.ApprovalId) && answer.Contents.OfType<FunctionCallContent>().FirstOrDefault(call => call.CallId == approval.CallId) is { } call)
            {
                answer.Contents.Add(ToContent(approval, call));
            }
        }

        messages.Add(answer);
        List<AIContent>? results = null;
        var blocks = state.Blocks;
        var seen = new SeenCalls(blocks);
        for (var i = 0; i < blocks.Count; i++)
        {
            // A call that waits for approval stays open: the answer may come in a later request.
            if (blocks[i].CallId is { } callId && !seen.IsRepeated(i) && approvals?.ContainsKey(callId) != true && answers.Find(blocks[i], closesAll || !state.IsCompleted) is { } result)
            {
                (results ??= []).Add(result);
            }
        }

        if (results is not null)
        {
            messages.Add(new ChatMessage(ChatRole.Tool, results));
        }
    }

    public static ChatMessage ToAssistantMessage(StreamState state, int choice)
    {
        List<AIContent> contents = [];
        var blocks = state.Blocks;
        var seen = new SeenCalls(blocks);
        for (var i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].Choice == choice && !seen.IsRepeated(i) && ToContent(blocks[i]) is { } content)
            {
                contents.Add(content);
            }
        }

        return new ChatMessage(ChatRole.Assistant, contents) { MessageId = state.ResponseId };
    }

    public static ChatFinishReason ToChatFinishReason(FinishReason reason, string? raw) => reason switch
    {
        FinishReason.Stop => ChatFinishReason.Stop,
        FinishReason.ToolCalls => ChatFinishReason.ToolCalls,
        FinishReason.Length => ChatFinishReason.Length,
        FinishReason.ContentFilter or FinishReason.Refusal => ChatFinishReason.ContentFilter,
        _ => string.IsNullOrWhiteSpace(raw) ? new ChatFinishReason("other") : new ChatFinishReason(raw),
    };

    public static UsageDetails? Sum(UsageDetails? finished, TokenUsage? current)
    {
        if (current is null)
        {
            return finished;
        }

        var sum = new UsageDetails();
        if (finished is not null)
        {
            sum.Add(finished);
        }

        sum.Add(ToUsageDetails(current));
        return sum;
    }

    public static UsageDetails ToUsageDetails(TokenUsage usage)
    {
        var details = new UsageDetails
        {
            InputTokenCount = usage.InputTokens,
            OutputTokenCount = usage.OutputTokens,
            TotalTokenCount = usage.TotalTokens ?? usage.InputTokens + usage.OutputTokens,
            CachedInputTokenCount = usage.CachedInputTokens,
            ReasoningTokenCount = usage.ReasoningTokens,
        };
        foreach (var (name, count) in usage.AdditionalCounts ?? new Dictionary<string, long>())
        {
            (details.AdditionalCounts ??= [])[name] = count;
        }

        if (usage.CacheWriteTokens is { } written)
        {
            (details.AdditionalCounts ??= [])["cacheWriteTokens"] = written;
        }

        return details;
    }

    /// <summary>Makes the content of a block; <see langword="null"/> for one that says nothing.</summary>
    public static AIContent? ToContent(StreamBlock block)
    {
        if (block.CallId is not null)
        {
            ToolCallContent call = block.IsProviderExecuted ? new ToolCallContent(block.CallId) : ToFunctionCall(block);
            (call.AdditionalProperties ??= [])[ContentProperties.ArgumentsText] = block.Text;
            return WithRaw(call, block);
        }

        var text = block.JoinText();
        AIContent? content = block.Kind switch
        {
            ContentKind.Text => text.Length > 0 || block.Citations.Count > 0 || block.RawBlock is not null ? new TextContent(text) : null,
            ContentKind.Reasoning => new TextReasoningContent(text) { ProtectedData = block.Signature },
            _ when block.RawBlock is null && block.Kind is not (ContentKind.Reasoning or ContentKind.Refusal) => null, // it was cut before its whole came
            ContentKind.RedactedReasoning => new TextReasoningContent(""),
            ContentKind.Refusal => new ErrorContent(text) { ErrorCode = nameof(ContentKind.Refusal) },
            _ => new AIContent(),
        };
        if (content is not null && block.CitationsByProtocol is { } citations)
        {
            content.Annotations = [.. citations.Select(citation => ToAnnotation(citation.Citation.Element, citation.Protocol))];
        }

        return content is null ? null : WithRaw(content, block);
    }

    private static FunctionCallContent ToFunctionCall(StreamBlock block)
    {
        var call = new FunctionCallContent(block.CallId!, block.Name!);
        if (block.Arguments is { ValueKind: JsonValueKind.Object } arguments)
        {
            call.Arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
            foreach (var member in arguments.EnumerateObject())
            {
                call.Arguments[member.Name] = member.Value.Clone();
            }

            return call;
        }

        call.InformationalOnly = !block.IsCompleted;
        call.Exception = new JsonException(block.ParseError ?? "The arguments of the call did not arrive whole.");
        return call;
    }

    public static FunctionResultContent ToContent(ToolResult result) => new(result.CallId, result.Result)
    {
        AdditionalProperties = result.IsError ? new() { [ContentProperties.IsError] = true } : null,
    };

    /// <summary>Makes the content that asks for approval of a call, in a form that survives storing.</summary>
    public static ToolApprovalRequestContent ToContent(ApprovalRequested approval, FunctionCallContent call) => new(approval.ApprovalId, call)
    {
        AdditionalProperties = PropertiesOf(approval),
        RawRepresentation = approval,
    };

    private static AdditionalPropertiesDictionary? PropertiesOf(ApprovalRequested approval)
    {
        if (approval.Token is not { } token)
        {
            return null;
        }

        var properties = new AdditionalPropertiesDictionary { [ContentProperties.ApprovalToken] = token };
        if (approval.ExpiresAt is { } expiresAt)
        {
            properties[ContentProperties.ApprovalExpiresAt] = expiresAt.ToString("O", CultureInfo.InvariantCulture);
        }

        return properties;
    }

    public static CitationAnnotation ToAnnotation(JsonElement citation, string? protocol)
    {
        var document = FirstDocument(citation);
        return new()
        {
            Title = Text(citation, "title") ?? Text(citation, "document_title") ?? Text(document, "title"),
            Snippet = Text(citation, "cited_text") ?? Text(document, "snippet"),
            Url = Uri.TryCreate(Text(citation, "url") ?? Text(citation, "uri") ?? Text(document, "url"), UriKind.Absolute, out var url) ? url : null,
            FileId = Text(citation, "file_id"),
            RawRepresentation = citation,
            AdditionalProperties = protocol is null ? null : new() { [ContentProperties.RawBlock(protocol)] = citation },
        };
    }

    /// <summary>Gets the document of the first source, for citations that list their sources.</summary>
    private static JsonElement FirstDocument(JsonElement citation) =>
        citation.ValueKind == JsonValueKind.Object && citation.TryGetProperty("sources"u8, out var sources) && sources.ValueKind == JsonValueKind.Array
            && sources.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } source && source.TryGetProperty("document"u8, out var document)
            ? document
            : default;

    private static string? Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;

    private static AIContent WithRaw(AIContent content, StreamBlock block)
    {
        if (block.Raw is { } raw && block.Protocol is { } protocol)
        {
            content.RawRepresentation = raw;
            (content.AdditionalProperties ??= [])[ContentProperties.RawBlock(protocol)] = raw;
        }

        return content;
    }

    /// <summary>Finds the calls that an earlier block is already. Some gateways send a call again; no provider takes two of one id.</summary>
    private readonly struct SeenCalls(IReadOnlyList<StreamBlock> blocks)
    {
        // Up to so many blocks are compared with each other.
        private const int MaxCompared = 32;

        private readonly HashSet<string>? _callIds = blocks.Count > MaxCompared ? new(StringComparer.Ordinal) : null;

        public bool IsRepeated(int index)
        {
            if (blocks[index].CallId is not { } callId)
            {
                return false;
            }

            if (_callIds is not null)
            {
                return !_callIds.Add(callId);
            }

            for (var i = 0; i < index; i++)
            {
                if (string.Equals(blocks[i].CallId, callId, StringComparison.Ordinal))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
