using Streamline;
using Streamline.Protocols;

namespace GatewaySample;

/// <summary>Answers requests of any protocol from one upstream, whichever protocol that speaks.</summary>
/// <param name="upstream">Where the answers come from.</param>
/// <param name="models">The models that clients may ask for.</param>
/// <param name="time">The clock of the keep-alives.</param>
internal sealed class Gateway(IStreamClient upstream, IReadOnlyList<string> models, TimeProvider time)
{
    private readonly string? _upstreamProtocol = upstream.GetService(typeof(StreamClientMetadata)) is StreamClientMetadata described ? described.Protocol : null;

    public IReadOnlyList<string> Models => models;

    public async Task AnswerAsync(HttpContext context, StreamProtocol protocol)
    {
        try
        {
            var asked = await GatewayRequest.ReadAsync(context.Request, protocol);
            if (!models.Contains(asked.Request.Options?.ModelId, StringComparer.Ordinal))
            {
                throw GatewayErrors.UnknownModel(protocol, asked.Request.Options?.ModelId);
            }

            // What only one protocol knows means nothing to another.
            var request = protocol.Name == _upstreamProtocol ? asked.Request : asked.Request with { ExtraBody = null };
            var events = upstream.StreamAsync(request, context.RequestAborted);
            await (asked.IsStreamed ? StreamedAnswer.WriteAsync(context.Response, protocol, asked.Shape(events), time) : WholeAnswer.WriteAsync(context.Response, protocol, events));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left. Its token has ended the upstream, and nobody is there to be told.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await GatewayErrors.WriteAsync(context.Response, protocol, exception);
        }
    }
}
