using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Bedrock;
using Streamline.Protocols.Shared;

namespace Streamline;

/// <summary>Turns the updates of a chat client into events: updates in, events out, no waiting.</summary>
/// <remarks>
/// Updates have no blocks: adjacent text is one block, and so is adjacent reasoning up to its signature. Nor have they rounds: a new response begins where
/// the model speaks again after results of functions, or where the id of the response changes.
/// </remarks>
internal sealed class ChatEventBuilder(string provider, string? protocol)
{
    private readonly Queue<StreamEvent> _events = new();
    private readonly ChatCalls _calls = new();
    private UsageDetails? _usage;
    private ChatFinishReason? _finishReason;
    private string? _responseId;
    private bool _isInResponse;
    private bool _hasResults;
    private bool _hasCalls;
    private ContentKind? _openKind;
    private string? _signature;
    private int _nextIndex;

    /// <summary>Whether the current response has said why it ended.</summary>
    public bool HasFinishReason => _finishReason is not null;

    public bool TryTake([NotNullWhen(true)] out StreamEvent? streamEvent) => _events.TryDequeue(out streamEvent);

    public void Apply(ChatResponseUpdate update)
    {
        BeginResponse(update);
        foreach (var content in update.Contents)
        {
            Apply(content);
        }

        _finishReason = update.FinishReason ?? _finishReason;
        foreach (var (name, value) in update.AdditionalProperties ?? [])
        {
            if (ChatContentJson.TryToElement(value, out var element))
            {
                _events.Enqueue(new ProviderMetadata { Name = name, Value = element });
            }
        }
    }

    public void EndStream()
    {
        if (!_isInResponse)
        {
            _events.Enqueue(new ResponseStarted { Provider = provider, Protocol = protocol });
        }

        EndResponse();
    }

    private void BeginResponse(ChatResponseUpdate update)
    {
        if (update.Contents.Any(BlockSeal.IsContinuation))
        {
            _hasResults = false; // the response continues after them
        }

        var isNext = _isInResponse
            && ((_hasResults && update.Role != ChatRole.Tool && update.Contents.Any(content => content is not (FunctionResultContent or UsageContent)))
                || (update.ResponseId is not null && _responseId is not null && update.ResponseId != _responseId));
        if (isNext)
        {
            EndResponse();
        }

        if (!_isInResponse)
        {
            _isInResponse = true;
            _calls.BeginResponse();
            _events.Enqueue(new ResponseStarted { Provider = provider, Protocol = protocol, ResponseId = update.ResponseId, Model = update.ModelId });
        }

        _responseId = update.ResponseId ?? _responseId;
    }

    private void EndResponse()
    {
        CloseBlock();
        var finishReason = ToFinishReason(_finishReason, _hasCalls);
        _events.Enqueue(new ResponseCompleted { FinishReason = finishReason, RawFinishReason = _finishReason?.Value, Usage = ToTokenUsage(_usage) });
        (_isInResponse, _hasResults, _hasCalls) = (false, false, false);
        (_finishReason, _usage, _responseId, _nextIndex) = (null, null, null, 0);
    }

    private void Apply(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                AddText(text);
                break;
            case TextReasoningContent reasoning:
                AddReasoning(reasoning);
                break;
            case FunctionCallContent call:
                AddCall(call);
                break;
            case FunctionResultContent result:
                AddResult(result);
                break;
            case UsageContent usage:
                (_usage ??= new UsageDetails()).Add(usage.Details);
                _events.Enqueue(new UsageUpdated { Usage = ToTokenUsage(_usage)! });
                break;
            case ErrorContent { ErrorCode: nameof(ContentKind.Refusal) } refusal:
                _events.Enqueue(new RefusalDelta { Index = OpenBlock(ContentKind.Refusal), Text = refusal.Message });
                break;
            case ErrorContent error:
                throw new ProviderException(provider, statusCode: null, error.ErrorCode, error.Message) { IsInBand = true, Protocol = protocol };
            case ToolApprovalRequestContent { ToolCall: FunctionCallContent call } approval:
                AddApproval(approval, call);
                break;
            case var _ when BlockSeal.IsContinuation(content):
                break;
            case var _ when BlockSeal.Is(content):
                AddSeal(content);
                break;
            default:
                AddOther(content);
                break;
        }
    }

    private void AddText(TextContent text)
    {
        var index = OpenBlock(ContentKind.Text);
        if (text.Text.Length > 0)
        {
            _events.Enqueue(new TextDelta { Index = index, Text = text.Text });
        }

        foreach (var annotation in text.Annotations ?? [])
        {
            _events.Enqueue(new CitationAdded { Index = index, Citation = ChatContentJson.ToElement(annotation) });
        }
    }

    private void AddReasoning(TextReasoningContent reasoning)
    {
        var index = OpenBlock(ContentKind.Reasoning);
        if (reasoning.Text.Length > 0)
        {
            _events.Enqueue(new ReasoningDelta { Index = index, Text = reasoning.Text });
        }

        if (!string.IsNullOrEmpty(reasoning.ProtectedData))
        {
            _signature = reasoning.ProtectedData;
        }
    }

    private void AddCall(FunctionCallContent call)
    {
        CloseBlock();
        var arguments = ChatContentJson.ArgumentsOf(call, out var text, out var parseError);
        if (_calls.TryAdd(call, text, _nextIndex, _responseId) is not { } added)
        {
            return;
        }

        _hasCalls |= !call.InformationalOnly;
        var index = _nextIndex++;
        _events.Enqueue(new ToolCallStarted { Index = index, CallId = added.Id, Name = call.Name, IsProviderExecuted = call.InformationalOnly });
        _events.Enqueue(new ToolCallCompleted
        {
            Index = index,
            CallId = added.Id,
            Name = call.Name,
            IsProviderExecuted = call.InformationalOnly,
            ArgumentsText = text,
            Arguments = arguments,
            ParseError = parseError,
        });
    }

    private void AddResult(FunctionResultContent result)
    {
        CloseBlock();
        _hasResults = true;
        var call = _calls.TakeAnswered(result.CallId);
        _events.Enqueue(new ToolResult
        {
            CallId = call?.Id ?? result.CallId,
            Name = call?.Name ?? "",
            Result = ChatContentJson.ResultOf(result),
            IsError = result.IsError(),
        });
    }

    /// <summary>Asks for approval of a call, which other libraries send only within the question. The answer belongs into the next request.</summary>
    private void AddApproval(ToolApprovalRequestContent approval, FunctionCallContent call)
    {
        var arguments = ChatContentJson.ArgumentsOf(call, out var text, out _);
        if (_calls.Find(call, text) is null)
        {
            AddCall(call);
        }

        _events.Enqueue(new ApprovalRequested
        {
            ApprovalId = approval.RequestId,
            CallId = _calls.Find(call, text)!.Id,
            Name = call.Name,
            Arguments = arguments ?? JsonElement.Parse("{}"u8),
            Token = ContentProperties.TextOf(approval, ContentProperties.ApprovalToken),
            ExpiresAt = DateTimeOffset.TryParse(
                ContentProperties.TextOf(approval, ContentProperties.ApprovalExpiresAt), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var expiresAt) ? expiresAt : null,
        });
    }

    private void AddOther(AIContent content)
    {
        CloseBlock();
        if (!ChatContentJson.TryToElement(content, out var raw))
        {
            _events.Enqueue(new ProviderEvent { Name = content.GetType().Name, Data = "" });
            return;
        }

        var index = _nextIndex++;
        _events.Enqueue(new ContentStarted { Index = index, Kind = ContentKind.Other });
        _events.Enqueue(new ContentCompleted { Index = index, Kind = ContentKind.Other, Raw = raw });
    }

    private int OpenBlock(ContentKind kind)
    {
        if (_openKind != kind || _signature is not null)
        {
            CloseBlock();
            _openKind = kind;
            _events.Enqueue(new ContentStarted { Index = _nextIndex++, Kind = kind });
        }

        return _nextIndex - 1;
    }

    private void CloseBlock(JsonElement? raw = null)
    {
        if (_openKind is { } kind)
        {
            _events.Enqueue(new ContentCompleted { Index = _nextIndex - 1, Kind = kind, Signature = _signature, Raw = raw });
            (_openKind, _signature) = (null, null);
        }
    }

    /// <summary>Ends a block where a chat client of ours says that it ends.</summary>
    private void AddSeal(AIContent seal)
    {
        JsonElement? raw = seal.AdditionalProperties!.GetValueOrDefault(ContentProperties.RawBlock(protocol ?? provider)) is JsonElement block ? block : null;
        if (raw is not null && BlockSeal.KindOf(seal) is { } kind && kind != _openKind)
        {
            OpenBlock(kind);
        }

        CloseBlock(raw);
    }

    private static FinishReason ToFinishReason(ChatFinishReason? reason, bool hasCalls) => reason switch
    {
        _ when reason == ChatFinishReason.ToolCalls || (hasCalls && reason == ChatFinishReason.Stop) => FinishReason.ToolCalls,
        _ when reason == ChatFinishReason.Stop => FinishReason.Stop,
        _ when reason == ChatFinishReason.Length => FinishReason.Length,
        _ when reason == ChatFinishReason.ContentFilter => FinishReason.ContentFilter,
        _ => FinishReason.Other,
    };

    private static TokenUsage? ToTokenUsage(UsageDetails? usage) => usage is null ? null : new TokenUsage
    {
        InputTokens = usage.InputTokenCount,
        OutputTokens = usage.OutputTokenCount,
        TotalTokens = usage.TotalTokenCount,
        CachedInputTokens = usage.CachedInputTokenCount,
        ReasoningTokens = usage.ReasoningTokenCount,
        AdditionalCounts = usage.AdditionalCounts is { Count: > 0 } counts ? new Dictionary<string, long>(counts, StringComparer.Ordinal) : null,
    };
}
