namespace Streamline;

/// <summary>The provider ended its answer properly. Once per response, as its last event; a stream without it was interrupted.</summary>
public sealed class ResponseCompleted : StreamEvent
{
    /// <summary>Gets why the model stopped.</summary>
    public required FinishReason FinishReason { get; init; }

    /// <summary>Gets the provider's own word for the reason, unchanged; <see langword="null"/> when it gave none.</summary>
    public string? RawFinishReason { get; init; }

    /// <summary>Gets the stop sequence that ended the answer; <see langword="null"/> when none did or the provider does not say.</summary>
    public string? StopSequence { get; init; }

    /// <summary>Gets the token counts of the whole response; <see langword="null"/> when the provider reported none.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>Gets how complete the answer is.</summary>
    public StreamOutcome Outcome => FinishReason switch
    {
        FinishReason.Length => StreamOutcome.Truncated,
        FinishReason.Refusal or FinishReason.ContentFilter => StreamOutcome.Refused,
        _ => StreamOutcome.Complete,
    };

    internal override bool CommitsResponse => true;
}
