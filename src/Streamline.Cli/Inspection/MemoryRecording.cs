using Streamline.Testing;

namespace Streamline.Cli.Inspection;

/// <summary>Records the last exchange of an HTTP client without a file that stays.</summary>
/// <param name="timeProvider">The clock of the recorded times.</param>
/// <param name="maxBytes">How many bytes of a recorded response, with its times, are enough.</param>
/// <param name="onFull">Called when so many are there. It ends the exchange.</param>
internal sealed class MemoryRecording(TimeProvider timeProvider, int maxBytes, Action onFull)
{
    private readonly List<MemoryStream> _recordings = [];

    /// <summary>Gets a value indicating whether something came back.</summary>
    public bool HasResponse => Read() is { StatusCode: not null };

    /// <summary>Puts the recorder before a handler.</summary>
    public HttpMessageHandler Wrap(HttpMessageHandler inner) => new ExchangeRecorder(Open, timeProvider) { InnerHandler = inner };

    /// <summary>Gives the exchange.</summary>
    /// <exception cref="InvalidOperationException">Nothing was asked.</exception>
    public RecordedExchange ToExchange() => Read() ?? throw new InvalidOperationException("Nothing was sent.");

    private MemoryStream Open(HttpRequestMessage request)
    {
        _recordings.Add(new BoundedStream(maxBytes, onFull));
        return _recordings[^1];
    }

    // A stream of memory can still be read after the recorder has disposed of it.
    private RecordedExchange? Read() => _recordings.Count > 0 && _recordings[^1].ToArray() is { Length: > 0 } bytes ? RecordedExchange.Parse(bytes) : null;

    private sealed class BoundedStream(int maxBytes, Action onFull) : MemoryStream
    {
        private long _requestBytes; // of the first line, which is the request

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            _requestBytes = _requestBytes == 0 ? Length : _requestBytes;
            if (Length - _requestBytes >= maxBytes)
            {
                onFull();
            }

            return ValueTask.CompletedTask;
        }
    }
}
