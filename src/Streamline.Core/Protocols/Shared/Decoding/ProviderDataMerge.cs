using System.Text.Json.Nodes;

namespace Streamline.Protocols.Shared;

/// <summary>Puts together what a protocol says of a call in several pieces besides its arguments.</summary>
internal static class ProviderDataMerge
{
    /// <summary>Adds members to an object; members that are there already are replaced, and objects in them merged.</summary>
    /// <param name="known">What is known; <see langword="null"/> for nothing.</param>
    /// <param name="more">The members to add.</param>
    /// <returns>The whole; <paramref name="known"/> itself when nothing is new.</returns>
    public static JsonElement? Merge(JsonElement? known, JsonElement? more)
    {
        if (more is not { } added || known is not { } before)
        {
            return known ?? more;
        }

        var whole = JsonObject.Create(before)!;
        Add(whole, added);
        var merged = ProviderJson.Parse(whole.ToJsonString());
        return JsonElement.DeepEquals(merged, before) ? known : merged;
    }

    private static void Add(JsonObject whole, JsonElement added)
    {
        foreach (var member in added.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Object && whole[member.Name] is JsonObject inner)
            {
                Add(inner, member.Value);
            }
            else
            {
                whole[member.Name] = ProviderJson.ParseNode(member.Value.RawText());
            }
        }
    }
}
