using System.Text.Json.Serialization;

namespace Streamline.Text;

/// <summary>The base of the events of a <c>CodeBlockReader</c>.</summary>
/// <remarks>
/// One of <see cref="CodeBlockStarted"/>, <see cref="CodeBlockDelta"/> and <see cref="CodeBlockEnded"/>, in this order for each block, and <see cref="CodeBlocksRestarted"/>. Blocks do not overlap. With
/// <c>WithDiagnosticsAsync</c>, also <see cref="CodeDiagnosticsFound"/>.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(CodeBlockStarted), "started")]
[JsonDerivedType(typeof(CodeBlockDelta), "delta")]
[JsonDerivedType(typeof(CodeBlockEnded), "ended")]
[JsonDerivedType(typeof(CodeBlocksRestarted), "restarted")]
[JsonDerivedType(typeof(CodeDiagnosticsFound), "diagnosticsFound")]
public abstract class CodeBlockEvent
{
    private protected CodeBlockEvent()
    {
    }
}
