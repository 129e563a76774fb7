using System.Security.Cryptography;

namespace Streamline;

/// <summary>How approvals of tool calls are asked for and verified.</summary>
/// <remarks>Not thread-safe. <c>UseTools</c> takes a copy, so later changes have no effect.</remarks>
public sealed class ToolApprovalOptions
{
    /// <summary>The shortest <see cref="Key"/>, in bytes.</summary>
    public const int MinKeyBytes = 32;

    /// <summary>Gets or sets the secret that signs requests for approval, so that an answer in a later request can be trusted.</summary>
    /// <value>
    /// At least <see cref="MinKeyBytes"/> random bytes. The default is a random key of the client: requests can then be answered only by way of the same client in the same
    /// process. Set the same key in every process that may get the answer.
    /// </value>
    /// <exception cref="ArgumentException">The key is shorter than <see cref="MinKeyBytes"/>.</exception>
    public ReadOnlyMemory<byte> Key
    {
        get;
        set => field = value.Length >= MinKeyBytes ? value : throw new ArgumentException($"Expected a key of at least {MinKeyBytes} bytes; found {value.Length}.", nameof(Key));
    } = RandomNumberGenerator.GetBytes(MinKeyBytes);

    /// <summary>Gets or sets how long a running stream waits for an answer. After that the call is denied.</summary>
    /// <value>
    /// More than zero and at most <see cref="ToolLoopOptions.MaxTimeout"/>, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for no limit. The default is 5 minutes.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Timeout { get; set => field = ToolLoopOptions.CheckTimeout(value); } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets how long a request for approval can be answered in a later request.</summary>
    /// <value>More than zero and at most <see cref="ToolLoopOptions.MaxTimeout"/>. The default is 24 hours.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan TokenLifetime
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(TokenLifetime));
            field = ToolLoopOptions.CheckTimeout(value);
        }
    } = TimeSpan.FromHours(24);

    /// <summary>Gets or sets a value indicating whether an answer in a later request may change the arguments.</summary>
    /// <value>
    /// The default is <see langword="false"/>: an answer with other arguments than those that were signed is refused. <see cref="ApprovalRequested.Approve"/> may always change them.
    /// Changed arguments are checked against the schema.
    /// </value>
    public bool AllowEditedArguments { get; set; }

    /// <summary>Gets or sets the function that claims a request for approval, by its id, so that only the first answer counts, whether it approves or denies.</summary>
    /// <value>
    /// Returns whether the id was claimed now, for the first time. The default is <see langword="null"/>: the client remembers the ids that it has seen for <see cref="TokenLifetime"/>, which is enough for one process.
    /// With an answer in a later request, an exception ends the stream before any tool starts, and the answer can be sent again. With an answer while the stream runs, an exception, or 30 seconds without a result, answers
    /// the call with an error.
    /// With several processes, use a store that all of them share.
    /// </value>
    public Func<string, CancellationToken, ValueTask<bool>>? TryClaim { get; set; }

    internal ToolApprovalOptions Copy() => (ToolApprovalOptions)MemberwiseClone();
}
