using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streamline;

/// <summary>Tells whether the body of a request uses or leaves something at the provider, beyond what its options say.</summary>
internal static class ProviderState
{
    private static readonly string[] Continuing = ["previous_response_id", "conversation", "previous_interaction_id", "container", "background", "environment"];

    private static readonly string[] Tools = ["tools", "mcp_servers", "web_search_options", "plugins"];

    // These keep each response unless the request says otherwise.
    private static readonly string[] Keeping = ["openai-responses", "gemini-interactions"];

    /// <summary>Tells whether the body continues something at the provider, asks it to keep the response, or lets it run tools.</summary>
    public static bool IsUsedBy(JsonObject? body) => body is not null && (Continuing.Any(body.ContainsKey) || Tools.Any(body.ContainsKey) || (body.ContainsKey("store") && !IsStoreOff(body)));

    /// <summary>Tells whether the provider keeps the response although the body does not speak of it.</summary>
    public static bool IsKeptByDefault(string? protocol, JsonObject? body) => Array.IndexOf(Keeping, protocol) >= 0 && !IsStoreOff(body);

    private static bool IsStoreOff(JsonObject? body) => body?["store"]?.GetValueKind() == JsonValueKind.False;
}
