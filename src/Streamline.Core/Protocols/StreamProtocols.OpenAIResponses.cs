using Streamline.Protocols.OpenAIResponses;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols;

/// <content>OpenAI's Responses API.</content>
public static partial class StreamProtocols
{
    /// <summary>Gets the wire of OpenAI's Responses API, which other servers offer too.</summary>
    /// <remarks>
    /// <para>
    /// Items go back as they came: reasoning with its encrypted content, calls with their ids, whatever the provider's own tools made. A conversation that
    /// the provider keeps is continued by <see cref="Microsoft.Extensions.AI.ChatOptions.ConversationId"/>, which is the id of a response or of a conversation;
    /// <c>store</c>, <c>include</c> and all else goes into <see cref="StreamRequest.ExtraBody"/>.
    /// </para>
    /// <para>
    /// <see cref="Microsoft.Extensions.AI.ChatOptions.AllowBackgroundResponses"/> makes a response that goes on without its connection. When that breaks, the partial
    /// response of the exception has a <see cref="Microsoft.Extensions.AI.ChatResponse.ContinuationToken"/>: a request with it as
    /// <see cref="Microsoft.Extensions.AI.ChatOptions.ContinuationToken"/> brings the events that follow the last that was read. The rest of a text that was cut is a new block.
    /// </para>
    /// <para>
    /// A tool or content whose additional properties hold an object under <see cref="ContentProperties.RawBlock"/> of <c>openai-responses</c> is sent as
    /// that object: a tool of the provider, or the output of one that the application ran, such as <c>computer_call_output</c>.
    /// </para>
    /// </remarks>
    public static StreamProtocol OpenAIResponses { get; } = new OpenAIResponsesProtocol();
}
