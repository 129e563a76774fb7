using Streamline.Framing;
using Streamline.Protocols.Gemini;

namespace Streamline.Protocols;

public static partial class StreamProtocols
{
    /// <summary>Gets the wire of Gemini's <c>streamGenerateContent</c> as server-sent events.</summary>
    /// <remarks>
    /// <para>
    /// The model is a part of the address. For Vertex AI, set the base address to
    /// <c>https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}/publishers/google/</c>, and a bearer token as the header
    /// <c>Authorization</c>.
    /// </para>
    /// <para>Thought signatures go back with the parts that they came with; a tool call without an id gets one that is never sent.</para>
    /// </remarks>
    public static StreamProtocol Gemini { get; } = new GeminiProtocol(FrameFormat.Sse);

    /// <summary>Gets the wire of Gemini's <c>streamGenerateContent</c> as one JSON array, which is how it answers where it is not asked for server-sent events.</summary>
    /// <remarks>See <see cref="Gemini"/>, from which it differs in nothing else.</remarks>
    public static StreamProtocol GeminiJsonArray { get; } = new GeminiProtocol(FrameFormat.JsonArray);
}
