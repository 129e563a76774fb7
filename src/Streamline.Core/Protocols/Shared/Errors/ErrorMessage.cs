namespace Streamline.Protocols.Shared;

/// <summary>Finds the words of an error.</summary>
internal static class ErrorMessage
{
    /// <summary>Reads the words of an object that is an error, or that holds one; <see langword="null"/> when it has none.</summary>
    public static string? Of(PayloadValue value) =>
        Words(value.Member("message"u8))
        ?? Words(value.Member("msg"u8))
        ?? Words(value.Member("Message"u8))
        ?? Words(value.Member("error_description"u8))
        ?? Words(value.Member("error_message"u8))
        ?? Words(value.Member("errorMessage"u8))
        ?? Words(value.Member("error_msg"u8))
        ?? Words(value.Member("originalMessage"u8))
        ?? Details(value.Member("detail"u8))
        ?? Words(value.Member("description"u8))
        ?? Words(value.Member("title"u8));

    /// <summary>Reads the words beside an error that is a text itself.</summary>
    public static string? Beside(PayloadValue owner) =>
        ErrorExcerpt.Of(owner.NonEmptyText("message"u8) ?? owner.NonEmptyText("error_description"u8) ?? owner.NonEmptyText("detail"u8));

    // A message that is an object or a list is given unchanged.
    private static string? Words(PayloadValue value) => value.Kind switch
    {
        JsonValueKind.String => ErrorExcerpt.Of(value.GetString()),
        JsonValueKind.Object or JsonValueKind.Array when !value.IsEmpty() => ErrorExcerpt.Of(value.RawBytes),
        _ => null,
    };

    // FastAPI gives a list of {"loc":["body","messages"],"msg":"Field required"}, or a text.
    private static string? Details(PayloadValue detail)
    {
        if (!detail.IsArray)
        {
            return detail.IsObject ? Of(detail) ?? Words(detail) : Words(detail);
        }

        var text = new StringBuilder();
        foreach (var item in detail.Items)
        {
            if (item.Text("msg"u8) is not { } words)
            {
                return Words(detail);
            }

            text.Append(text.Length > 0 ? "; " : "");
            AppendPlace(text, item.Member("loc"u8));
            text.Append(words);
        }

        return ErrorExcerpt.Of(text.ToString());
    }

    private static void AppendPlace(StringBuilder text, PayloadValue place)
    {
        var isFirst = true;
        foreach (var name in place.Items)
        {
            text.Append(isFirst ? "" : ".").Append(name.GetString() ?? name.RawText());
            isFirst = false;
        }

        text.Append(isFirst ? "" : ": ");
    }
}
