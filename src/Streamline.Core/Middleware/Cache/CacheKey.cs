using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>Makes the key of a request: of everything that its answer depends on.</summary>
internal static class CacheKey
{
    private const string Version = "streamline-1";

    /// <summary>Makes the key; <see langword="null"/> for a request whose answer cannot be kept, because it leaves or uses something at the provider, or holds what cannot be compared.</summary>
    public static string? Of(StreamRequest request, string? tenant, StreamClientMetadata? metadata)
    {
        var options = request.Options;
        if (options is { ContinuationToken: not null } or { ConversationId: not null } or { AllowBackgroundResponses: true } or { RawRepresentationFactory: not null })
        {
            return null;
        }

        var tools = options?.Tools?.Select(tool => $"{tool.GetType().Name}\n{tool.Name}\n{tool.Description}\n{(tool as AIFunctionDeclaration)?.JsonSchema.GetRawText()}").ToArray() ?? [];
        if (options?.Tools?.Any(tool => tool is not AIFunctionDeclaration) == true)
        {
            return null; // what runs at the provider may answer differently, or have effects
        }

        try
        {
            return AIJsonUtilities.HashDataToString(
                [Version, tenant, metadata?.Provider, metadata?.Protocol, options?.ModelId ?? metadata?.DefaultModel, request.Messages.ToList(), options, tools, request.ExtraBody?.ToJsonString()],
                AIJsonUtilities.DefaultOptions);
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
