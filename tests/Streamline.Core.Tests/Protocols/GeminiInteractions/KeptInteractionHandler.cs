using System.Net;
using System.Net.Http.Headers;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.GeminiInteractions;

/// <summary>Serves an interaction in process.</summary>
/// <param name="interaction">The interaction.</param>
/// <param name="breaks">Whether a response that breaks off fails, rather than ends.</param>
internal sealed class KeptInteractionHandler(KeptInteraction interaction, bool breaks) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (body, isCut) = interaction.Answer(request.Method.Method, request.RequestUri!.PathAndQuery);
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new Body(body, isCut && breaks)) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
        return Task.FromResult(response);
    }

    private sealed class Body(byte[] body, bool breaks) : MemoryStream(body)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is var read && (read > 0 || !breaks) ? read : throw new IOException("The connection was reset.");
    }
}
