namespace Streamline.Json;

/// <summary>After the document, where no other one is read: what follows is skipped and reported.</summary>
internal sealed class JsonTextAfter(JsonRepairOutput output)
{
    private bool _isTextReported;

    /// <summary>Whether more than one document was found.</summary>
    public bool HasFurtherDocuments { get; private set; }

    private bool IsReported => _isTextReported || HasFurtherDocuments;

    /// <summary>Reports another document.</summary>
    public void ReportDocument(long offset)
    {
        HasFurtherDocuments = true;
        output.Report(PartialJsonRepairKind.FurtherDocument, offset);
    }

    /// <summary>Takes the next bytes.</summary>
    /// <returns>How many were taken.</returns>
    public int Skip(ReadOnlySpan<byte> input, long offset)
    {
        var space = input.IndexOfAnyExcept(" \t\r\n"u8);
        if (space != 0 && !IsReported)
        {
            // Whitespace right behind the document belongs to its text.
            output.Accept(space < 0 ? input : input[..space], out var count);
            return count;
        }

        for (var index = 0; index < input.Length && !(_isTextReported && HasFurtherDocuments); index++)
        {
            var found = input[index];
            if (found is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
            {
                if (!IsReported)
                {
                    return index;
                }
            }
            else if (found is (byte)'{' or (byte)'[' && !HasFurtherDocuments)
            {
                ReportDocument(offset + index);
            }
            else if (!_isTextReported)
            {
                _isTextReported = true;
                output.Report(KindOf(found), offset + index, isGuess: found is (byte)',' or (byte)'}' or (byte)']' or (byte)'"' or (byte)':');
            }
        }

        return input.Length;
    }

    private static PartialJsonRepairKind KindOf(byte found) => found switch
    {
        (byte)'`' => PartialJsonRepairKind.MarkdownFence,
        (byte)'/' => PartialJsonRepairKind.Comment,
        (byte)',' => PartialJsonRepairKind.ExtraComma,
        (byte)'}' or (byte)']' => PartialJsonRepairKind.ExtraCloser,
        _ => PartialJsonRepairKind.TextAfter,
    };
}
