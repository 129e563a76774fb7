using System.Runtime.InteropServices;

namespace Streamline.Protocols.Shared;

/// <summary>One value or member name of a payload, as a place in its bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct PayloadRow
{
    /// <summary>The offset of the value's first byte; of a string or a name, of the byte after its opening quote.</summary>
    public int Start;

    /// <summary>The length in bytes; of a string or a name, without its quotes.</summary>
    public int Length;

    /// <summary>How many rows the value takes, with everything in it. While a container is open, the row of the container around it.</summary>
    public int Rows;

    /// <summary>The kind of the value; <see cref="JsonValueKind.Undefined"/> for a member name.</summary>
    public JsonValueKind Kind;

    /// <summary>Whether a string or a name contains a backslash.</summary>
    public bool IsEscaped;
}
