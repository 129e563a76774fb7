using System.Net;

namespace Streamline.Protocols.Shared;

/// <summary>Reads the members of an error, under all of their names, from the error itself and from the members beside it.</summary>
internal static class ErrorMembers
{
    /// <summary>Reads an error whose members are in an object.</summary>
    /// <param name="error">The object with the error; it may not exist.</param>
    /// <param name="owner">The object that holds it, or the same object.</param>
    public static ProviderError Read(PayloadValue error, PayloadValue owner)
    {
        var codes = new ErrorCodeMembers(error, owner);
        var message = ErrorMessage.Of(error) ?? ErrorMessage.Of(owner);
        return Complete(owner, error, codes.Code, codes.Status, message, codes.IsSilent);
    }

    /// <summary>Reads an error that is a text, with the members beside it.</summary>
    public static ProviderError OfText(string text, PayloadValue owner)
    {
        var codes = new ErrorCodeMembers(default, owner);

        // Where both are given, the text is a code and the words follow.
        return ErrorMessage.Beside(owner) is { } message
            ? Complete(owner, default, codes.Code ?? text, codes.Status ?? ErrorCodes.Find(text)?.Status, message, isSilent: false)
            : Complete(owner, default, codes.Code, codes.Status, ErrorExcerpt.Of(text), codes.IsSilent);
    }

    /// <summary>Reads an error that is a number, with the members beside it.</summary>
    public static ProviderError OfNumber(PayloadValue number, PayloadValue owner)
    {
        var codes = new ErrorCodeMembers(default, owner);
        var status = ErrorNumbers.ToStatus(number.GetCount());
        var code = codes.Code ?? (status is null ? number.RawText() : null);
        return Complete(owner, default, code, codes.Status ?? status, ErrorMessage.Of(owner), isSilent: false);
    }

    private static ProviderError Complete(PayloadValue owner, PayloadValue error, string? code, HttpStatusCode? status, string? message, bool isSilent)
    {
        // Only where nothing else tells the kind of the error do its words.
        var kind = isSilent ? ErrorWords.Find(message) : null;
        return new ProviderError
        {
            Status = status ?? kind?.Status,
            Code = code,
            Message = message,
            RequestId = owner.NonEmptyText("request_id"u8) ?? owner.NonEmptyText("requestId"u8) ?? owner.NonEmptyText("RequestId"u8)
                ?? error.NonEmptyText("request_id"u8) ?? error.NonEmptyText("requestId"u8),
            RetryAfter = ErrorWaits.Of(error) ?? ErrorWaits.Of(owner),
            IsRetryable = error.Object("availability"u8).Member("retryable"u8).GetBoolean() ?? owner.Object("availability"u8).Member("retryable"u8).GetBoolean()
                ?? error.Member("retryable"u8).GetBoolean() ?? error.Member("is_retryable"u8).GetBoolean() ?? kind?.IsRetryable,
        };
    }
}
