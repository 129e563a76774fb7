namespace Streamline.Protocols.Shared;

/// <summary>Decides which arguments count where a provider repeats them at the end of a call.</summary>
internal static class ToolCallEnd
{
    private const string Contradiction = "The arguments at the end of the call contradict their deltas: found two different values, expected the same.";

    /// <summary>Seals a call.</summary>
    /// <remarks>
    /// The pieces count where the end says the same or nothing, <c>{}</c> included. The end counts where the pieces are not whole or not readable. Where both can
    /// be read and differ, neither counts: a tool must not run on arguments that are in doubt.
    /// </remarks>
    /// <param name="started">The call.</param>
    /// <param name="pieces">The arguments as received in pieces.</param>
    /// <param name="whole">The arguments as the end repeats them; <see langword="null"/> or empty for nothing.</param>
    /// <param name="isVerbatim">Whether no half of a surrogate pair was replaced in the pieces.</param>
    /// <param name="isFreeForm">Whether the arguments are a text that is not JSON.</param>
    /// <param name="options">The limits.</param>
    /// <param name="moreData">What more must go back with the call; <see langword="null"/> for nothing.</param>
    public static ToolCallCompleted Reconcile(
        ToolCallStarted started, ToolCallAssembler pieces, string? whole, bool isVerbatim, bool isFreeForm, StreamReadOptions options, RawJson? moreData)
    {
        var completed = pieces.Complete(isVerbatim, moreData);
        if (string.IsNullOrEmpty(whole) || whole == completed.ArgumentsText)
        {
            return completed;
        }

        var replaced = new ToolCallAssembler(started, options, isFreeForm);
        replaced.Append(whole);
        var end = replaced.Complete(isVerbatim: true, moreData);
        if (isFreeForm)
        {
            return whole.StartsWith(completed.ArgumentsText, StringComparison.Ordinal) ? end : Contradict(replaced, moreData);
        }

        return completed.Arguments is not { } read ? end
            : end.Arguments is not { } repeated || repeated.GetPropertyCount() == 0 || JsonElement.DeepEquals(read, repeated) ? completed
            : Contradict(replaced, moreData);
    }

    private static ToolCallCompleted Contradict(ToolCallAssembler end, RawJson? moreData) => end.Abandon(Contradiction, moreData);
}
