namespace Streamline.Protocols.Shared;

/// <summary>Shows a tool call that came in one piece, in protocols whose arguments are JSON values rather than text.</summary>
internal static class WholeToolCall
{
    /// <summary>Emits the events of a call, the last of which seals it. A call that repeats another one emits nothing.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="payload">The payload of the call.</param>
    /// <param name="id">The provider's id: a text, or a number that some servers send; anything else gives the call an id of its own.</param>
    /// <param name="name">The name of the tool.</param>
    /// <param name="arguments">The arguments: an object, or a text that some servers send in its place; none are an empty object.</param>
    /// <param name="providerData">What must go back with the call; <see langword="null"/> for nothing.</param>
    /// <param name="choice">The number of the answer that the call belongs to.</param>
    /// <exception cref="StreamLimitException">The arguments are too long or too deep.</exception>
    public static void Emit(
        DecoderOutput output, in Payload payload, PayloadValue id, string name, PayloadValue arguments, RawJson? providerData, int choice = 0)
    {
        var call = new ToolCallBlock(output);
        call.Start(IdOf(id), name, providerData, choice: choice);
        output.AppendInput(call, arguments, payload);
        call.Seal();
    }

    /// <summary>Reads an id; <see langword="null"/> when it is neither a text nor a number.</summary>
    public static string? IdOf(PayloadValue id) => id.IsNumber ? id.RawText() : id.GetString();
}
