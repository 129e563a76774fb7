using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
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
        BedrockErrors.WriteBody(error, output);
    }

    internal override string GetRequestPath(StreamRequest request, StreamRequestDefaults defaults) => BedrockEndpoint.PathOf(request, defaults, operation);

    // A signature is no matter of the wire: it is made of the whole request, just before that is sent.
    internal override void WriteRequestHeaders(HttpRequestHeaders headers, string? apiKey)
    {
        if (!string.IsNullOrEmpty(apiKey))
        {
            headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }
    }

    internal override ProviderException ReadError(HttpStatusCode statusCode, HttpResponseHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        BedrockErrors.Read(Name, statusCode, headers, body, now);

    internal override ProviderException? ReadInBandError(ReadOnlySpan<byte> text, string? requestId) => BedrockErrors.TryReadInBand(Name, text, requestId);

    internal override string? ReadRequestId(HttpResponseHeaders headers) => BedrockErrors.ReadRequestId(headers);
}
