namespace Streamline.Tools;

/// <summary>The calls of one attempt at a response: those that a failing sibling may cancel.</summary>
internal sealed class ToolGroup
{
    /// <summary>Gets or sets the name of the tool whose failure ended the group, under the executor's lock; <see langword="null"/> while none did.</summary>
    public string? FailedTool { get; set; }
}
