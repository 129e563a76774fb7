using System.Buffers;
using System.Globalization;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Where the stream of a background response was left: the response, and the number of the last event that was read.</summary>
/// <param name="ResponseId">The id of the response.</param>
/// <param name="SequenceNumber">The number of the event; <see langword="null"/> to begin with the first.</param>
internal readonly record struct OpenAIResponsesContinuation(string ResponseId, long? SequenceNumber)
{
    /// <summary>Reads a token, which may have been stored as bytes in the meantime.</summary>
    /// <exception cref="ArgumentException">The token is not one of this protocol.</exception>
    public static OpenAIResponsesContinuation Read(ResponseContinuationToken token)
    {
        var json = JsonPayload.TryParse(token.ToBytes().Span);
        return json?.NonEmptyText("responseId"u8) is { } id
            ? new OpenAIResponsesContinuation(id, json.Value.Integer("sequenceNumber"u8))
            : throw new ArgumentException("The continuation token is not one of the Responses API: found no id of a response in it.", nameof(token));
    }

    public ResponseContinuationToken ToToken()
    {
        var output = new ArrayBufferWriter<byte>();
        var (id, number) = (ResponseId, SequenceNumber);
        JsonWriting.WriteObject(output, writer =>
        {
            writer.WriteString("responseId"u8, id);
            writer.WriteCount("sequenceNumber"u8, number);
        });
        return ResponseContinuationToken.FromBytes(output.WrittenMemory);
    }

    /// <summary>Gets the path and the query at which the rest of the response is found.</summary>
    public (string Path, string Query) ToAddress() => (
        "responses/" + Uri.EscapeDataString(ResponseId),
        SequenceNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $"stream=true&starting_after={number}") : "stream=true");
}
