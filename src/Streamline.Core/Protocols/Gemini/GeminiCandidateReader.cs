namespace Streamline.Protocols.Gemini;

/// <summary>Reads what a chunk says of one answer: its parts, why it ended, and the members beside them.</summary>
internal sealed class GeminiCandidateReader(DecoderOutput output, MetadataReporter metadata)
{
    public void Read(in Payload payload, PayloadValue element, GeminiCandidate candidate)
    {
        var content = element.Member("content"u8);
        ReadParts(payload, content.IsObject ? content.Member("parts"u8) : content, candidate);
        ReportContent(content, candidate);
        ReportMembers(element, candidate);
        ReadFinishReason(element.Member("finishReason"u8), candidate);
    }

    // A single part may come without the list around it.
    private void ReadParts(in Payload payload, PayloadValue parts, GeminiCandidate candidate)
    {
        if (parts.IsArray)
        {
            foreach (var part in parts.Items)
            {
                candidate.Add(payload, part);
            }
        }
        else if (!parts.IsMissing)
        {
            candidate.Add(payload, parts);
            output.ClearGrown();
        }
    }

    private void ReportContent(PayloadValue content, GeminiCandidate candidate)
    {
        foreach (var member in content.Members)
        {
            if (!member.NameEquals("parts"u8) && !(member.NameEquals("role"u8) && member.Value.TextEquals("model"u8)))
            {
                metadata.Report(GeminiMetadataNames.OfCandidate.Of("content." + member.Name, candidate.Number), member.Value);
            }
        }
    }

    private void ReportMembers(PayloadValue element, GeminiCandidate candidate)
    {
        foreach (var member in element.Members)
        {
            if (member.Value.IsMissing
                || member.NameEquals("content"u8)
                || member.NameEquals("finishReason"u8)
                || member.NameEquals("index"u8)
                || (member.NameEquals("citationMetadata"u8) && candidate.TryAddCitations(member.Value)))
            {
                continue;
            }

            var name = GeminiMetadataNames.OfCandidate.Of(member.Name, candidate.Number);
            if (member.NameEquals("logprobsResult"u8))
            {
                metadata.Pass(name, member.Value, candidate.OpenBlockIndex);
            }
            else
            {
                metadata.Report(name, member.Value);
            }
        }
    }

    // The reason of the first answer is that of the response.
    private void ReadFinishReason(PayloadValue reason, GeminiCandidate candidate)
    {
        var word = reason.IsString ? reason.GetString() : reason.IsMissing ? null : reason.RawText();
        if (!FinishReasons.IsGiven(word))
        {
            return;
        }

        candidate.Finish(word!);
        if (candidate.Number > 0)
        {
            metadata.Report(GeminiMetadataNames.OfCandidate.Qualify("finishReason", candidate.Number), reason);
        }
    }
}
