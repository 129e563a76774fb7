using System.Text;
using System.Text.Json;
using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Gemini;

/// <summary>Decodes the chunks of <c>streamGenerateContent</c>, each of which holds only what is new.</summary>
/// <remarks>
/// The wire has no last chunk: a finish reason, or a reason why the prompt was blocked, says that the answer is whole, and the end of the body
/// that there is no more. A call that comes whole is sealed when it comes.
/// </remarks>
internal sealed class GeminiEventDecoder : StreamEventDecoder
{
    private readonly string? _requestId;
    private readonly DecoderOutput _output;
    private readonly OpenAIChatMetadata _metadata;
    private readonly SortedDictionary<int, GeminiCandidate> _candidates = [];
    private readonly GeminiUsage _usage = new();
    private string? _blockReason;
    private bool _isStarted;

    public GeminiEventDecoder(StreamReadOptions options, string? requestId)
    {
        _requestId = requestId;
        _output = new DecoderOutput(options, Emit);
        _metadata = new OpenAIChatMetadata(_output);
    }

    public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        // The mark of other wires' ends, which gateways add.
        var trimmed = data.Trim(" \t\r\n"u8);
        if (trimmed.IsEmpty || trimmed.SequenceEqual("[DONE]"u8))
        {
            return;
        }

        var payload = new ParsedPayload(data, "a chunk", byteOffset);
        if (GeminiErrors.ReadInBand(payload.Root, _requestId) is { } error)
        {
            throw error;
        }

        if (payload.Root.ValueKind != JsonValueKind.Object)
        {
            throw JsonPayload.Invalid($"a chunk of kind {payload.Root.ValueKind}", "an object", byteOffset);
        }

        if (IsChunk(payload.Root))
        {
            DecodeChunk(payload);
        }
        else
        {
            _output.Emit(new ProviderEvent { Name = eventType.IsEmpty ? "message" : Encoding.UTF8.GetString(eventType), Data = payload.Root.RawText() });
        }
    }

    public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText)
    {
        // Errors may stand in an event stream as bare JSON, which is no event.
        if (!unrecognizedText.IsEmpty && GeminiErrors.TryReadInBand(unrecognizedText, _requestId) is { } error)
        {
            throw error;
        }

        if (!_isStarted && UnrecognizedText.IsPage(unrecognizedText))
        {
            throw new ProviderException(GeminiProtocol.WireName, statusCode: null, code: null, ErrorExcerpt.Of(unrecognizedText)) { RequestId = _requestId, IsInBand = true };
        }

        var isWhole = _candidates.Count > 0 ? _candidates.Values.All(candidate => candidate.FinishReason is not null) : _blockReason is not null;
        if (!isWhole)
        {
            throw new StreamInterruptedException("The stream ended without a finish reason", bytesReceived);
        }

        End();
    }

    private static bool IsChunk(JsonElement root) =>
        root.TryGetProperty("candidates"u8, out _)
        || root.TryGetProperty("promptFeedback"u8, out _)
        || root.TryGetProperty("usageMetadata"u8, out _)
        || root.TryGetProperty("modelVersion"u8, out _)
        || root.TryGetProperty("responseId"u8, out _);

    private void DecodeChunk(in ParsedPayload payload)
    {
        var root = payload.Root;
        Start(root);
        foreach (var candidate in root.Items("candidates"u8).Where(candidate => candidate.ValueKind == JsonValueKind.Object))
        {
            DecodeCandidate(payload, candidate);
        }

        foreach (var member in root.EnumerateObject())
        {
            if (member.Name is not ("candidates" or "usageMetadata" or "modelVersion" or "responseId"))
            {
                _metadata.Report(member.Name, member.Value);
            }
        }

        if (root.Object("promptFeedback"u8)?.Text("blockReason"u8) is { } reason && GeminiFinishReasons.IsGiven(reason))
        {
            _blockReason = reason;
        }

        ReportUsage(root);
    }

    private void Start(JsonElement root)
    {
        if (_isStarted)
        {
            return;
        }

        _isStarted = true;
        var id = root.NonEmptyText("responseId"u8);
        _output.ResponseId = id;
        _output.Emit(new ResponseStarted
        {
            Provider = GeminiProtocol.WireName,
            ResponseId = id,
            Model = root.NonEmptyText("modelVersion"u8),
            RequestId = _requestId,
        });
    }

    private void DecodeCandidate(in ParsedPayload payload, JsonElement element)
    {
        var number = element.Integer("index"u8) is >= 0 and <= int.MaxValue and var index ? (int)index : 0;
        if (!_candidates.TryGetValue(number, out var candidate))
        {
            _candidates.Add(number, candidate = NewCandidate(number));
        }

        foreach (var part in (element.Object("content"u8) ?? default).Items("parts"u8))
        {
            candidate.Add(payload, part);
        }

        ReportContent(element, candidate);
        ReportMembers(element, candidate);
        if (element.Text("finishReason"u8) is { } reason && GeminiFinishReasons.IsGiven(reason))
        {
            candidate.Finish(reason);
            if (number > 0)
            {
                _metadata.Report(GeminiMetadataNames.ForCandidate("finishReason", number), element.GetProperty("finishReason"u8));
            }
        }
    }

    private GeminiCandidate NewCandidate(int number)
    {
        var limit = _output.Options.MaxOpenBlocks;
        return _candidates.Count < limit
            ? new GeminiCandidate(_output, number)
            : throw new StreamLimitException(nameof(StreamReadOptions.MaxOpenBlocks), limit, _candidates.Count + 1L);
    }

    private void ReportContent(JsonElement element, GeminiCandidate candidate)
    {
        if (element.Object("content"u8) is not { } content)
        {
            return;
        }

        foreach (var member in content.EnumerateObject())
        {
            if (member.Name != "parts" && !(member.Name == "role" && member.Value.ValueKind == JsonValueKind.String && member.Value.ValueEquals("model"u8)))
            {
                _metadata.Report(GeminiMetadataNames.ForCandidate("content." + member.Name, candidate.Number), member.Value);
            }
        }
    }

    private void ReportMembers(JsonElement element, GeminiCandidate candidate)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (member.Name is "content" or "finishReason" or "index" || (member.Name == "citationMetadata" && candidate.TryAddCitations(member.Value)))
            {
                continue;
            }

            var name = GeminiMetadataNames.ForCandidate(member.Name, candidate.Number);
            if (member.Name == "logprobsResult")
            {
                _metadata.Pass(name, member.Value, candidate.OpenBlockIndex);
            }
            else
            {
                _metadata.Report(name, member.Value);
            }
        }
    }

    private void ReportUsage(JsonElement root)
    {
        if (root.Object("usageMetadata"u8) is not { } report)
        {
            return;
        }

        if (_usage.Update(report))
        {
            _output.Emit(new UsageUpdated { Usage = _usage.Current! });
        }

        foreach (var member in report.EnumerateObject().Where(member => !GeminiUsage.IsCount(member)))
        {
            _metadata.Report(GeminiMetadataNames.UsagePrefix + member.Name, member.Value);
        }
    }

    private void End()
    {
        foreach (var candidate in _candidates.Values)
        {
            candidate.End();
        }

        var first = _candidates.Values.FirstOrDefault();
        _output.Emit(new ResponseCompleted
        {
            FinishReason = first is null ? FinishReason.ContentFilter : GeminiFinishReasons.Read(first.FinishReason, first.HasCalls),
            RawFinishReason = first is null ? _blockReason : first.FinishReason,
            Usage = _usage.Current,
        });
        IsEnded = true;
    }
}
