using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Streamline.Tests.Protocols.WireCases;

/// <summary>Describes a stream in one line, in the form that the corpus defines.</summary>
internal sealed class WireDescription
{
    private readonly List<Block> _blocks = [];
    private readonly List<string> _metadata = [];
    private readonly List<string> _unknown = [];
    private ResponseCompleted? _completed;
    private TokenUsage? _usage;
    private int _retries;

    /// <summary>Describes what came.</summary>
    /// <param name="events">The events, in order.</param>
    /// <param name="exception">What ended the stream, if it failed.</param>
    /// <param name="requests">How many requests were sent.</param>
    public static string Of(IEnumerable<StreamEvent> events, Exception? exception, int requests)
    {
        var description = new WireDescription();
        foreach (var streamEvent in events)
        {
            description.Add(streamEvent);
        }

        return string.Join(' ', description.Parts(requests).Concat(exception is null ? [] : [$"! {Fault(exception)}"]));
    }

    private void Add(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case ContentStarted started:
                _blocks.Add(new Block(started.Index) { Kind = started.Kind, Choice = started.Choice, Raw = started.ProviderData });
                break;
            case TextDelta delta:
                At(delta.Index, ContentKind.Text).Text.Append(delta.Text);
                break;
            case ReasoningDelta delta:
                At(delta.Index, ContentKind.Reasoning).Text.Append(delta.Text);
                break;
            case RefusalDelta delta:
                At(delta.Index, ContentKind.Refusal).Text.Append(delta.Text);
                break;
            case ContentCompleted completed:
                var content = At(completed.Index, completed.Kind);
                content.Signature = completed.Signature;
                content.Raw = completed.Raw ?? content.Raw;
                break;
            case ToolCallStarted started:
                _blocks.Add(new Block(started.Index) { Choice = started.Choice, CallId = started.CallId, Name = started.Name });
                _blocks[^1].IsServer = started.IsProviderExecuted;
                break;
            case ToolInputDelta delta:
                At(delta.Index, kind: null).Text.Append(delta.Fragment);
                break;
            case ToolCallCompleted completed:
                Complete(completed);
                break;
            default:
                AddResponse(streamEvent);
                break;
        }
    }

    private void AddResponse(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case UsageUpdated updated:
                _usage = updated.Usage;
                break;
            case ResponseCompleted completed:
                _completed = completed;
                _usage = completed.Usage ?? _usage;
                break;
            case ProviderMetadata metadata:
                _metadata.Add(metadata.Name);
                break;
            case ProviderEvent unknown:
                _unknown.Add(unknown.Name);
                break;
            case RetryScheduled:
                _retries++;
                break;
            case StreamRestarted restarted:
                _blocks.RemoveAll(block => restarted.Discarded.Contains(block.Index));
                break;
            default:
                break;
        }
    }

    /// <summary>The completion of a call says everything about it; a second one is another call to whoever runs tools.</summary>
    private void Complete(ToolCallCompleted completed)
    {
        var block = _blocks.LastOrDefault(block => block.Index == completed.Index && block is { Kind: null, IsCompleted: false });
        if (block is null)
        {
            _blocks.Add(block = new Block(completed.Index));
        }

        block.CallId = completed.CallId;
        block.Name = completed.Name;
        block.IsServer = completed.IsProviderExecuted;
        block.Text.Clear().Append(completed.ArgumentsText);
        block.HasParseError = completed.ParseError is not null;
        block.IsCompleted = true;
    }

    private Block At(int index, ContentKind? kind)
    {
        var block = _blocks.LastOrDefault(block => block.Index == index);
        if (block is null)
        {
            _blocks.Add(block = new Block(index) { Kind = kind });
        }

        return block;
    }

    private IEnumerable<string> Parts(int requests)
    {
        foreach (var block in _blocks)
        {
            yield return block.ToString();
        }

        if (_completed is { } completed)
        {
            yield return completed.RawFinishReason is { } raw ? $"| {completed.FinishReason}/{raw}" : $"| {completed.FinishReason}";
        }

        if (_usage is { } usage)
        {
            var hasRest = usage.ReasoningTokens is not null || usage.CachedInputTokens is not null;
            var rest = hasRest ? $"/{Count(usage.ReasoningTokens)}/{Count(usage.CachedInputTokens)}" : "";
            yield return $"usage {Count(usage.InputTokens)}/{Count(usage.OutputTokens)}{rest}";
        }

        if (_metadata.Count > 0)
        {
            yield return $"meta {string.Join(',', _metadata.Distinct(StringComparer.Ordinal))}";
        }

        if (_unknown.Count > 0)
        {
            yield return $"unknown {string.Join(',', _unknown.Distinct(StringComparer.Ordinal))}";
        }

        if (_retries > 0)
        {
            yield return Invariant($"retries {_retries}");
        }

        if (requests != 1)
        {
            yield return Invariant($"requests {requests}");
        }
    }

    private static string Fault(Exception exception) => exception switch
    {
        ProviderException provider => $"Provider {Count((long?)provider.StatusCode)} {provider.Code ?? "-"} retryable={provider.IsRetryable}"
            + (provider.RetryAfter is { } delay ? Invariant($" after={delay.TotalSeconds}") : "")
            + $" inband={provider.IsInBand} [{provider.ProviderMessage}]",
        StreamProtocolException protocol => $"Protocol {protocol.Error} [{protocol.Message}]",
        StreamInterruptedException => $"Interrupted [{exception.Message}]",
        StreamLimitException limit => $"Limit {limit.LimitName}",
        StreamTimeoutException timeout => $"Timeout {timeout.Phase}",
        _ => $"{exception.GetType().Name} [{exception.Message}]",
    };

    private static string Count(long? count) => count is { } value ? Invariant($"{value}") : "-";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Block(int index)
    {
        public int Index => index;

        public ContentKind? Kind { get; init; }

        public int Choice { get; init; }

        public StringBuilder Text { get; } = new();

        public JsonElement? Raw { get; set; }

        public string? Signature { get; set; }

        public string? CallId { get; set; }

        public string? Name { get; set; }

        public bool IsServer { get; set; }

        public bool HasParseError { get; set; }

        public bool IsCompleted { get; set; }

        public override string ToString() => Body() + (Choice > 0 ? Invariant($"#{Choice}") : "");

        private string Body() => Kind switch
        {
            null => $"call({CallId} {Name} {Text}{Flag(HasParseError, " !parse")}{Flag(!IsCompleted, " open")}{Flag(IsServer, " server")})",
            ContentKind.Text => $"text({Text})",
            ContentKind.Reasoning => $"think({Text}{(Signature is null ? "" : $" sig={Signature}")})",
            _ => $"{Kind}({(Text.Length > 0 ? Text : Raw?.GetRawText())})",
        };

        private static string Flag(bool isSet, string word) => isSet ? word : "";
    }
}
