using Streamline.Json;

namespace Streamline.Benchmarks.Json;

/// <summary>The loop that all benchmarks of growing JSON share.</summary>
internal static class PartialJsonDeltas
{
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Appends a text in deltas, and takes a snapshot after each.</summary>
    /// <returns>A number that depends on all snapshots.</returns>
    public static int Append(byte[] text, int delta, PartialJsonRepairMode mode, bool returnsBuffers = true)
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { MaxBytes = MaxBytes, Repair = mode });
        var complete = 0;
        for (var offset = 0; offset < text.Length; offset += delta)
        {
            document.Append(text.AsSpan(offset, Math.Min(delta, text.Length - offset)));
            complete += document.RootElement.IsComplete ? 1 : 0;
        }

        document.Complete();
        if (returnsBuffers)
        {
            document.ReturnBuffers(); // as JsonDocument, which it is held against, is disposed of
        }

        return complete;
    }
}
