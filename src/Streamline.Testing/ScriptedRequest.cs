using System.Text.Json;
using Streamline.Protocols;

namespace Streamline.Testing;

/// <summary>A request as a <see cref="ScriptedProvider"/> received it. Credentials are not in it.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class ScriptedRequest
{
    private readonly RequestConversation _conversation;

    internal ScriptedRequest(
        int index, StreamProtocol? protocol, string method, string path, IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> rawBody)
    {
        Index = index;
        Protocol = protocol;
        Method = method;
        Path = path;
        Headers = headers;
        RawBody = rawBody;
        Body = Parse(rawBody);
        _conversation = RequestConversation.Read(Body);
    }

    /// <summary>Gets how many requests the provider had received before this one.</summary>
    public int Index { get; }

    /// <summary>Gets the protocol of the request; <see langword="null"/> when its method and path belong to none, which is answered with status 404.</summary>
    public StreamProtocol? Protocol { get; }

    /// <summary>Gets the HTTP method, such as <c>POST</c>.</summary>
    public string Method { get; }

    /// <summary>Gets the path, without the query.</summary>
    public string Path { get; }

    /// <summary>Gets the headers, by names in any case. A value that may be a credential is replaced by <c>[redacted]</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>Gets the bytes of the body.</summary>
    public ReadOnlyMemory<byte> RawBody { get; }

    /// <summary>Gets the body as JSON; of kind <see cref="JsonValueKind.Undefined"/> when it is not JSON.</summary>
    public JsonElement Body { get; }

    /// <summary>Gets the model that the request asks for; <see langword="null"/> when it does not say.</summary>
    public string? Model => _conversation.Model ?? WireRoutes.Model(Path);

    /// <summary>Gets the names of the tools that the request offers.</summary>
    public IReadOnlyList<string> ToolNames => _conversation.ToolNames;

    /// <summary>Gets the text of the last message of the user that has any; empty when there is none.</summary>
    public string LastUserText => _conversation.LastUserText;

    /// <summary>Gets the results of the tools that the last message of the assistant called; empty when the request brings none.</summary>
    public IReadOnlyList<ScriptedToolResult> ToolResults => _conversation.ToolResults;

    internal bool IsAuthorized { get; init; } = true;

    private static JsonElement Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = StreamReadOptions.MaxPayloadDepth });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
