using System.Runtime.InteropServices;

namespace Streamline.Json;

/// <summary>Something that was malformed in a text, and repaired.</summary>
/// <param name="Kind">What was repaired.</param>
/// <param name="ByteOffset">Where: the offset in the text as it was received, in UTF-8 bytes from 0, of the first byte that was at fault.</param>
/// <param name="Confidence">Whether the text had one reading only.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PartialJsonRepair(PartialJsonRepairKind Kind, long ByteOffset, PartialJsonRepairConfidence Confidence);
