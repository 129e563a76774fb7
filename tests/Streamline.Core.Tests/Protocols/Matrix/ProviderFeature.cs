using Streamline.Protocols;

namespace Streamline.Tests.Protocols.Matrix;

/// <summary>A row of the table, and how a wire shows what its cell has to say.</summary>
internal abstract class ProviderFeature(string name)
{
    /// <summary>What a cell says where the wire has nothing, or carries nothing.</summary>
    public const string Nothing = "–";

    public static IReadOnlyList<StreamProtocol> Protocols { get; } =
    [
        StreamProtocols.Anthropic, StreamProtocols.OpenAIChat, StreamProtocols.OpenAIResponses, StreamProtocols.Gemini, StreamProtocols.Ollama, StreamProtocols.BedrockConverse,
        StreamProtocols.Cohere, StreamProtocols.GeminiInteractions,
    ];

    public string Name => name;

    public abstract Task<string> ObserveAsync(string wire);

    protected static StreamProtocol Protocol(string wire) => Protocols.Single(protocol => protocol.Name == wire);

    /// <summary>Makes the text of a cell: each claim once, with the forms that it holds for.</summary>
    protected static string Describe(IEnumerable<(string Claim, string Form)> observed) => string.Join("; ", observed
        .GroupBy(one => one.Claim, one => one.Form, StringComparer.Ordinal)
        .Select(claim => (claim.Key, Forms: string.Join(", ", claim.Where(form => form.Length > 0))))
        .Select(claim => claim.Forms.Length > 0 ? $"{claim.Key} ({claim.Forms})" : claim.Key));
}
