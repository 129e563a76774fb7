namespace Streamline.Protocols.Cohere;

/// <summary>Writes members that <see cref="CohereMemberReporter"/> reported back to the places that their names tell.</summary>
/// <param name="metadata">The members. Of several with one name, the last counts.</param>
internal sealed class CohereMembers(IReadOnlyList<ProviderMetadata> metadata)
{
    private const string Delta = "delta.";
    private const string Message = "delta.message.";
    private const string Content = "delta.message.content.";

    public static readonly CohereMembers None = new([]);

    public bool HasUsage => metadata.Any(member => Starts(member, CohereMemberReporter.UsagePrefix));

    public bool HasMessage => metadata.Any(member => Starts(member, Message));

    public bool HasContent => metadata.Any(member => Starts(member, Content));

    public void WriteEvent(Utf8JsonWriter writer) => Write(writer, "", Delta);

    public void WriteDelta(Utf8JsonWriter writer) => Write(writer, Delta, Message, CohereMemberReporter.UsagePrefix);

    public void WriteMessage(Utf8JsonWriter writer) => Write(writer, Message, Content);

    public void WriteContent(Utf8JsonWriter writer) => Write(writer, Content);

    private static bool Starts(ProviderMetadata member, string prefix) => member.Name.StartsWith(prefix, StringComparison.Ordinal);

    private void Write(Utf8JsonWriter writer, string prefix, params ReadOnlySpan<string> deeper)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        for (var i = metadata.Count - 1; i >= 0; i--)
        {
            var member = metadata[i];
            if (Starts(member, prefix) && !IsDeeper(member, deeper) && !CohereMemberReporter.IsDecoded(prefix, member.Name[prefix.Length..]) && written.Add(member.Name))
            {
                writer.WriteMember(member.Name[prefix.Length..], member.Value);
            }
        }
    }

    private static bool IsDeeper(ProviderMetadata member, ReadOnlySpan<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (Starts(member, prefix))
            {
                return true;
            }
        }

        return false;
    }
}
