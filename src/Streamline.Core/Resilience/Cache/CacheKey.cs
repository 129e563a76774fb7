using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Resilience;

/// <summary>Makes the key of a request: of everything that its answer depends on.</summary>
internal static class CacheKey
{
    private const string Version = "streamline-2";

    /// <summary>
    /// Makes the key; <see langword="null"/> for a request whose answer cannot be kept, because it leaves or uses something at the provider, holds what cannot be compared,
    /// or holds values for the pipeline while no tenant says whose they are.
    /// </summary>
    public static string? Of(StreamRequest request, string? tenant, StreamClientMetadata? metadata, string? name = null)
    {
        var options = request.Options;
        if (options is { ContinuationToken: not null } or { ConversationId: not null } or { AllowBackgroundResponses: true } or { RawRepresentationFactory: not null }
            || ProviderState.IsUsedBy(request.ExtraBody)
            || (request.Items.Count > 0 && tenant is null)
            || options?.Tools?.Any(tool => tool is not AIFunctionDeclaration) == true) // what runs at the provider may answer differently, or have effects
        {
            return null;
        }

        List<object?> values =
            [Version, name, tenant, metadata?.Provider, metadata?.Protocol, options?.ModelId ?? metadata?.DefaultModel, request.Messages.ToList(), options, request.ExtraBody?.ToJsonString()];
        foreach (var tool in options?.Tools ?? [])
        {
            values.Add($"{tool.GetType().Name}\n{tool.Name}\n{tool.Description}\n{(tool as AIFunctionDeclaration)?.JsonSchema.GetRawText()}");
            values.Add(tool.AdditionalProperties.Count.ToString(CultureInfo.InvariantCulture));
            foreach (var (key, value) in tool.AdditionalProperties.OrderBy(property => property.Key, StringComparer.Ordinal))
            {
                values.Add(key);
                values.Add(value);
            }
        }

        try
        {
            return AIJsonUtilities.HashDataToString(values.ToArray(), AIJsonUtilities.DefaultOptions);
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
