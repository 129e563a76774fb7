using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Streamline.Framing;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>What the streaming operations of Amazon Bedrock share: address, framing, key and errors.</summary>
/// <param name="operation">The last segment of the path.</param>
internal abstract class BedrockProtocol(string operation) : StreamProtocol
{
    public override Uri DefaultBaseAddress { get; } = BedrockEndpoint.Of(BedrockEndpoint.DefaultRegion);

    public override string ContentType => "application/vnd.amazon.eventstream";

    internal override string RequestPath => "model/{model}/" + operation;

    internal override FrameFormat FrameFormat => FrameFormat.EventStream;

    public override void WriteErrorBody(ProviderException error, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(output);
        BedrockErrorWriter.WriteBody(error, output);
    }

    internal override string GetRequestPath(StreamRequest request, StreamRequestDefaults defaults) => BedrockEndpoint.PathOf(request, defaults, operation);

    // A signature is not part of the protocol: it is made from the whole request, just before that is sent.
    internal override void WriteRequestHeaders(HttpRequestHeaders headers, string? apiKey)
    {
        if (!string.IsNullOrEmpty(apiKey))
        {
            headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }
    }

    internal override ProviderException ReadError(HttpStatusCode statusCode, HttpResponseHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var error = ErrorReader.Read(body);
        error = ErrorCodes.ExceptionName(Header(headers, "x-amzn-ErrorType")) is { Length: > 0 } name ? error.WithCode(name) : error;
        return error.ToException(
            statusCode,
            new ErrorContext(Provider, OtherName, ReadRequestId(headers), RetryAfterHeader.Read(headers, now), RetryAfterHeader.ShouldRetry(headers)));
    }

    internal override string? ReadRequestId(HttpResponseHeaders headers) => Header(headers, "x-amzn-RequestId");

    /// <summary>Reads an exception inside a stream, or an error that the service has no type for.</summary>
    /// <param name="type">The type of the exception, or the code of the error, in UTF-8.</param>
    /// <param name="payload">The JSON text of the exception, or the message of the error.</param>
    internal static ProviderError ReadException(ReadOnlySpan<byte> type, ReadOnlySpan<byte> payload)
    {
        var error = ErrorReader.Read(payload);
        return ErrorCodes.ExceptionName(Encoding.UTF8.GetString(type)) is { Length: > 0 } name ? error.WithCode(name) : error;
    }

    private static string? Header(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
