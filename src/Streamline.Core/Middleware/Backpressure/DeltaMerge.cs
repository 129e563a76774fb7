using System.Text;

namespace Streamline;

/// <summary>Merges deltas of one block: the merged delta stands for all of them, in order and without loss.</summary>
internal static class DeltaMerge
{
    public static bool IsPossible(StreamEvent earlier, StreamEvent later) => (earlier, later) switch
    {
        (TextDelta first, TextDelta second) => first.Index == second.Index,
        (ReasoningDelta first, ReasoningDelta second) => first.Index == second.Index,
        (RefusalDelta first, RefusalDelta second) => first.Index == second.Index,
        (ToolInputDelta first, ToolInputDelta second) => first.Index == second.Index && first.CallId == second.CallId,
        _ => false,
    };

    /// <summary>The text that a delta adds to its block; <see langword="null"/> for other events.</summary>
    public static string? TextOf(StreamEvent delta) => delta switch
    {
        TextDelta text => text.Text,
        ReasoningDelta reasoning => reasoning.Text,
        RefusalDelta refusal => refusal.Text,
        ToolInputDelta input => input.Fragment,
        _ => null,
    };

    /// <summary>The latest of several deltas with the text of all of them. Its view of a tool's input includes that of the earlier ones.</summary>
    public static StreamEvent WithText(StreamEvent latest, StringBuilder text) => latest switch
    {
        TextDelta delta => new TextDelta { Index = delta.Index, Text = text.ToString() },
        ReasoningDelta delta => new ReasoningDelta { Index = delta.Index, Text = text.ToString() },
        RefusalDelta delta => new RefusalDelta { Index = delta.Index, Text = text.ToString() },
        ToolInputDelta delta => new ToolInputDelta { Index = delta.Index, CallId = delta.CallId, Fragment = text.ToString(), Input = delta.Input },
        _ => latest,
    };
}
