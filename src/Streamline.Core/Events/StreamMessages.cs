using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline;

/// <summary>Makes the exchange types' messages out of folded blocks.</summary>
internal static class StreamMessages
{
    public static void AddRound(List<ChatMessage> messages, StreamState state, ToolAnswers answers, IReadOnlyDictionary<string, ApprovalRequested> approvals, bool closesAll)
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
        foreach (var approval in approvals.Values)
        {
            if (!string.IsNullOrWhiteSpace(approval.ApprovalId) && answer.Contents.OfType<FunctionCallContent>().FirstOrDefault(call => call.CallId == approval.CallId) is { } call)
            {
                answer.Contents.Add(ToContent(approval, call));
            }
        }

        messages.Add(answer);

        // A call that waits for approval stays open: the answer may come in a later request.
        List<AIContent> results = [.. Distinct(state.Blocks)
            .Where(block => block.CallId is null || !approvals.ContainsKey(block.CallId))
            .Select(block => answers.Find(block, closesAll || !state.IsCompleted))
            .OfType<AIContent>()];
        if (results.Count > 0)
        {
            messages.Add(new ChatMessage(ChatRole.Tool, results));
        }
    }

    public static ChatMessage ToAssistantMessage(StreamState state, int choice)
    {
        var message = new ChatMessage(ChatRole.Assistant, (IList<AIContent>)[]) { MessageId = state.ResponseId };
        foreach (var block in Distinct(state.Blocks.Where(block => block.Choice == choice)))
        {
            if (ToContent(block, state.Provider) is { } content)
            {
                message.Contents.Add(content);
            }
        }

        return message;
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

    /// <summary>The blocks without calls seen before. Some gateways send a call again; no provider takes two of one id.</summary>
    private static IEnumerable<StreamBlock> Distinct(IEnumerable<StreamBlock> blocks)
    {
        HashSet<string>? callIds = null;
        return blocks.Where(block => block.CallId is null || (callIds ??= new(StringComparer.Ordinal)).Add(block.CallId));
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
    public static AIContent? ToContent(StreamBlock block, string? provider)
    {
        if (block.CallId is not null)
        {
            ToolCallContent call = block.IsProviderExecuted ? new ToolCallContent(block.CallId) : ToFunctionCall(block);
            (call.AdditionalProperties ??= [])[ContentProperties.ArgumentsText] = block.Text;
            return WithRaw(call, block, provider);
        }

        var text = block.Text;
        AIContent? content = block.Kind switch
        {
            ContentKind.Text => text.Length > 0 || block.Citations.Count > 0 || block.Raw is not null ? new TextContent(text) : null,
            ContentKind.Reasoning => new TextReasoningContent(text) { ProtectedData = block.Signature },
            _ when block.Raw is null && block.Kind is not (ContentKind.Reasoning or ContentKind.Refusal) => null, // it was cut before its whole came
            ContentKind.RedactedReasoning => new TextReasoningContent(""),
            ContentKind.Refusal => new ErrorContent(text) { ErrorCode = nameof(ContentKind.Refusal) },
            _ => new AIContent(),
        };
        foreach (var citation in content is null ? [] : block.Citations)
        {
            (content!.Annotations ??= []).Add(ToAnnotation(citation, provider));
        }

        return content is null ? null : WithRaw(content, block, provider);
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
        AdditionalProperties = approval.Token is { } token ? new() { [ContentProperties.ApprovalToken] = token } : null,
        RawRepresentation = approval,
    };

    public static CitationAnnotation ToAnnotation(JsonElement citation, string? provider) => new()
    {
        Title = Text(citation, "title") ?? Text(citation, "document_title"),
        Snippet = Text(citation, "cited_text"),
        Url = Uri.TryCreate(Text(citation, "url") ?? Text(citation, "uri"), UriKind.Absolute, out var url) ? url : null,
        FileId = Text(citation, "file_id"),
        RawRepresentation = citation,
        AdditionalProperties = provider is null ? null : new() { [ContentProperties.RawBlock(provider)] = citation },
    };

    private static string? Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;

    private static AIContent WithRaw(AIContent content, StreamBlock block, string? provider)
    {
        if (block.Raw is { } raw && provider is not null)
        {
            content.RawRepresentation = raw;
            (content.AdditionalProperties ??= [])[ContentProperties.RawBlock(provider)] = raw;
        }

        return content;
    }
}
