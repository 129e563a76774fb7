using System.Net;
using System.Net.Http.Headers;

namespace Streamline.Benchmarks.Protocols;

/// <summary>Answers every request with the same recorded stream, so that clients are measured without a network.</summary>
internal sealed class RecordedHandler(byte[] body) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new StreamContent(new MemoryStream(body)) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
        return Task.FromResult(response);
    }
}
