using System.Buffers;
using System.Globalization;
using System.Net;
using Streamline;
using Streamline.Protocols;

namespace GatewaySample;

/// <summary>Says what went wrong in the form of the client's protocol.</summary>
internal static class GatewayErrors
{
    /// <summary>The error of a request for a model that is not served, as the providers themselves answer it.</summary>
    public static ProviderException UnknownModel(StreamProtocol protocol, string? model) =>
        model is null
            ? new ProviderException(protocol.Name, HttpStatusCode.BadRequest, code: null, "model: missing, expected a value.")
            : new ProviderException(
                protocol.Name,
                HttpStatusCode.NotFound,
                protocol.Name == StreamProtocols.Anthropic.Name ? null : "model_not_found",
                $"model: '{model}' is not available; GET /v1/models lists the available ones.");

    /// <summary>Answers a request with an HTTP status and the protocol's body for it.</summary>
    public static Task WriteAsync(HttpResponse response, StreamProtocol protocol, Exception exception)
    {
        var error = For(protocol, exception);
        response.StatusCode = (int)error.StatusCode!;
        response.ContentType = "application/json";
        if (error.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        }

        var body = new ArrayBufferWriter<byte>();
        protocol.WriteErrorBody(error, body);
        return response.Body.WriteAsync(body.WrittenMemory, response.HttpContext.RequestAborted).AsTask();
    }

    /// <summary>Finds the error that an exception is for the client. What is inside of the gateway does not leave it.</summary>
    public static ProviderException For(StreamProtocol protocol, Exception exception) => exception switch
    {
        // It is the gateway's key that was refused, and what a provider says of a key is not for everybody.
        ProviderException { StatusCode: HttpStatusCode.Unauthorized } => Make(protocol, HttpStatusCode.BadGateway, "The provider refused the gateway's key."),
        ProviderException error when IsProvidersOwn(error) => FromUpstream(protocol, error),
        GatewayRequestException => Make(protocol, HttpStatusCode.BadRequest, exception.Message),

        // The upstream's protocol does not support what the client asks for. The name of our parameter would not help the client.
        ArgumentException => Make(protocol, HttpStatusCode.BadRequest, exception.Message.Split(" (Parameter '")[0]),
        BadHttpRequestException bad => Make(protocol, (HttpStatusCode)bad.StatusCode, bad.Message),
        StreamTimeoutException => Make(protocol, HttpStatusCode.GatewayTimeout, "The provider did not answer in time."),
        StreamlineException or HttpRequestException => Make(protocol, HttpStatusCode.BadGateway, "The provider's response was interrupted."),
        _ => Make(protocol, HttpStatusCode.InternalServerError, "The gateway failed."),
    };

    // An answer whose status does not say that it is an error was refused on this side of the connection, in words that may name servers.
    private static bool IsProvidersOwn(ProviderException error) => error.StatusCode is null or >= HttpStatusCode.BadRequest;

    // The code of one protocol means nothing in another. There, the status says it.
    private static ProviderException FromUpstream(StreamProtocol protocol, ProviderException error) =>
        new(protocol.Name, error.StatusCode ?? HttpStatusCode.BadGateway, error.Protocol == protocol.Name ? error.Code : null, error.ProviderMessage)
        {
            RetryAfter = error.RetryAfter,
            IsRetryable = error.IsRetryable,
        };

    private static ProviderException Make(StreamProtocol protocol, HttpStatusCode status, string message) =>
        new(protocol.Name, status, code: null, message) { IsRetryable = status >= HttpStatusCode.InternalServerError };
}
