using Streamline;
using Streamline.Protocols;

namespace GatewaySample;

/// <summary>Answers requests of any wire that can be read from one upstream, whichever wire that speaks.</summary>
/// <param name="upstream">Where the answers come from.</param>
/// <param name="models">The models that clients may ask for.</param>
/// <param name="time">The clock of the keep-alives.</param>
internal sealed class Gateway(IStreamClient upstream, IReadOnlyList<string> models, TimeProvider time)
{
    private readonly string? _upstreamWire = upstream.GetService(typeof(StreamClientMetadata)) is StreamClientMetadata described ? described.Protocol : null;

    public IReadOnlyList<string> Models => models;

    public async Task AnswerAsync(HttpContext context, StreamProtocol wire)
    {
        try
        {
            var asked = await GatewayRequest.ReadAsync(context.Request, wire);
            if (!models.Contains(asked.Request.Options?.ModelId, StringComparer.Ordinal))
            {
                throw GatewayErrors.UnknownModel(wire, asked.Request.Options?.ModelId);
            }

            // What only one wire knows means nothing to another.
            var request = wire.Name == _upstreamWire ? asked.Request : asked.Request with { ExtraBody = null };
            var events = upstream.StreamAsync(request, context.RequestAborted);
            await (asked.IsStreamed ? StreamedAnswer.WriteAsync(context.Response, wire, asked.Shape(events), time) : WholeAnswer.WriteAsync(context.Response, wire, events));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left. Its token has ended the upstream, and nobody is there to be told.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await GatewayErrors.WriteAsync(context.Response, wire, exception);
        }
    }
}
