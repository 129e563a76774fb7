using System.Runtime.CompilerServices;
using Streamline.Protocols.Shared;

namespace Streamline.Sse;

/// <summary>How an <see cref="SseReader"/> reads. The reader copies the values when it is made; later changes have no effect on it.</summary>
public sealed class SseReaderOptions
{
    /// <summary>The default of <see cref="MaxLineBytes"/>: 16 MiB.</summary>
    internal const int DefaultMaxLineBytes = 16 * 1024 * 1024;

    /// <summary>The default of <see cref="MaxEventBytes"/>: 16 MiB.</summary>
    internal const int DefaultMaxEventBytes = 16 * 1024 * 1024;

    /// <summary>The default of <see cref="MaxUnrecognizedBytes"/>: 4 KiB.</summary>
    internal const int DefaultMaxUnrecognizedBytes = 4 * 1024;

    /// <summary>The highest value that a limit can take: 1 GiB.</summary>
    internal const int HighestLimit = 1024 * 1024 * 1024;

    /// <summary>Gets or sets the longest line that is accepted, in bytes, its line end not counted.</summary>
    /// <value>The default is 16 MiB; from 1 byte to 1 GiB. Past it, reading throws <see cref="StreamLimitException"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxLineBytes
    {
        get;
        set => field = CheckLimit(value, minimum: 1);
    } = DefaultMaxLineBytes;

    /// <summary>Gets or sets the largest data of one event, in bytes, after its lines are joined.</summary>
    /// <value>The default is 16 MiB; from 1 byte to 1 GiB. Past it, reading throws <see cref="StreamLimitException"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxEventBytes
    {
        get;
        set => field = CheckLimit(value, minimum: 1);
    } = DefaultMaxEventBytes;

    /// <summary>Gets or sets how much is kept of lines that are neither fields nor comments, for <see cref="SseReader.UnrecognizedText"/>, in bytes.</summary>
    /// <value>The default is 4 KiB; from 0, which keeps nothing, to 1 GiB. What goes past it is dropped silently.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxUnrecognizedBytes
    {
        get;
        set => field = CheckLimit(value, minimum: 0);
    } = DefaultMaxUnrecognizedBytes;

    /// <summary>Gets or sets whether comments are reported as events of the kind <see cref="SseEventKind.Comment"/>.</summary>
    /// <value>The default is <see langword="false"/>: comments are skipped. An idle timer needs them to see keep-alives.</value>
    public bool ReportComments { get; set; }

    /// <summary>Gets or sets whether an event that the stream ends without its blank line is dispatched at the end of the stream.</summary>
    /// <value>
    /// The default is <see langword="false"/>, as the specification demands: what is unfinished is dropped. When set, the last line counts as
    /// whole even without its line end, so that data which a broken connection cut short is dispatched too.
    /// </value>
    public bool DispatchAtEnd { get; set; }

    /// <summary>Gets a test of the data of an event that the stream ends without its blank line: it is dispatched when the test says that it is whole.</summary>
    /// <value>
    /// The default is <see langword="null"/>: <see cref="DispatchAtEnd"/> alone decides. Of a last line without its line end only data counts; the name
    /// or the id of an event may have been cut.
    /// </value>
    internal Func<ReadOnlySpan<byte>, bool>? IsWholeAtEnd { get; init; }

    /// <summary>Gets the name of the option that limits the length of a line, for exceptions.</summary>
    internal string LineLimitName { get; init; } = nameof(MaxLineBytes);

    private static int CheckLimit(int value, int minimum, [CallerMemberName] string option = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, minimum, option);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, HighestLimit, option);
        return value;
    }
}
