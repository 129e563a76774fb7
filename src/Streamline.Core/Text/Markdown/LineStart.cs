namespace Streamline.Text;

/// <summary>What a line begins at a place.</summary>
internal enum LineStart
{
    /// <summary>No block; the rest is text.</summary>
    None,

    /// <summary>More of the line is needed.</summary>
    Need,

    /// <summary>A block, in which other blocks may begin on the same line.</summary>
    Block,

    /// <summary>A leaf, which takes the rest of the line.</summary>
    Text,

    /// <summary>A block that takes the whole line as its markup.</summary>
    WholeLine,

    /// <summary>Fenced code, with the whole line as its markup.</summary>
    FenceLine,
}
