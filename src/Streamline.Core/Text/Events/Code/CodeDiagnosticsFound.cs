namespace Streamline.Text;

/// <summary>A check has looked at the code of a block. Its findings replace earlier ones of the same block.</summary>
public sealed class CodeDiagnosticsFound : CodeBlockEvent
{
    /// <summary>Gets the code that was checked. More of it may have arrived since.</summary>
    public required CodeSnapshot Code { get; init; }

    /// <summary>Gets a value indicating whether the block had ended when it was checked. No other findings of this block follow.</summary>
    public required bool IsFinal { get; init; }

    /// <summary>Gets the findings, in the order of the check. Empty when there are none.</summary>
    public required IReadOnlyList<CodeDiagnostic> Diagnostics { get; init; }
}
