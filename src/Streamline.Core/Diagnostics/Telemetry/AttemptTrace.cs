using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace Streamline.Diagnostics;

/// <summary>One request to a model: its span, and what is measured of it.</summary>
internal sealed class AttemptTrace
{
    private readonly StreamInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly string? _requestModel;
    private readonly bool _isCounted;
    private string _operation = GenAiNames.Chat;
    private string _provider;
    private string? _model;
    private long _firstChunk;
    private long _lastChunk;
    private int _chunks;
    private TokenUsage? _prior; // the total of the response before this request

    public AttemptTrace(StreamInstruments instruments, TimeProvider time, ChatOptions? options, TracedClient client, bool isCounted)
    {
        (_instruments, _time, _start, _isCounted) = (instruments, time, time.GetTimestamp(), isCounted);
        (Client, _requestModel, _provider) = (client, client.Model, client.Provider ?? "unknown");
        Activity = isCounted ? StreamInstruments.Source.StartActivity(_requestModel is null ? GenAiNames.Chat : $"{GenAiNames.Chat} {_requestModel}", ActivityKind.Client) : null;
        if (Activity is { IsAllDataRequested: true })
        {
            Describe(options);
        }
    }

    public Activity? Activity { get; }

    /// <summary>Gets who was asked.</summary>
    public TracedClient Client { get; }

    /// <summary>Gets the tokens of the response so far, those of the requests included that it continues.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>Gets a value indicating whether the rest of a response was fetched whose beginning another attempt brought.</summary>
    public bool IsFetched { get; private set; }

    /// <summary>Gets a value indicating whether the provider has begun to answer.</summary>
    public bool HasStarted { get; private set; }

    public void Note(ResponseStarted started)
    {
        HasStarted = true;
        (_provider, _model) = (started.Provider, started.Model);
        Activity?.SetTag(GenAiNames.ProviderName, started.Provider).SetTag(GenAiNames.ResponseId, started.ResponseId).SetTag(GenAiNames.ResponseModel, started.Model);
    }

    public void Note(TokenUsage? usage) => Usage = usage ?? Usage;

    /// <summary>Notes a total of its response that was learned elsewhere.</summary>
    public void NoteTotal(TokenUsage? usage) => Usage = UsageTotals.Later(Usage, usage);

    public void NoteChunk(long now)
    {
        if (_chunks++ == 0)
        {
            _firstChunk = now;
        }

        _lastChunk = now;
    }

    /// <summary>Notes that a response of an earlier attempt continues.</summary>
    public void Fetch()
    {
        IsFetched = true;
        _operation = GenAiNames.FetchResponse;
        if (Activity is not null)
        {
            Activity.DisplayName = GenAiNames.FetchResponse;
            Activity.SetTag(GenAiNames.OperationName, GenAiNames.FetchResponse);
        }
    }

    /// <summary>Notes that it is a request of its own, which continues what another attempt had begun.</summary>
    public void Continue(StreamResumed resumed, AttemptTrace? previous)
    {
        HasStarted = true;
        _prior = previous is null ? resumed.PriorUsage : previous.Usage ?? previous._prior;
        var sameClient = previous?.Client == Client ? previous : null;
        _provider = resumed.Provider ?? sameClient?._provider ?? _provider;
        _model = resumed.Model ?? sameClient?._model;
        Activity?.SetTag(GenAiNames.ProviderName, _provider).SetTag(GenAiNames.ResponseId, resumed.ResponseId).SetTag(GenAiNames.ResponseModel, _model);
    }

    public void Finish(ResponseCompleted completed)
    {
        Note(completed.Usage);
        Activity?.SetTag(GenAiNames.FinishReasons, new[] { completed.RawFinishReason ?? completed.FinishReason.ToString().ToLowerInvariant() });
    }

    /// <summary>Ends the span, and measures the request. What was measured before a failure stays.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="error">The kind of error; <see langword="null"/> for success, and when the caller left or cancelled.</param>
    /// <param name="description">What the error says, without payload.</param>
    public void End(string outcome, string? error, string? description)
    {
        if (Activity is { } activity)
        {
            activity.SetTag("streamline.outcome", outcome);
            if (error is not null)
            {
                activity.SetTag(GenAiNames.ErrorType, error).SetStatus(ActivityStatusCode.Error, description);
            }

            if (_chunks > 0)
            {
                activity.SetTag(GenAiNames.TimeToFirstChunkAttribute, Seconds(_start, _firstChunk));
            }

            if (!IsFetched && UsageTotals.Since(_prior, Usage) is { } usage)
            {
                activity.SetTag(GenAiNames.InputTokens, usage.InputTokens).SetTag(GenAiNames.OutputTokens, usage.OutputTokens)
                    .SetTag(GenAiNames.CacheReadTokens, usage.CachedInputTokens).SetTag(_instruments.Names.CacheWriteTokens, usage.CacheWriteTokens)
                    .SetTag(GenAiNames.ReasoningTokens, usage.ReasoningTokens);
            }

            activity.Dispose();
        }

        if (_isCounted)
        {
            Measure(error);
        }
    }

    /// <summary>Ends the span of a request that was expected and never sent. Nothing is recorded of it.</summary>
    public void Drop()
    {
        if (Activity is { } activity)
        {
            activity.IsAllDataRequested = false;
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            activity.Dispose();
        }
    }

    /// <summary>Counts the tokens of this request. To be called once, when no more of its response can come.</summary>
    public void CountTokens()
    {
        if (!_isCounted || UsageTotals.Since(_prior, Usage) is not { } usage)
        {
            return;
        }

        var tags = Tags(error: null);
        Record(usage.InputTokens, "input", _instruments.InputOfOperation);
        Record(usage.OutputTokens, "output", _instruments.OutputOfOperation);
        _instruments.InputUsed?.Add(usage.InputTokens ?? 0, tags);
        _instruments.OutputUsed?.Add(usage.OutputTokens ?? 0, tags);
        _instruments.CacheReadUsed?.Add(usage.CachedInputTokens ?? 0, tags);
        _instruments.CacheWriteUsed?.Add(usage.CacheWriteTokens ?? 0, tags);
        _instruments.ReasoningUsed?.Add(usage.ReasoningTokens ?? 0, tags);

        void Record(long? tokens, string type, System.Diagnostics.Metrics.Histogram<long>? ofOperation)
        {
            if (tokens is { } count)
            {
                ofOperation?.Record(count, tags);
                if (_instruments.TokenUsage is { Enabled: true } byType)
                {
                    var typed = tags;
                    typed.Add(GenAiNames.TokenType, type);
                    byType.Record(count, typed);
                }
            }
        }
    }

    private void Measure(string? error)
    {
        var tags = Tags(error);
        _instruments.Duration.Record(_time.GetElapsedTime(_start).TotalSeconds, tags);
        if (_chunks > 0 && !IsFetched)
        {
            _instruments.TimeToFirstChunk.Record(Seconds(_start, _firstChunk), tags);
        }

        if (_chunks > 1)
        {
            _instruments.TimePerOutputChunk.Record(Seconds(_firstChunk, _lastChunk) / (_chunks - 1), tags);
        }
    }

    private double Seconds(long from, long to) => _time.GetElapsedTime(from, to).TotalSeconds;

    private TagList Tags(string? error)
    {
        var tags = new TagList { { GenAiNames.OperationName, _operation }, { GenAiNames.ProviderName, _provider }, { GenAiNames.RequestModel, _requestModel } };
        if (_model is not null)
        {
            tags.Add(GenAiNames.ResponseModel, _model);
        }

        if (error is not null)
        {
            tags.Add(GenAiNames.ErrorType, error);
        }

        return tags;
    }

    private void Describe(ChatOptions? options)
    {
        var activity = Activity!;
        activity.SetTag(GenAiNames.OperationName, GenAiNames.Chat).SetTag(GenAiNames.ProviderName, _provider)
            .SetTag(GenAiNames.RequestModel, _requestModel).SetTag(GenAiNames.RequestStream, true);
        if (options is not null)
        {
            activity.SetTag(GenAiNames.ConversationId, options.ConversationId)
                .SetTag(GenAiNames.RequestMaxTokens, options.MaxOutputTokens).SetTag(GenAiNames.RequestTemperature, options.Temperature)
                .SetTag(GenAiNames.RequestTopP, options.TopP).SetTag(GenAiNames.RequestTopK, options.TopK is { } k ? (_instruments.Names == GenAiNames.Next ? k : (object)(double)k) : null)
                .SetTag(GenAiNames.RequestFrequencyPenalty, options.FrequencyPenalty).SetTag(GenAiNames.RequestPresencePenalty, options.PresencePenalty)
                .SetTag(GenAiNames.RequestSeed, options.Seed).SetTag(GenAiNames.RequestStopSequences, options.StopSequences is { Count: > 0 } stops ? stops.ToArray() : null)
                .SetTag(GenAiNames.OutputType, options.ResponseFormat is ChatResponseFormatJson ? "json" : null);
        }
    }
}
