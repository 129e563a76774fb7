using Microsoft.Extensions.AI;

namespace Streamline.Resilience;

/// <summary>Decides whether and when a second request may be sent: by what the request is, what first contents have taken, the budget, failures and rate limits. Thread-safe.</summary>
internal sealed class HedgeGovernor(HedgingOptions options, string? protocol = null)
{
    private const int MaxOutcomes = 100;
    private const double MaxSavedRequests = 10;

    // A gateway passes on the names that its callers send.
    private const int MaxKinds = 1000;

    private readonly BoundedEntries<(string? Model, int Size), FirstContentTimes> _times = new(MaxKinds);
    private readonly Lock _lock = new();
    private readonly Queue<bool> _failures = new();
    private double _budget;
    private double _averageTokens;
    private bool _isShort;

    /// <summary>Gets how many kinds of requests are told apart.</summary>
    internal int Kinds => _times.Values.Count;

    /// <summary>Tells whether a request may be sent twice at all.</summary>
    public bool IsAllowed(StreamRequest request) =>
        !ProviderState.IsUsedBy(request.ExtraBody)
        && !ProviderState.IsKeptByDefault(protocol, request.ExtraBody)
        && (request.Options is not { } chat
            || (chat.ConversationId is null
                && chat.ContinuationToken is null
                && chat.AllowBackgroundResponses is not true
                && chat.RawRepresentationFactory is null
                && (chat.Tools is not { Count: > 0 } tools || (options.AllowFunctions && tools.All(tool => tool is AIFunctionDeclaration)))));

    /// <summary>Gets how long to wait for the first content before a second request; <see langword="null"/> while too few are known.</summary>
    public TimeSpan? DelayOf(StreamRequest request, double tokens)
    {
        var times = TimesOf(request, tokens);
        lock (times)
        {
            return times.Count < options.MinimumRequests || times.Percentile(options.Percentile) is var delay && delay == TimeSpan.MaxValue ? null
                : delay > options.MinDelay ? delay
                : options.MinDelay;
        }
    }

    /// <summary>Takes a second request out of the budget, if it may be sent now.</summary>
    public bool TryTake(double tokens)
    {
        lock (_lock)
        {
            if (_budget < tokens || _isShort || _failures.Count(hasFailed => hasFailed) > options.MaxFailureRatio * _failures.Count)
            {
                return false;
            }

            _budget -= tokens;
            return true;
        }
    }

    /// <summary>Notes how long a first content took, or that it was not waited for.</summary>
    public void NoteTime(StreamRequest request, double tokens, TimeSpan? time)
    {
        var times = TimesOf(request, tokens);
        lock (times)
        {
            times.Add(time);
        }
    }

    /// <summary>Notes the end of a request.</summary>
    public void NoteEnd(double tokens, bool hasFailed)
    {
        lock (_lock)
        {
            _failures.Enqueue(hasFailed);
            if (_failures.Count > MaxOutcomes)
            {
                _failures.Dequeue();
            }

            // What is saved in quiet times is not all spent in a bad one.
            _averageTokens = _averageTokens == 0 ? tokens : _averageTokens + (0.05 * (tokens - _averageTokens));
            _budget = Math.Min(_budget + (options.Budget * tokens), MaxSavedRequests * _averageTokens);
        }
    }

    /// <summary>Takes out of the budget what the loser cost besides its input.</summary>
    public void NoteLoser(TokenUsage? usage)
    {
        lock (_lock)
        {
            _budget -= usage?.OutputTokens ?? 0;
        }
    }

    public void NoteLimits(RateLimitObserved observed)
    {
        var isShort = observed.Windows.Any(window => window.Remaining < options.MinRemaining * window.Limit);
        lock (_lock)
        {
            _isShort = isShort;
        }
    }

    private FirstContentTimes TimesOf(StreamRequest request, double tokens)
    {
        var size = (int)Math.Log2(Math.Max(tokens, 1)) / 2;
        return _times.Get((request.Options?.ModelId, size), shared: ("", size), static _ => new());
    }
}
