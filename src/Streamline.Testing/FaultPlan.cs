using System.Runtime.CompilerServices;

namespace Streamline.Testing;

/// <summary>The faults of a reply. Faults can be combined; at the same point, they strike in the order of the properties here.</summary>
/// <remarks>
/// Immutable. The same plan on the same reply gives the same chunks every time. A fault whose point lies past the end of
/// the reply is a mistake in the test: the request fails with an <see cref="InvalidOperationException"/>, over a socket with status 500, see <see cref="ScriptedExchange.Failure"/>.
/// Only events that are made while they are sent, such as an iterator's, fail where they end.
/// </remarks>
public sealed record FaultPlan
{
    /// <summary>The largest chunk of a random division, when <see cref="ChunkSize"/> does not say.</summary>
    internal const int DefaultRandomChunkSize = 64;

    /// <summary>Gets the plan without faults.</summary>
    public static FaultPlan None { get; } = new();

    /// <summary>Gets where <see cref="Garbage"/> is put into the body.</summary>
    /// <value>The default is <see langword="null"/>: nowhere.</value>
    /// <exception cref="ArgumentException">The point is before the head.</exception>
    public FaultPoint? GarbageAt
    {
        get;
        init => field = InBody(value);
    }

    /// <summary>Gets the bytes that <see cref="GarbageAt"/> puts in.</summary>
    /// <value>The default is a few bytes that are neither UTF-8 nor an event, and a line end.</value>
    public ReadOnlyMemory<byte> Garbage { get; init; } = new byte[] { 0xFF, 0x00, 0xC3, 0x28, (byte)'{', (byte)'\n' };

    /// <summary>
    /// Gets where the reply stops without an end, with the connection open, until the client leaves, the host is disposed or the test calls
    /// <see cref="ScriptedExchange.Release"/>.
    /// </summary>
    /// <value>The default is <see langword="null"/>: nowhere.</value>
    public FaultPoint? StallAt { get; init; }

    /// <summary>Gets where the body ends early and properly, as if a proxy had given up: the client sees the end of the body and no error.</summary>
    /// <value>The default is <see langword="null"/>: nowhere.</value>
    /// <exception cref="ArgumentException">The point is before the head.</exception>
    public FaultPoint? EndAt
    {
        get;
        init => field = InBody(value);
    }

    /// <summary>Gets where the connection breaks: what came before has arrived, and then reading fails.</summary>
    /// <value>The default is <see langword="null"/>: nowhere.</value>
    public FaultPoint? AbortAt { get; init; }

    /// <summary>Gets after how many events of the script <see cref="Error"/> is sent in the stream, as its last word.</summary>
    /// <value>0 for an error before the first event. The default is <see langword="null"/>: no such error.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int? ErrorAfterEvent
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(ErrorAfterEvent));
            field = value;
        }
    }

    /// <summary>Gets the error that <see cref="ErrorAfterEvent"/> sends.</summary>
    /// <value>The default is <see cref="ScriptedError.Overloaded"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public ScriptedError Error
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Error));
            field = value;
        }
    } = ScriptedError.Overloaded;

    /// <summary>Gets a value indicating whether <see cref="ResponseCompleted"/> is left out, so that the body ends without its terminal event.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool OmitTerminalEvent { get; init; }

    /// <summary>Gets the size of the chunks that the body is sent in, whatever the events are. A pause or another fault ends a chunk early.</summary>
    /// <value>In bytes, at least 1; with <see cref="ChunkSeed"/>, the largest size. The default is <see langword="null"/>: one chunk per event.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? ChunkSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, nameof(ChunkSize));
            field = value;
        }
    }

    /// <summary>Gets the seed by which chunks get random sizes, from 1 to <see cref="ChunkSize"/> or 64.</summary>
    /// <value>The default is <see langword="null"/>: not random.</value>
    public int? ChunkSeed { get; init; }

    /// <summary>Gets the time between two chunks, by the clock of <see cref="ScriptedProviderOptions.TimeProvider"/>.</summary>
    /// <value>Zero or more. The default is zero.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan ChunkDelay
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(ChunkDelay));
            field = value;
        }
    }

    private static FaultPoint? InBody(FaultPoint? value, [CallerMemberName] string option = "") => value is not { IsBeforeHead: true }
        ? value
        : throw new ArgumentException("This fault needs a point in the body; found the point before the head.", option);
}
