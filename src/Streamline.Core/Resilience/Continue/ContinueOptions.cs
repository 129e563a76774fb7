using Microsoft.Extensions.AI;

namespace Streamline.Resilience;

/// <summary>How a response that was cut is continued; see <see cref="MidStreamPolicy.Continue"/>. The options of <see cref="RetryOptions.Continue"/>.</summary>
/// <remarks>The client copies the values when it is built, so later changes have no effect on it. The functions may be called from several threads at once.</remarks>
public sealed class ContinueOptions
{
    /// <summary>The default of <see cref="MinOverlap"/>: 12.</summary>
    internal const int DefaultMinOverlap = 12;

    /// <summary>The default of <see cref="MaxHeldChars"/>: 256.</summary>
    internal const int DefaultMaxHeldChars = 256;

    /// <summary>The default of <see cref="MaxContinuations"/>: 8.</summary>
    internal const int DefaultMaxContinuations = 8;

    /// <summary>Gets or sets what to do where a response that broke cannot be continued.</summary>
    /// <value><see cref="MidStreamPolicy.Fail"/>, which is the default, or <see cref="MidStreamPolicy.Restart"/>.</value>
    public MidStreamPolicy Otherwise
    {
        get;
        set
        {
            if (value is not (MidStreamPolicy.Fail or MidStreamPolicy.Restart))
            {
                throw new ArgumentOutOfRangeException(nameof(Otherwise), value, "Expected Fail or Restart.");
            }

            field = value;
        }
    }

    /// <summary>Gets or sets a value indicating whether a model that takes no prefill is asked in words to continue, and what it repeats is removed.</summary>
    /// <value>
    /// The default is <see langword="false"/>: the model may also change its tone, and the request costs the tokens of <see cref="CreatePrompt"/> besides the whole conversation.
    /// </value>
    public bool AllowStitching { get; set; }

    /// <summary>Gets or sets a value indicating whether a seam of <see cref="SeamConfidence.Low"/> confidence is shown.</summary>
    /// <value>The default is <see langword="false"/>: nothing of such a continuation is shown, and <see cref="Otherwise"/> decides.</value>
    public bool AllowUnsureSeams { get; set; }

    /// <summary>Gets or sets a value indicating whether a response that its limit on output tokens ended is continued.</summary>
    /// <value>The default is <see langword="false"/>. Where it cannot be continued, it ends with <see cref="FinishReason.Length"/>, as it does without this option.</value>
    public bool OnLength { get; set; }

    /// <summary>Gets or sets a value indicating whether a turn that the provider paused (<see cref="FinishReason.Pause"/>) is sent back and continued within the same response.</summary>
    /// <value>The default is <see langword="false"/>: the response ends with <see cref="FinishReason.Pause"/>, and the tool loop, if there is one, sends it back as another round.</value>
    public bool OnPause { get; set; }

    /// <summary>Gets or sets how often one response may be continued after a length or a pause. What continues it after a failure is an attempt, see <see cref="RetryOptions.MaxAttempts"/>.</summary>
    /// <value>At least 1. The default is 8.</value>
    public int MaxContinuations
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxContinuations));
            field = value;
        }
    } = DefaultMaxContinuations;

    /// <summary>Gets or sets how much of what was shown the model has to repeat for <see cref="SeamConfidence.High"/>.</summary>
    /// <value>At least 4 UTF-16 code units. The default is 12. Two whole words are enough, too.</value>
    public int MinOverlap
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 4, nameof(MinOverlap));
            field = value;
        }
    } = DefaultMinOverlap;

    /// <summary>
    /// Gets or sets how much of a stitched continuation is held back at most while the place at which it continues is looked for. As long as the model repeats what was shown word
    /// for word, more is held: nothing of it would be shown.
    /// </summary>
    /// <value>At least 32 UTF-16 code units. The default is 256.</value>
    public int MaxHeldChars
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 32, nameof(MaxHeldChars));
            field = value;
        }
    } = DefaultMaxHeldChars;

    /// <summary>Gets or sets whether the model of a request continues a message of its own at the exact character.</summary>
    /// <value>
    /// The default is <see langword="null"/>: what is known of the protocol and the model, see docs/continue.md. A function may return <see langword="null"/> for that, too. The refusal of a model is
    /// remembered for the life of the process in any case.
    /// </value>
    public Func<StreamRequest, bool?>? AcceptsPrefill { get; set; }

    /// <summary>Gets or sets the message that asks a model to continue, the last one of the request.</summary>
    /// <value>The default asks, in English, to repeat the last words and to continue in the same language and format. A function that is set makes a message of the user.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public Func<ContinuationContext, ChatMessage> CreatePrompt
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(CreatePrompt));
    } = DefaultPrompt;

    internal ContinueOptions Copy() => (ContinueOptions)MemberwiseClone();

    private static ChatMessage DefaultPrompt(ContinuationContext context) => new(
        ChatRole.User,
        $"""
        Your last message was cut off. Continue it exactly where it ends. First repeat its last words, character by character, then go on without a break:

        {context.LastWords}

        Write nothing else: no introduction, no apology, no new code fence. Keep the language and the format of the message.
        """);
}
