namespace Streamline.Protocols.Shared;

/// <summary>Reads errors in every form in which providers, compatible servers and gateways give them: as HTTP bodies, in frames, in answers and in stray text.</summary>
internal static class ErrorReader
{
    /// <summary>Reads a text that is known to be an error. What has no known form becomes a bounded excerpt.</summary>
    /// <param name="body">The text, in UTF-8.</param>
    public static ProviderError Read(ReadOnlySpan<byte> body)
    {
        if (TryRead(body) is { } error)
        {
            return error;
        }

        _ = Payload.TryParse(body, out var payload);
        using (payload)
        {
            return ReadWords(payload.Root) ?? OfText(ErrorExcerpt.Of(payload.Root.GetString()) ?? ErrorExcerpt.Of(body));
        }
    }

    /// <summary>Reads a text that may be an error; <see langword="null"/> when it does not say so itself.</summary>
    /// <param name="body">The text, in UTF-8: JSON, or lines of which one is JSON or begins with <c>error:</c>.</param>
    public static ProviderError? TryRead(ReadOnlySpan<byte> body)
    {
        body = body.Trim(" \t\r\n"u8);
        if (TryParse(body, out var error))
        {
            return error;
        }

        // JSON over several lines may follow the name of a field.
        if (StrayLine.TextOf(body) is { IsEmpty: false } text && TryParse(text, out error))
        {
            return error ?? (StrayLine.IsError(body) ? Read(text) : null);
        }

        foreach (var range in body.Split((byte)'\n'))
        {
            if (ReadLine(body[range].Trim(" \t\r"u8)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Reads the error in a payload of a stream; <see langword="null"/> when it is not one.</summary>
    /// <param name="root">The payload.</param>
    /// <param name="hasContent">Whether the payload has the protocol's ordinary form, so that only an unmistakable error counts.</param>
    public static ProviderError? ReadPayload(PayloadValue root, bool hasContent)
    {
        if (root.IsObject)
        {
            return ErrorMarks.Read(root, hasContent) ?? (hasContent ? null : ErrorForms.Read(root));
        }

        if (!hasContent)
        {
            foreach (var item in root.Items)
            {
                if (item.IsObject && ReadPayload(item, hasContent: false) is { } error)
                {
                    return error;
                }
            }
        }

        return null;
    }

    /// <summary>Tells a page of a proxy, or other text in place of a stream, from nothing and from what the end of the body has cut.</summary>
    /// <param name="strayText">The text of a body in which no frame was.</param>
    public static bool IsPage(ReadOnlySpan<byte> strayText)
    {
        var text = strayText.Trim(" \t\r\n"u8);
        if (text.IsEmpty || "data"u8.StartsWith(text) || "event"u8.StartsWith(text) || "id"u8.StartsWith(text) || "retry"u8.StartsWith(text))
        {
            return false;
        }

        return text[0] is not ((byte)'{' or (byte)'[' or (byte)'"') || TryParse(text, out _);
    }

    // Of an object that is known to be an error, any words count.
    private static ProviderError? ReadWords(PayloadValue root)
    {
        if (root.IsObject)
        {
            return ErrorMembers.Read(root, root) is { Message: not null } error ? error : null;
        }

        foreach (var item in root.Items)
        {
            return item.IsObject ? ReadWords(item) : null;
        }

        return null;
    }

    private static ProviderError? ReadLine(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return null;
        }

        if (TryParse(line, out var error))
        {
            return error;
        }

        var text = StrayLine.TextOf(line);
        var isError = StrayLine.IsError(line) && !text.IsEmpty;
        return TryParse(text, out error) && error is not null ? error : isError ? Read(text) : null;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out ProviderError? error)
    {
        error = null;
        if (text.IsEmpty || text[0] is not ((byte)'{' or (byte)'['))
        {
            return false;
        }

        var isJson = Payload.TryParse(text, out var payload);
        using (payload)
        {
            error = isJson ? ReadPayload(payload.Root, hasContent: false) : null;
            return isJson;
        }
    }

    private static ProviderError OfText(string? text) => ErrorWords.Find(text) is { } kind
        ? new ProviderError { Message = text, Status = kind.Status, IsRetryable = kind.IsRetryable }
        : new ProviderError { Message = text };
}
