namespace Streamline.Protocols.Shared;

/// <summary>Finds an error by a member that nothing else has, so that it counts beside the content of an answer too.</summary>
internal static class ErrorMarks
{
    /// <summary>Tells whether a member of that name may mark an object as an error.</summary>
    public static bool IsMark(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => name.SequenceEqual("type"u8),
        5 => name.SequenceEqual("error"u8),
        6 => name.SequenceEqual("object"u8),
        8 => name.SequenceEqual("response"u8),
        9 => name.SequenceEqual("base_resp"u8) || name.SequenceEqual("error_msg"u8),
        10 => name.SequenceEqual("error_code"u8),
        13 => name.SequenceEqual("error_message"u8),
        _ => false,
    };

    /// <summary>Reads the error of an object; <see langword="null"/> when no member marks it as one.</summary>
    public static ProviderError? Read(PayloadValue root, bool hasContent)
    {
        foreach (var member in root.Members)
        {
            if (member.Value.IsMissing)
            {
                continue;
            }

            var error = member.Utf8Name.Length switch
            {
                4 when member.NameEquals("type"u8) => ReadNamed(root, member.Value),
                5 when member.NameEquals("error"u8) => ReadError(root, member.Value, hasContent),
                6 when member.NameEquals("object"u8) => member.Value.TextEquals("error"u8) ? ReadNamed(root) : null,
                8 when member.NameEquals("response"u8) => ReadResponse(member.Value),
                9 when member.NameEquals("base_resp"u8) => ReadBaseResponse(root, member.Value),
                9 when member.NameEquals("error_msg"u8) => member.Value.IsString && !member.Value.IsEmpty() ? ReadErrorCode(root) : null,
                10 when member.NameEquals("error_code"u8) => IsCode(member.Value) ? ReadErrorCode(root) : null,
                13 when member.NameEquals("error_message"u8) => member.Value.IsString && !member.Value.IsEmpty() ? ErrorMembers.Read(root, root) : null,
                _ => null,
            };
            if (error is not null)
            {
                return error;
            }
        }

        return null;
    }

    private static ProviderError? ReadError(PayloadValue root, PayloadValue error, bool hasContent)
    {
        switch (error.Kind)
        {
            case JsonValueKind.Object:
                return (hasContent ? !IsBlank(error) : error.Count() > 0) ? ErrorMembers.Read(error, root) : null;
            case JsonValueKind.String:
                return error.IsEmpty() ? null : ErrorMembers.OfText(error.GetString()!, root);
            case JsonValueKind.True:
                return ErrorMembers.Read(root, root);
            case JsonValueKind.Number:
                return error.GetCount() is 0 ? null : ErrorMembers.OfNumber(error, root);
            default:
                foreach (var item in error.Items)
                {
                    return ReadError(root, item, hasContent);
                }

                return null;
        }
    }

    // An event that is named an error is one, whatever it holds.
    private static ProviderError? ReadNamed(PayloadValue root, PayloadValue type)
    {
        var isError = type.TextEquals("error"u8) || type.TextEquals("exception"u8);
        if (!isError && !type.TextEquals("response.error"u8))
        {
            return null;
        }

        return ReadNamed(root);
    }

    private static ProviderError? ReadNamed(PayloadValue root)
    {
        var error = root.Member("error"u8);
        return error.IsMissing || error.IsEmpty() ? ErrorMembers.Read(root, root) : ReadError(root, error, hasContent: false);
    }

    // An event that carries a whole response, which may have failed.
    private static ProviderError? ReadResponse(PayloadValue response)
    {
        var error = response.Object("error"u8);
        if (error.Exists && !IsBlank(error))
        {
            return ErrorMembers.Read(error, response);
        }

        return response.TextEquals("status"u8, "failed"u8) ? ErrorMembers.Read(default, response) : null;
    }

    private static ProviderError? ReadBaseResponse(PayloadValue root, PayloadValue response)
    {
        if (response.Member("status_code"u8).GetCount() is not { } number || number == 0)
        {
            return null;
        }

        return ErrorMembers.Read(response, root) with
        {
            Code = ErrorNumbers.ToCode(number),
            Status = ErrorNumbers.OfBaseResponse(number),
            Message = ErrorExcerpt.Of(response.Text("status_msg"u8)),
        };
    }

    private static ProviderError ReadErrorCode(PayloadValue root)
    {
        var error = ErrorMembers.Read(root, root);
        return root.Member("error_code"u8).GetCount() is { } number
            ? error with { Code = ErrorNumbers.ToCode(number), Status = ErrorNumbers.OfErrorCode(number) ?? error.Status }
            : error with { Code = root.NonEmptyText("error_code"u8) ?? error.Code, Status = error.Status ?? ErrorCodes.Find(root.Text("error_code"u8))?.Status };
    }

    private static bool IsCode(PayloadValue code) => code.GetCount() is { } number ? number != 0 : code.IsString && !code.IsEmpty();

    /// <summary>Tells whether a value only says that there was no error.</summary>
    private static bool IsBlank(PayloadValue value)
    {
        foreach (var member in value.Members)
        {
            if (!IsBlank(member.Value))
            {
                return false;
            }
        }

        return value.IsObject || value.IsEmpty() || value.Kind == JsonValueKind.False || value.GetCount() is 0;
    }
}
