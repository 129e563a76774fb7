namespace Streamline.Chaos;

/// <summary>How a model continues a text of its own when it is asked to in words: what it says before the rest.</summary>
/// <param name="Name">The name in the report.</param>
/// <param name="Begin">Makes what comes before the rest, of the text that was shown.</param>
internal sealed record ContinuingManner(string Name, Func<string, string> Begin)
{
    /// <summary>Gets how models are known to do it. All but the last repeat what they are asked to repeat.</summary>
    public static IReadOnlyList<ContinuingManner> All { get; } =
    [
        new("repeats 20", static shown => Last(shown, 20)),
        new("repeats 64", static shown => Last(shown, 64)),
        new("begins anew", static shown => shown),
        new("introduces", static shown => $"Sure, continuing: {Last(shown, 24)}"),
        new("apologizes", static shown => $"Apologies for the interruption! Here is the rest:\n\n{Last(shown, 24)}"),
        new("repeats nothing", static _ => ""),
    ];

    /// <summary>Gets a value indicating whether the model does not do as it is asked to: it repeats nothing.</summary>
    public bool IsDisobedient => this == All[^1];

    /// <summary>Continues a text.</summary>
    /// <param name="whole">All that the model has to say.</param>
    /// <param name="shown">What it has said.</param>
    public string Continue(string whole, string shown) => Begin(shown) + Rest(whole, shown);

    /// <summary>Gets what follows a text; nothing where an unsure seam has made it longer than it is.</summary>
    public static string Rest(string whole, string shown) => whole[Math.Min(shown.Length, whole.Length)..];

    private static string Last(string text, int length)
    {
        var start = Math.Max(0, text.Length - length);
        return text[(start > 0 && start < text.Length && char.IsLowSurrogate(text[start]) ? start - 1 : start)..];
    }
}
