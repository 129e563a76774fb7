using System.Net;

namespace Streamline.Testing;

/// <summary>The content of a response that is recorded while it is read.</summary>
internal sealed class RecordedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly RecordingWriter _writer;
    private bool _isOpened;

    public RecordedContent(HttpContent inner, RecordingWriter writer)
    {
        _inner = inner;
        _writer = writer;
        foreach (var (name, value) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, value);
        }
    }

    protected override async Task<Stream> CreateContentReadStreamAsync()
    {
        _isOpened = true;
        return new RecordedBodyStream(await _inner.ReadAsStreamAsync().ConfigureAwait(false), _writer);
    }

    protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => CreateContentReadStreamAsync();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _isOpened = true;
        var body = new RecordedBodyStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), _writer);
        await using (body.ConfigureAwait(false))
        {
            await body.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            if (!_isOpened)
            {
                new RecordedBodyStream(Stream.Null, _writer).Dispose();
            }
        }

        base.Dispose(disposing);
    }
}
