namespace Streamline.Protocols.Gemini;

/// <summary>The form of a part: one member with its data, and members beside it, such as a signature, that must stay with it.</summary>
internal static class GeminiPart
{
    private static readonly PayloadNames Text = new("text");
    private static readonly PayloadNames Call = new("functionCall");
    private static readonly PayloadNames Arguments = new("args partialArgs willContinue");

    /// <summary>Whether the part is a thought, and no part of the answer.</summary>
    public static bool IsThought(JsonElement part) => part.Member("thought"u8)?.ValueKind == JsonValueKind.True;

    /// <summary>Whether a part of text carries more than text, so that it must not be merged with the parts around it.</summary>
    public static bool HasMore(JsonElement part) => part.EnumerateObject().Any(member => member.Name is not ("text" or "thought") && member.Value.ValueKind != JsonValueKind.Null);

    /// <summary>Copies a part without its text.</summary>
    public static RawJson WithoutText(PayloadValue part) => RawJsonBuilder.Without(part, Text);

    /// <summary>Copies a part with a call, without the arguments and what tells how they are streamed.</summary>
    public static RawJson WithoutArguments(PayloadValue part)
    {
        var builder = new RawJsonBuilder();
        builder.AddMembers(part, Call);
        builder.BeginObject("functionCall"u8);
        builder.AddMembers(part.Object("functionCall"u8), Arguments);
        builder.EndObject();
        return builder.Build();
    }
}
