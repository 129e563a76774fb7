using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>
/// A continuation token on the exception that broke a response. Its bytes serve any later request, of another process too. The stream that broke can do better: it
/// still has the state of the response, and continues it as if nothing had happened.
/// </summary>
/// <param name="bytes">The bytes of the token.</param>
/// <param name="state">The state of the response, which only one further attempt may use.</param>
/// <param name="lastEvent">The last event that was handed out; <see langword="null"/> for none since the response was resumed.</param>
internal sealed class ResumptionToken(ReadOnlyMemory<byte> bytes, object state, object? lastEvent) : ResponseContinuationToken
{
    /// <summary>Gets the state of the response; <see langword="null"/> unless the token is that of a request that resumes the same stream.</summary>
    public object? State { get; private init; }

    /// <summary>Finds where the response that an exception broke can be resumed.</summary>
    public static ResumptionToken? Find(Exception exception) =>
        PartialResponse.TryGet(exception, out var partial) ? partial.ContinuationToken as ResumptionToken : null;

    /// <summary>Makes the token of a request that resumes the same stream.</summary>
    public ResumptionToken ForSameStream() => new(bytes, state, lastEvent) { State = state };

    /// <summary>Tells whether every event that was handed out has reached a consumer, whose last one is given.</summary>
    public bool IsAt(object? consumersLastEvent) => lastEvent is null || ReferenceEquals(lastEvent, consumersLastEvent);

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> ToBytes() => bytes;
}
