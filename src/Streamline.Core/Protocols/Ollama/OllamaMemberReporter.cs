namespace Streamline.Protocols.Ollama;

/// <summary>Reads what a line says besides the answer: counts, and what is reported unchanged.</summary>
internal sealed class OllamaMemberReporter(MetadataReporter metadata, UsageReader usage)
{
    /// <summary>Reads the members of a line that are not the answer. A known member of an unexpected kind is reported as well.</summary>
    /// <param name="root">The line.</param>
    /// <param name="openBlock">The index of the open block; <see langword="null"/> when there is none.</param>
    public void Report(PayloadValue root, int? openBlock)
    {
        foreach (var member in root.Members)
        {
            if (OllamaUsage.IsCount(member))
            {
                usage.Add(member);
            }
            else if (member.NameEquals("logprobs"u8))
            {
                if (!member.Value.IsEmpty())
                {
                    metadata.Pass("logprobs", member.Value, openBlock);
                }
            }
            else if (!IsOfAnswer(member) && !IsOfLine(member) && !member.Value.IsMissing)
            {
                metadata.Report(member);
            }
        }

        foreach (var member in root.Object("message"u8).Members)
        {
            if (!IsOfAnswer(member) && !(member.NameEquals("role"u8) && member.Value.TextEquals("assistant"u8)) && !member.Value.IsMissing)
            {
                metadata.Report(OllamaMetadata.MessagePrefix, member, index: null);
            }
        }
    }

    private static bool IsOfLine(PayloadMember member) =>
        (member.Value.IsString && (member.NameEquals("model"u8) || member.NameEquals("created_at"u8) || member.NameEquals("done_reason"u8)))
        || (member.NameEquals("done"u8) && (member.Value.GetBoolean() is not null || member.Value.TextEquals("true"u8) || member.Value.TextEquals("false"u8)))
        || (member.NameEquals("message"u8) && member.Value.IsObject)
        || member.NameEquals("error"u8);

    private static bool IsOfAnswer(PayloadMember member) =>
        (OllamaContentReader.IsText(member.Value) && (member.NameEquals("content"u8) || member.NameEquals("response"u8) || member.NameEquals("thinking"u8)))
        || (member.Value.IsArray && member.NameEquals("images"u8))
        || (member.Value.Kind is JsonValueKind.Array or JsonValueKind.Object && member.NameEquals("tool_calls"u8));
}

/// <summary>How what a line says besides the answer is named: by the protocol's own name, with a prefix within the message.</summary>
internal static class OllamaMetadata
{
    public const string MessagePrefix = "message.";
}
