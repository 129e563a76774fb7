namespace Streamline.Protocols.OpenAIChat;

/// <summary>How what a choice says besides its delta is named.</summary>
internal static class OpenAIChatMetadataNames
{
    /// <summary>What the names of members of a delta begin with.</summary>
    public const string DeltaPrefix = "delta.";

    public static readonly AnswerNames OfChoice = new(
        "choices", "logprobs", "content_filter_results", "content_filter_offsets", "content_filter_result", "native_finish_reason", "stop_reason", "matched_stop");

    /// <summary>Gets the name of a member of a delta.</summary>
    public static string ForDelta(string member, int choice) => choice == 0 ? DeltaPrefix + member : OfChoice.Qualify(DeltaPrefix + member, choice);

    /// <summary>Reads a name back: where on the protocol its value stands.</summary>
    /// <param name="name">The name.</param>
    /// <param name="choice">The choice that it belongs to; <see langword="null"/> for a member of the chunk.</param>
    /// <param name="isOfDelta">Whether it is a member of the choice's delta.</param>
    /// <returns>The name of the member.</returns>
    public static string Read(string name, out int? choice, out bool isOfDelta)
    {
        (choice, name) = OfChoice.Read(name);
        isOfDelta = name.StartsWith(DeltaPrefix, StringComparison.Ordinal);
        choice ??= isOfDelta ? 0 : null;
        return isOfDelta ? name[DeltaPrefix.Length..] : name;
    }
}
