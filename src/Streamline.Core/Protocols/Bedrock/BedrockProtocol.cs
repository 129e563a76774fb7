using System.Net.Http.Headers;
using Streamline.Framing;

namespace Streamline.Protocols.Bedrock;

/// <summary>What the streaming operations of Amazon Bedrock share: address, framing, key and errors.</summary>
/// <param name="operation">The last segment of the path.</param>
internal abstract class BedrockProtocol(string operation) : StreamProtocol
{
    public override Uri DefaultBaseAddress { get; } = BedrockEndpoint.Of(BedrockEndpoint.DefaultRegion);

    public override string ContentType => "application/vnd.amazon.eventstream";

    internal override string RequestPath => "model/{model}/" + operation;

    internal override bool SupportsOpenSchemas => false;

    internal override FrameFormat FrameFormat => FrameFormat.EventStream;

    private protected override string[] RequestIdHeaders => ["x-amzn-RequestId"];

    private protected override void WriteErrorMembers(Utf8JsonWriter writer, ProviderException error) => BedrockErrorWriter.WriteMembers(writer, error);

    private protected override void WriteInBandError(FrameOutput output, ProviderException error) => BedrockErrorWriter.WriteException(output, error);

    internal override string GetRequestPath(StreamRequest request, StreamRequestDefaults defaults) => BedrockEndpoint.PathOf(request, defaults, operation);

    private protected override ProviderError ReadErrorBody(HttpResponseHeaders headers, ReadOnlySpan<byte> body) =>
        ReadException(Encoding.UTF8.GetBytes(Header(headers, "x-amzn-ErrorType") ?? ""), body);

    /// <summary>Reads an exception inside a stream, or an error that the service has no type for.</summary>
    /// <param name="type">The type of the exception, or the code of the error, in UTF-8.</param>
    /// <param name="payload">The JSON text of the exception, or the message of the error.</param>
    internal static ProviderError ReadException(ReadOnlySpan<byte> type, ReadOnlySpan<byte> payload)
    {
        var error = ErrorReader.Read(payload);
        return ErrorCodes.ExceptionName(Encoding.UTF8.GetString(type)) is { Length: > 0 } name ? error.WithCode(name) : error;
    }
}
