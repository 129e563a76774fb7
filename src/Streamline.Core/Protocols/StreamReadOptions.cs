namespace Streamline.Protocols;

/// <summary>Limits on what is read from a response, and on what is kept of it.</summary>
/// <remarks>An instance may be shared. A stream copies the values when it begins, so later changes do nothing to it.</remarks>
public sealed class StreamReadOptions
{
    /// <summary>The default of <see cref="MaxEventBytes"/>: 16 MiB.</summary>
    internal const int DefaultMaxEventBytes = 16 * 1024 * 1024;

    /// <summary>The default of <see cref="MaxArgumentBytes"/>: 4 MiB.</summary>
    internal const int DefaultMaxArgumentBytes = 4 * 1024 * 1024;

    /// <summary>The default of <see cref="MaxArgumentDepth"/>: 64.</summary>
    internal const int DefaultMaxArgumentDepth = 64;

    /// <summary>The default of <see cref="MaxOpenBlocks"/>: 1024.</summary>
    internal const int DefaultMaxOpenBlocks = 1024;

    /// <summary>The default of <see cref="MaxOpenArgumentBytes"/>: 16 MiB.</summary>
    internal const long DefaultMaxOpenArgumentBytes = 16 * 1024 * 1024;

    /// <summary>The default of <see cref="MaxEventsPerFrame"/>: 16,384.</summary>
    internal const int DefaultMaxEventsPerFrame = 16 * 1024;

    /// <summary>The default of <see cref="MaxResponseBytes"/>: 4 GiB.</summary>
    internal const long DefaultMaxResponseBytes = 4L * 1024 * 1024 * 1024;

    /// <summary>The default of <see cref="MaxRetainedChars"/>: 2 Mi code units, 4 MiB.</summary>
    internal const long DefaultMaxRetainedChars = StreamState.DefaultMaxRetainedChars;

    /// <summary>The highest value that <see cref="MaxEventBytes"/> can take: 1 GiB.</summary>
    internal const int HighestEventBytes = 1024 * 1024 * 1024;

    /// <summary>The highest value that <see cref="MaxArgumentBytes"/> can take, which is the most that a growing JSON document can hold: 128 MiB less one.</summary>
    internal const int HighestArgumentBytes = (128 * 1024 * 1024) - 1;

    /// <summary>The highest value that <see cref="MaxArgumentDepth"/> can take, and how deep the arguments of calls in a conversation may nest: 512.</summary>
    internal const int HighestArgumentDepth = 512;

    /// <summary>How deep the JSON of one payload of a response, or of the body of a request that is read, may nest, whatever it holds: 900. No option changes it.</summary>
    public const int MaxPayloadDepth = ProviderJson.MaxPayloadDepth;

    /// <summary>Gets or sets the most bytes that one event of the stream may have.</summary>
    /// <value>In bytes, from 1 to 1 GiB. The default is 16 MiB.</value>
    public int MaxEventBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxEventBytes));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, HighestEventBytes, nameof(MaxEventBytes));
            field = value;
        }
    } = DefaultMaxEventBytes;

    /// <summary>Gets or sets the most bytes that the arguments of one tool call may have.</summary>
    /// <value>In bytes of UTF-8, from 1 to 128 MiB less one. The default is 4 MiB.</value>
    public int MaxArgumentBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxArgumentBytes));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, HighestArgumentBytes, nameof(MaxArgumentBytes));
            field = value;
        }
    } = DefaultMaxArgumentBytes;

    /// <summary>Gets or sets how deep objects and arrays may nest in the arguments of a tool call, on protocols that carry them as text and on those that carry them as JSON.</summary>
    /// <value>From 1 to 512. The default is 64.</value>
    public int MaxArgumentDepth
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxArgumentDepth));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, HighestArgumentDepth, nameof(MaxArgumentDepth));
            field = value;
        }
    } = DefaultMaxArgumentDepth;

    /// <summary>Gets or sets how many blocks and tool calls of one response may be open at once.</summary>
    /// <value>At least 1. The default is 1024.</value>
    public int MaxOpenBlocks
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxOpenBlocks));
            field = value;
        }
    } = DefaultMaxOpenBlocks;

    /// <summary>Gets or sets the most bytes that the arguments of all open tool calls of one response may have together.</summary>
    /// <value>In bytes of UTF-8, at least 1. The default is 16 MiB.</value>
    /// <remarks><see cref="MaxArgumentBytes"/> limits each call; this limits how much many calls hold at once.</remarks>
    public long MaxOpenArgumentBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxOpenArgumentBytes));
            field = value;
        }
    } = DefaultMaxOpenArgumentBytes;

    /// <summary>Gets or sets the most events that one payload of the stream may yield: a line of JSON with thousands of tool calls, for instance.</summary>
    /// <value>At least 1. The default is 16,384.</value>
    public int MaxEventsPerFrame
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxEventsPerFrame));
            field = value;
        }
    } = DefaultMaxEventsPerFrame;

    /// <summary>Gets or sets the most bytes that the body of one response may have, whatever they are: frames, comments, blank lines.</summary>
    /// <value>In bytes after decompression, at least 1; <see cref="long.MaxValue"/> for endless streams. The default is 4 GiB.</value>
    /// <remarks>Reading stops at most one byte past the limit; the events of all frames within the limit are delivered first.</remarks>
    public long MaxResponseBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxResponseBytes));
            field = value;
        }
    } = DefaultMaxResponseBytes;

    /// <summary>
    /// Gets or sets how much is kept of a response while it streams: for the partial response of an exception, for the next request of a tool loop, and for
    /// <c>GetResponseAsync</c>.
    /// </summary>
    /// <remarks>Past it, the stream continues and what is kept stays as it is; code that needs the whole response then fails with <see cref="StreamLimitException"/>.</remarks>
    /// <value>In UTF-16 code units of text, and as <see cref="StreamState"/> counts the rest; 0 for no partial responses. The default is 2 Mi code units, 4 MiB.</value>
    public long MaxRetainedChars
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxRetainedChars));
            field = value;
        }
    } = DefaultMaxRetainedChars;

    /// <summary>Gets the defaults, which nothing changes.</summary>
    internal static StreamReadOptions Default { get; } = new();

    internal StreamReadOptions Copy() => (StreamReadOptions)MemberwiseClone();
}
