namespace Streamline.Resilience;

/// <summary>What has been shown of a response that was cut, as far as a continuation has to know, and what prevents one.</summary>
internal sealed class CutAnswer
{
    private readonly List<(int Index, ContentKind Kind)> _open = [];

    private CutAnswer(StreamState state)
    {
        Text = state.Text;
        foreach (var block in state.Blocks)
        {
            NextIndex = Math.Max(NextIndex, block.Index + 1);
            HasReasoning |= block.Kind is ContentKind.Reasoning or ContentKind.RedactedReasoning;
            if (!block.IsCompleted && block.Kind is { } kind)
            {
                _open.Add((block.Index, kind));
            }
        }

        // The last block only: an earlier one that was never completed is not written on.
        TextBlock = state.Blocks.Count > 0 && state.Blocks[^1] is { Kind: ContentKind.Text, IsCompleted: false, Index: var index } ? index : null;
        Obstacle = state.IsRetentionExceeded ? "it is longer than what is kept of a response"
            : state.Blocks.Any(block => block.CallId is not null) ? "the model has called a tool"
            : state.Blocks.Any(block => block.Choice != 0) ? "several answers were asked for"
            : state.Blocks.Any(block => block.Kind is ContentKind.Refusal) ? "the model declined to answer"
            : state.Blocks.Any(block => block.Kind is ContentKind.ServerToolResult or ContentKind.Other) ? "a tool of the provider has run"
            : string.IsNullOrWhiteSpace(Text) ? "there is no text yet"
            : null;
    }

    /// <summary>Gets the text, that of all blocks.</summary>
    public string Text { get; }

    /// <summary>Gets the block of text that was being written; <see langword="null"/> when the cut was between two blocks.</summary>
    public int? TextBlock { get; }

    /// <summary>Gets the blocks that are open, except <see cref="TextBlock"/>.</summary>
    public IEnumerable<(int Index, ContentKind Kind)> OtherOpenBlocks => _open.Where(block => block.Index != TextBlock);

    /// <summary>Gets the first index that no block has.</summary>
    public int NextIndex { get; }

    /// <summary>Gets a value indicating whether the model has reasoned.</summary>
    public bool HasReasoning { get; }

    /// <summary>Gets why the answer cannot be continued by its text; <see langword="null"/> when it can.</summary>
    public string? Obstacle { get; }

    public static CutAnswer Read(StreamState state) => new(state);
}
