namespace Streamline;

/// <summary>Text that grows in deltas, whatever their kind: text, reasoning, a refusal, or the input of a tool.</summary>
internal static class DeltaText
{
    /// <summary>Gets the text that a delta adds to its block; <see langword="null"/> for other events.</summary>
    public static string? Of(StreamEvent delta) => delta switch
    {
        TextDelta text => text.Text,
        ReasoningDelta reasoning => reasoning.Text,
        RefusalDelta refusal => refusal.Text,
        ToolInputDelta input => input.Fragment,
        _ => null,
    };

    /// <summary>Tells whether two events are deltas of one block.</summary>
    public static bool AreOfOneBlock(StreamEvent earlier, StreamEvent later) => (earlier, later) switch
    {
        (TextDelta first, TextDelta second) => first.Index == second.Index,
        (ReasoningDelta first, ReasoningDelta second) => first.Index == second.Index,
        (RefusalDelta first, RefusalDelta second) => first.Index == second.Index,
        (ToolInputDelta first, ToolInputDelta second) => first.Index == second.Index && first.CallId == second.CallId,
        _ => false,
    };

    /// <summary>Makes a delta that differs in its text.</summary>
    public static StreamEvent With(StreamEvent delta, string text) => delta switch
    {
        TextDelta old => new TextDelta { Index = old.Index, Text = text },
        ReasoningDelta old => new ReasoningDelta { Index = old.Index, Text = text },
        RefusalDelta old => new RefusalDelta { Index = old.Index, Text = text },
        ToolInputDelta old => new ToolInputDelta { Index = old.Index, CallId = old.CallId, Fragment = text, Input = old.Input },
        _ => throw new ArgumentException($"Expected a delta; found {delta.GetType().Name}.", nameof(delta)),
    };
}
