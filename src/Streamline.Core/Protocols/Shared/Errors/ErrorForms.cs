namespace Streamline.Protocols.Shared;

/// <summary>Finds an error in an object that has no content: by its form as a whole, where no single member is unmistakable.</summary>
internal static class ErrorForms
{
    private static readonly string[] MessageMembers = ["message", "Message", "msg", "code", "type", "status", "param", "request_id", "requestId", "RequestId", "details", "timestamp", "connectionId"];

    /// <summary>Reads the error of an object; <see langword="null"/> when it has no such form.</summary>
    public static ProviderError? Read(PayloadValue root)
    {
        foreach (var item in root.Array("errors"u8).Items)
        {
            return item.IsString ? ErrorMembers.OfText(item.GetString()!, root) : ErrorMembers.Read(item, root);
        }

        // An address of AWS that is not an operation is answered with 200 and an error one level deeper.
        if (root.Object("Output"u8) is { Exists: true } output && output.Has("__type"u8))
        {
            return ErrorMembers.Read(output, output);
        }

        return HasForm(root) ? ErrorMembers.Read(root, root) : null;
    }

    private static bool HasForm(PayloadValue root) =>
        root.NonEmptyText("__type"u8) is not null
        || IsDetail(root)
        || IsStatus(root.Member("status"u8))
        || IsStatus(root.Member("status_code"u8))
        || IsStatus(root.Member("statusCode"u8))
        || IsCode(root)
        || IsOnlyMessage(root);

    private static bool IsDetail(PayloadValue root) => root.Member("detail"u8) is { IsMissing: false } detail && !detail.IsEmpty();

    private static bool IsStatus(PayloadValue value) => ErrorNumbers.ToStatus(value.GetCount()) is not null;

    // A code alone counts when it is known, and any code that has a message, unless it is that of a success.
    private static bool IsCode(PayloadValue root)
    {
        var code = root.Member("code"u8);
        if (code.GetCount() is { } number)
        {
            return ErrorNumbers.ToStatus(number) is not null || (number is < 0 or >= 300 && HasMessage(root));
        }

        return code.GetString() is { Length: > 0 } word
            && (ErrorCodes.Find(word) is not null || (HasMessage(root) && !word.Equals("success", StringComparison.OrdinalIgnoreCase) && !word.Equals("ok", StringComparison.OrdinalIgnoreCase)));
    }

    private static bool HasMessage(PayloadValue root) => root.NonEmptyText("message"u8) is not null || root.NonEmptyText("msg"u8) is not null;

    // What gateways say in front of a model has only words.
    private static bool IsOnlyMessage(PayloadValue root)
    {
        if (!HasMessage(root) && root.NonEmptyText("Message"u8) is null)
        {
            return false;
        }

        if (root.Member("type"u8) is { IsMissing: false } type && ErrorCodes.Find(type.GetString()) is null)
        {
            return false;
        }

        foreach (var member in root.Members)
        {
            if (!MessageMembers.AsSpan().Contains(member.Name))
            {
                return false;
            }
        }

        return !root.Has("code"u8);
    }
}
