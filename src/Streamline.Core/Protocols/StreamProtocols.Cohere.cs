using Streamline.Protocols.Cohere;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols;

/// <content>Cohere's Chat API, version 2.</content>
public static partial class StreamProtocols
{
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
}
