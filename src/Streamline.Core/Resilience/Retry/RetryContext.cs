namespace Streamline.Resilience;

/// <summary>What <see cref="RetryOptions.ShouldHandle"/> is told of a failed attempt.</summary>
public readonly record struct RetryContext
{
    /// <summary>Gets the number of the attempt that failed, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Gets whether the consumer has seen a part of the response.</summary>
    public required RetryPhase Phase { get; init; }

    /// <summary>Gets how another attempt continues the response; <see langword="null"/> when it begins the response anew.</summary>
    /// <remarks>A way that is refused is replaced by the next one within the same attempt.</remarks>
    public ResumeStrategy? Strategy { get; init; }

    /// <summary>Gets a value indicating whether another attempt resumes the response exactly where it broke, because the provider kept it.</summary>
    public bool WillResume => Strategy == ResumeStrategy.ServerResume;

    /// <summary>Gets the failure.</summary>
    public required Exception Exception { get; init; }

    /// <summary>Gets the indexes of the blocks of the response that the consumer has seen, in ascending order; empty before content.</summary>
    public required IReadOnlyList<int> ShownBlocks { get; init; }
}
