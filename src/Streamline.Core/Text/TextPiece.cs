using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Streamline.Text;

/// <summary>What <see cref="TextPieces"/> reads.</summary>
internal enum TextPieceKind
{
    /// <summary>More text.</summary>
    Text,

    /// <summary>The text ended. Another one may follow.</summary>
    End,

    /// <summary>The text is discarded, and begins again.</summary>
    Restart,

    /// <summary>The source failed, and the text ends with it.</summary>
    Failure,
}

/// <summary>A piece of text, or an end of it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextPiece(TextPieceKind Kind, string? Text = null, Exception? Failure = null)
{
    /// <summary>Throws the exception of a failure, as it was thrown.</summary>
    public void Throw() => ExceptionDispatchInfo.Throw(Failure!);
}
