using Streamline.Framing;
using Streamline.Protocols;
using Streamline.Protocols.Anthropic;
using Streamline.Protocols.Bedrock;
using Streamline.Protocols.Cohere;
using Streamline.Protocols.Gemini;
using Streamline.Protocols.GeminiInteractions;
using Streamline.Protocols.Ollama;
using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.OpenAIResponses;

namespace Streamline;

/// <summary>The protocols that Streamline supports.</summary>
/// <remarks>
/// A tool or content whose additional properties hold an object under <see cref="ContentProperties.RawBlock"/> of a protocol's name is sent over that protocol as that object. So a
/// conversation can contain what the exchange types have no member for, such as a cache breakpoint.
/// </remarks>
public static class StreamProtocols
{
    /// <summary>Gets Anthropic's Messages API, which other providers offer too.</summary>
    /// <remarks>
    /// A request without a limit on output tokens asks for 8192, because the protocol requires a limit. Reasoning effort becomes adaptive thinking with that effort; a token
    /// budget, which older models need, goes into <see cref="StreamRequest.ExtraBody"/>. Reasoning without a signature and blocks that only another provider understands are left
    /// out of a conversation.
    /// </remarks>
    public static StreamProtocol Anthropic { get; } = new AnthropicProtocol();

    /// <summary>Gets Amazon Bedrock's <c>ConverseStream</c>, which is the same for all models on Bedrock.</summary>
    /// <remarks>
    /// <para>
    /// The model is part of the address: its id, or the ARN of an inference profile. The key of the client is a Bedrock API key, and its region is us-east-1 unless
    /// <c>UseBedrock</c> on the options sets another; with credentials, that method signs requests instead of using a key.
    /// </para>
    /// <para>
    /// Reasoning goes back with its signature or encrypted; without either it is left out. Settings of a single model, such as a reasoning budget or <c>top_k</c>, go into the member
    /// <c>additionalModelRequestFields</c> of <see cref="StreamRequest.ExtraBody"/>, with <c>guardrailConfig</c> beside it. The object
    /// <c>{"cachePoint":{"type":"default"}}</c> as the raw block of a content marks what is to be cached, in a system message too.
    /// </para>
    /// </remarks>
    public static StreamProtocol BedrockConverse { get; } = new BedrockConverseProtocol();

    /// <summary>Gets Anthropic's Messages API on Amazon Bedrock, through <c>InvokeModelWithResponseStream</c>.</summary>
    /// <remarks>
    /// Requests and events are those of <see cref="Anthropic"/>, so a conversation can move between the two; address and key are those of <see cref="BedrockConverse"/>. Betas go
    /// into the member <c>anthropic_beta</c> of <see cref="StreamRequest.ExtraBody"/>, and a guardrail into the headers of the client. Streams of other vendors' models have forms of
    /// their own, which this protocol does not read.
    /// </remarks>
    public static StreamProtocol BedrockAnthropic { get; } = new BedrockAnthropicProtocol();

    /// <summary>Gets Gemini's <c>streamGenerateContent</c> as server-sent events.</summary>
    /// <remarks>
    /// The model is part of the address. For Vertex AI, set the base address to
    /// <c>https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}/publishers/google/</c>, and send a bearer token in the header <c>Authorization</c>. Thought
    /// signatures go back with the parts that they came with; a tool call without an id gets one that is never sent.
    /// </remarks>
    public static StreamProtocol Gemini { get; } = new GeminiProtocol(FrameFormat.Sse);

    /// <summary>Gets Gemini's <c>streamGenerateContent</c> as one JSON array, which is how it answers unless server-sent events are requested.</summary>
    /// <remarks>Everything else is as in <see cref="Gemini"/>.</remarks>
    public static StreamProtocol GeminiJsonArray { get; } = new GeminiProtocol(FrameFormat.JsonArray);

    /// <summary>Gets Ollama's own API, <c>/api/chat</c>.</summary>
    /// <remarks>
    /// A local server needs no key; a key that is set is sent as a bearer token. Settings beyond the common options, such as <c>keep_alive</c>, go into
    /// <see cref="StreamRequest.ExtraBody"/>; a member <c>options</c> there replaces the options that are written. Responses of <c>/api/generate</c> can be read, but not requested.
    /// </remarks>
    public static StreamProtocol Ollama { get; } = new OllamaProtocol();

    /// <summary>Gets OpenAI's Chat Completions, and every compatible server at another base address.</summary>
    /// <remarks>
    /// <see cref="OpenAICompatible"/> has other vendors' servers with their addresses and differences. The limit on output tokens is written as <c>max_completion_tokens</c>; for a
    /// server that expects <c>max_tokens</c>, put that member into <see cref="StreamRequest.ExtraBody"/>, and the other is left out.
    /// </remarks>
    public static StreamProtocol OpenAIChat { get; } = new OpenAIChatProtocol(OpenAIChatServer.OpenAI);

    /// <summary>Gets OpenAI's Responses API, which other servers offer too.</summary>
    /// <remarks>
    /// <para>
    /// Items go back as they were received: reasoning with its encrypted content, calls with their ids, whatever the provider's own tools made. To continue a conversation that the
    /// provider stores, set <see cref="ChatOptions.ConversationId"/> to the id of a response or of a conversation; <c>store</c>, <c>include</c> and everything else goes into
    /// <see cref="StreamRequest.ExtraBody"/>.
    /// </para>
    /// <para>
    /// With <see cref="ChatOptions.AllowBackgroundResponses"/>, a response continues without its connection. When the connection breaks, the partial response of the exception has a
    /// <see cref="ChatResponse.ContinuationToken"/>: a request with it as <see cref="ChatOptions.ContinuationToken"/> returns the events after the last one that was read. The rest of a
    /// text that was cut is a new block.
    /// </para>
    /// </remarks>
    public static StreamProtocol OpenAIResponses { get; } = new OpenAIResponsesProtocol();

    /// <summary>Gets the protocol of Cohere's Chat API, version 2 (<c>POST /v2/chat</c>).</summary>
    /// <remarks>
    /// <para>
    /// Reasoning is either a <c>thinking</c> content or the <c>tool_plan</c> that comes before tool calls; both are <see cref="ReasoningDelta"/>s and go back in
    /// the form in which they came. Citations are <see cref="CitationAdded"/>. Any effort of reasoning turns thinking on and <c>None</c> turns it off, because the API has no
    /// levels; a budget of tokens goes into the member <c>thinking</c> of <see cref="StreamRequest.ExtraBody"/>.
    /// </para>
    /// <para>
    /// <c>documents</c>, <c>citation_options</c>, <c>safety_mode</c>, <c>logprobs</c> and <c>priority</c> go into <see cref="StreamRequest.ExtraBody"/>. The API cannot name the
    /// function that the model must call: a request that requires one offers only that one.
    /// </para>
    /// <para>
    /// A tool or content whose additional properties hold an object under <see cref="ContentProperties.RawBlock"/> of <c>cohere</c> is sent as that object,
    /// such as a content of the type <c>document</c> in the result of a tool, which the model can cite.
    /// </para>
    /// </remarks>
    public static StreamProtocol Cohere { get; } = new CohereProtocol();

    /// <summary>Gets Gemini's Interactions API, <c>/v1beta/interactions</c>: steps of a model or an agent, whose conversation the provider may keep.</summary>
    /// <remarks>
    /// <para>
    /// <see cref="ChatOptions.ConversationId"/> is the id of the interaction that the request continues; the messages are then only what is new. What has no option, such as <c>store</c>,
    /// <c>service_tier</c> and <c>agent</c>, which takes the place of a model, goes into <see cref="StreamRequest.ExtraBody"/>.
    /// </para>
    /// <para>
    /// <see cref="ChatOptions.AllowBackgroundResponses"/> makes an interaction that outlives its connection. When the connection breaks, <c>UseRetry</c> resumes the stream exactly where it
    /// broke, see <see cref="StreamResumed"/>. Without it, the partial response of the exception has a <see cref="ChatResponse.ContinuationToken"/>: a request with it as
    /// <see cref="ChatOptions.ContinuationToken"/>, also of another process, streams the events that follow. The rest of a text that was cut is then a new block, and a call that was cut comes whole.
    /// </para>
    /// <para>
    /// Thoughts go back with their signatures, and the steps of tools that the provider ran go back unchanged. A tool or content whose additional properties hold an object under
    /// <see cref="ContentProperties.RawBlock"/> of <c>gemini-interactions</c> is sent as that object, such as <c>{"type":"url_context"}</c>.
    /// </para>
    /// </remarks>
    public static StreamProtocol GeminiInteractions { get; } = new InteractionsProtocol();
}
