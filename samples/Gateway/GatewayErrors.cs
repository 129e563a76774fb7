using System.Buffers;
using System.Globalization;
using System.Net;
using Streamline;
using Streamline.Protocols;

namespace GatewaySample;

/// <summary>Says what went wrong in the words of the client's wire.</summary>
internal static class GatewayErrors
{
    /// <summary>The error of a request for a model that is not served, as the providers themselves answer it.</summary>
    public static ProviderException UnknownModel(StreamProtocol wire, string? model) =>
        model is null
            ? new ProviderException(wire.Name, HttpStatusCode.BadRequest, code: null, "model: found nothing, expected a value.")
            : new ProviderException(
                wire.Name,
                HttpStatusCode.NotFound,
                wire.Name == StreamProtocols.Anthropic.Name ? null : "model_not_found",
                $"model: there is no '{model}' here; GET /v1/models lists what there is.");

    /// <summary>Answers a request with an HTTP status and the wire's body for it.</summary>
    public static Task WriteAsync(HttpResponse response, StreamProtocol wire, Exception exception)
    {
        var error = For(wire, exception);
        response.StatusCode = (int)error.StatusCode!;
        response.ContentType = "application/json";
        if (error.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        }

        var body = new ArrayBufferWriter<byte>();
        wire.WriteErrorBody(error, body);
        return response.Body.WriteAsync(body.WrittenMemory, response.HttpContext.RequestAborted).AsTask();
    }

    /// <summary>Finds the error that an exception is for the client. What is inside of the gateway does not leave it.</summary>
    public static ProviderException For(StreamProtocol wire, Exception exception) => exception switch
    {
        // It is the gateway's key that was refused, and what a provider says of a key is not for everybody.
        ProviderException { StatusCode: HttpStatusCode.Unauthorized } => Make(wire, HttpStatusCode.BadGateway, "The provider behind this gateway refused the gateway's key."),
        ProviderException error => FromUpstream(wire, error),
        GatewayRequestException => Make(wire, HttpStatusCode.BadRequest, exception.Message),

        // The upstream's wire cannot carry what the client asks for. The name of the parameter is none of its business.
        ArgumentException => Make(wire, HttpStatusCode.BadRequest, exception.Message.Split(" (Parameter '")[0]),
        BadHttpRequestException bad => Make(wire, (HttpStatusCode)bad.StatusCode, bad.Message),
        StreamTimeoutException => Make(wire, HttpStatusCode.GatewayTimeout, "The provider behind this gateway did not answer in time."),
        StreamlineException or HttpRequestException => Make(wire, HttpStatusCode.BadGateway, "The provider behind this gateway broke off."),
        _ => Make(wire, HttpStatusCode.InternalServerError, "The gateway failed."),
    };

    // The code of one wire is no word of another. There, the status says it.
    private static ProviderException FromUpstream(StreamProtocol wire, ProviderException error) =>
        new(wire.Name, error.StatusCode ?? HttpStatusCode.BadGateway, error.Protocol == wire.Name ? error.Code : null, error.ProviderMessage)
        {
            RetryAfter = error.RetryAfter,
            IsRetryable = error.IsRetryable,
        };

    private static ProviderException Make(StreamProtocol wire, HttpStatusCode status, string message) =>
        new(wire.Name, status, code: null, message) { IsRetryable = status >= HttpStatusCode.InternalServerError };
}
