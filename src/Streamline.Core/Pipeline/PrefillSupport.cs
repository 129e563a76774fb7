namespace Streamline;

/// <summary>What a client says about requests that end with a message of the assistant for the model to continue; see <see cref="IPrefillSource"/>.</summary>
/// <param name="IsKnown">Whether the model is known to continue at the exact character.</param>
/// <param name="TrimsWhiteSpace">Whether the text may not end with white space.</param>
/// <param name="MayRepeat">Whether the server may repeat the text before it continues it.</param>
/// <param name="AllowsReasoning">Whether a model that reasons continues too.</param>
internal sealed record PrefillSupport(bool IsKnown, bool TrimsWhiteSpace, bool MayRepeat, bool AllowsReasoning)
{
    /// <summary>Gets what is assumed of a client that says nothing.</summary>
    public static PrefillSupport Unknown { get; } = new(IsKnown: false, TrimsWhiteSpace: true, MayRepeat: false, AllowsReasoning: false);
}

/// <summary>A client that knows which requests its provider continues.</summary>
internal interface IPrefillSource
{
    PrefillSupport FindPrefill(StreamRequest request);
}
