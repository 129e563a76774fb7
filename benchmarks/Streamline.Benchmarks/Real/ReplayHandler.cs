using System.Net;
using System.Net.Http.Headers;
using Streamline.Benchmarks.Sse;

namespace Streamline.Benchmarks.Real;

/// <summary>Answers every request with the body that is set at the time, in chunks of a size, so that clients are measured without a network.</summary>
internal sealed class ReplayHandler(string contentType) : HttpMessageHandler
{
    private readonly MediaTypeHeaderValue _contentType = new(contentType);

    public byte[] Body { get; set; } = [];

    public int ChunkSize { get; set; } = int.MaxValue;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new StreamContent(new ReplayStream(Body, ChunkSize)) };
        response.Content.Headers.ContentType = _contentType;
        return Task.FromResult(response);
    }
}
