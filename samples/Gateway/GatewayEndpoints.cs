using Streamline;

namespace GatewaySample;

/// <summary>Which path speaks which protocol.</summary>
internal static class GatewayEndpoints
{
    public static void MapGateway(this IEndpointRouteBuilder routes, Gateway gateway)
    {
        routes.MapPost("/v1/messages", context => gateway.AnswerAsync(context, StreamProtocols.Anthropic));
        routes.MapPost("/v1/chat/completions", context => gateway.AnswerAsync(context, StreamProtocols.OpenAIChat));
        routes.MapPost("/v1/responses", context => gateway.AnswerAsync(context, StreamProtocols.OpenAIResponses));
        routes.MapGet("/v1/models", context => ModelList.WriteAsync(context, gateway.Models));
    }
}
