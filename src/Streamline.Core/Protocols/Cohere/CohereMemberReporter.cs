namespace Streamline.Protocols.Cohere;

/// <summary>Reports what an event says beyond the members that are decoded, each under its path in the event, such as <c>delta.message.note</c>.</summary>
internal sealed class CohereMemberReporter(MetadataReporter metadata)
{
    /// <summary>What the names of metadata begin with that came among the token counts.</summary>
    public const string UsagePrefix = "delta.usage.";

    /// <summary>The log probabilities of a delta's tokens.</summary>
    public const string LogProbabilities = "logprobs";

    /// <summary>A citation that is not of a text which is open.</summary>
    public const string Citations = "citations";

    private static readonly PayloadNames Event = new("type id index delta");
    private static readonly PayloadNames Message = new("role content tool_plan tool_calls citations");
    private static readonly PayloadNames Content = new("type text thinking");
    private static readonly PayloadNames Delta = new("message role content tool_plan tool_calls citations finish_reason usage error error_type status_code");

    /// <summary>Reports the members of an event.</summary>
    /// <param name="root">The event.</param>
    /// <param name="index">The block that it belongs to; <see langword="null"/> for the response.</param>
    /// <param name="isContentRaw">Whether the block keeps the whole content unchanged.</param>
    public void Report(PayloadValue root, int? index, bool isContentRaw = false)
    {
        var delta = root.Member("delta"u8);
        var message = delta.Member("message"u8);
        Report("", root, Event, index);
        Report("delta.", delta, Delta, index);
        Report("delta.message.", message, Message, index);
        if (!isContentRaw)
        {
            Report("delta.message.content.", message.Member("content"u8), Content, index);
        }

        // Known members of a kind in which nothing can be read.
        ReportUnread("delta", delta, index);
        ReportUnread("delta.message", message, index);
        ReportUnread("delta.usage", delta.Member("usage"u8), index);
    }

    /// <summary>Tells whether a name is that of a member which is decoded, so that another of that name would take its place.</summary>
    /// <param name="path">The path of the object.</param>
    /// <param name="name">The name of the member.</param>
    public static bool IsDecoded(string path, string name) =>
        (path switch { "" => Event, "delta." => Delta, "delta.message." => Message, _ => Content }).Contains(name);

    private void Report(string path, PayloadValue holder, PayloadNames known, int? index)
    {
        foreach (var member in holder.Members)
        {
            if (member.Value.IsMissing || (known.Contains(member) && !IsOtherRole(member)))
            {
                continue;
            }

            if (path.Length == 0 && member.NameEquals("logprobs"u8))
            {
                metadata.Pass(LogProbabilities, member.Value, index);
            }
            else
            {
                metadata.Report(path + member.Name, member.Value, index);
            }
        }
    }

    private void ReportUnread(string name, PayloadValue value, int? index)
    {
        if (!value.IsMissing && !value.IsObject)
        {
            metadata.Report(name, value, index);
        }
    }

    private static bool IsOtherRole(in PayloadMember member) => member.NameEquals("role"u8) && !member.Value.TextEquals("assistant"u8);
}
