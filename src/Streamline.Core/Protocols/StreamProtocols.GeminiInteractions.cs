using Streamline.Protocols.GeminiInteractions;

namespace Streamline.Protocols;

public static partial class StreamProtocols
{
    /// <summary>Gets Gemini's Interactions API, <c>/v1beta/interactions</c>: steps of a model or an agent, whose conversation the provider may keep.</summary>
    /// <remarks>
    /// <para>
    /// <see cref="Microsoft.Extensions.AI.ChatOptions.ConversationId"/> is the id of the interaction that the request continues; the messages are then only what is new. What has no option, such as <c>store</c>,
    /// <c>service_tier</c> and <c>agent</c>, which takes the place of a model, goes into <see cref="StreamRequest.ExtraBody"/>.
    /// </para>
    /// <para>
    /// <see cref="Microsoft.Extensions.AI.ChatOptions.AllowBackgroundResponses"/> makes an interaction that outlives its connection. When the connection breaks, <c>UseRetry</c> resumes the stream exactly where it
    /// broke, see <see cref="StreamResumed"/>. Without it, the partial response of the exception has a <see cref="Microsoft.Extensions.AI.ChatResponse.ContinuationToken"/>: a request with it as
    /// <see cref="Microsoft.Extensions.AI.ChatOptions.ContinuationToken"/>, also of another process, streams the events that follow. The rest of a text that was cut is then a new block, and a call that was cut comes whole.
    /// </para>
    /// <para>
    /// Thoughts go back with their signatures, and the steps of tools that the provider ran go back unchanged. A tool or content whose additional properties hold an object under
    /// <see cref="ContentProperties.RawBlock"/> of <c>gemini-interactions</c> is sent as that object, such as <c>{"type":"url_context"}</c>.
    /// </para>
    /// </remarks>
    public static StreamProtocol GeminiInteractions { get; } = new InteractionsProtocol();
}
