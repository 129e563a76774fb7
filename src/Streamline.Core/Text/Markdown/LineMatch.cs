namespace Streamline.Text;

/// <summary>Whether the beginning of a line is what was looked for.</summary>
internal enum LineMatch
{
    /// <summary>It is not.</summary>
    No,

    /// <summary>It is.</summary>
    Yes,

    /// <summary>More of the line is needed.</summary>
    Need,
}
