using System.Globalization;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>How what a choice says besides its delta is named: by the protocol's own name, with a path where several answers or objects could be meant.</summary>
internal static class OpenAIChatMetadataNames
{
    private const string LogProbs = "logprobs";

    private const string DeltaPrefix = "delta.";

    // What servers are known to say of a choice.
    private static readonly HashSet<string> OfChoice = new(StringComparer.Ordinal)
    {
        LogProbs, "content_filter_results", "content_filter_offsets", "content_filter_result", "native_finish_reason", "stop_reason", "matched_stop",
    };

    public static bool IsOfChoice(string name) => OfChoice.Contains(name);

    /// <summary>The name of a member of a choice.</summary>
    public static string ForChoice(string member, int choice) => choice == 0 && IsOfChoice(member) ? member : Qualify(member, choice);

    /// <summary>The name of a member of a delta.</summary>
    public static string ForDelta(string member, int choice) => choice == 0 ? DeltaPrefix + member : Qualify(DeltaPrefix + member, choice);

    public static string Qualify(string member, int choice) => string.Create(CultureInfo.InvariantCulture, $"choices[{choice}].{member}");

    /// <summary>Reads a name back: where on the protocol its value stands.</summary>
    /// <param name="name">The name.</param>
    /// <param name="choice">The choice that it belongs to; <see langword="null"/> for a member of the chunk.</param>
    /// <param name="isOfDelta">Whether it is a member of the choice's delta.</param>
    /// <returns>The name of the member.</returns>
    public static string Read(string name, out int? choice, out bool isOfDelta)
    {
        choice = null;
        const string Prefix = "choices[";
        if (name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.IndexOf("].", StringComparison.Ordinal) is > 0 and var end
            && int.TryParse(name.AsSpan(Prefix.Length..end), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            choice = number;
            name = name[(end + 2)..];
        }

        isOfDelta = name.StartsWith(DeltaPrefix, StringComparison.Ordinal);
        choice ??= isOfDelta || IsOfChoice(name) ? 0 : null;
        return isOfDelta ? name[DeltaPrefix.Length..] : name;
    }
}
