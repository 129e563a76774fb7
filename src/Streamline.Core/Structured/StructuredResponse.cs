namespace Streamline.Structured;

/// <summary>What is known of the response that a structured value comes from, besides the value.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class StructuredResponse
{
    private readonly Lazy<string> _rawText;
    private readonly Lazy<string> _reasoning;

    internal StructuredResponse(StructuredResponseFacts facts, TextLog rawText, int rawLength, TextLog reasoning, int reasoningLength)
    {
        ResponseId = facts.Started?.ResponseId;
        Model = facts.Started?.Model;
        FinishReason = facts.Completed?.FinishReason;
        RawFinishReason = facts.Completed?.RawFinishReason;
        Usage = facts.Usage;
        _rawText = new Lazy<string>(() => rawText.Read(rawLength));
        _reasoning = new Lazy<string>(() => reasoning.Read(reasoningLength));
    }

    /// <summary>Gets the provider's id of the response; <see langword="null"/> when it gave none.</summary>
    public string? ResponseId { get; }

    /// <summary>Gets the model that answered; <see langword="null"/> when the provider does not say.</summary>
    public string? Model { get; }

    /// <summary>Gets why the model stopped; <see langword="null"/> before it has, and where the value is read from plain text.</summary>
    public FinishReason? FinishReason { get; }

    /// <summary>Gets the provider's own word for the reason, unchanged; <see langword="null"/> when it gave none.</summary>
    public string? RawFinishReason { get; }

    /// <summary>Gets the token counts so far, those of all responses together where a tool loop had several; <see langword="null"/> when none were reported.</summary>
    public TokenUsage? Usage { get; }

    /// <summary>Gets the model's reasoning so far; empty when it showed none. The content of <c>&lt;think&gt;</c> tags in the text is in <see cref="RawText"/>.</summary>
    /// <value>At most as many characters as <see cref="Json.PartialJsonOptions.MaxBytes"/> allows bytes.</value>
    public string Reasoning => _reasoning.Value;

    /// <summary>Gets the text of the answer so far as the model wrote it, with fences and prose: the text of the response, or the arguments of the tool call.</summary>
    /// <value>At most as many characters as <see cref="Json.PartialJsonOptions.MaxBytes"/> allows bytes.</value>
    public string RawText => _rawText.Value;
}

/// <summary>What events say of a response, besides its content.</summary>
/// <param name="Started">Its beginning.</param>
/// <param name="Completed">Its end.</param>
/// <param name="Usage">The counts, with those of responses before it.</param>
internal sealed record StructuredResponseFacts(ResponseStarted? Started = null, ResponseCompleted? Completed = null, TokenUsage? Usage = null);

/// <summary>What was known of a response at one moment. The texts are put together when they are asked for.</summary>
internal readonly struct StructuredResponseMark(StructuredResponseFacts facts, TextLog rawText, TextLog reasoning)
{
    private readonly int _rawLength = rawText.Length;
    private readonly int _reasoningLength = reasoning.Length;

    public StructuredResponse ToResponse() => new(facts, rawText, _rawLength, reasoning, _reasoningLength);
}
