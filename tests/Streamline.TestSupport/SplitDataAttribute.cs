using System.Reflection;
using Xunit.Sdk;

namespace Streamline.TestSupport;

/// <summary>
/// Theory data: the two halves of <c>(text, cut offset)</c> for every cut of every given text, counted in UTF-8 bytes,
/// and the cut -1, which stands for one byte at a time.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SplitDataAttribute(string text) : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        var length = System.Text.Encoding.UTF8.GetByteCount(text);
        for (var cut = -1; cut <= length; cut++)
        {
            yield return [text, cut];
        }
    }

    /// <summary>The chunks that a row of this data stands for.</summary>
    public static ReadOnlyMemory<byte>[] Chunks(string text, int cut)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text).AsMemory();
        return cut < 0
            ? [.. ChunkedStream.Cut(bytes, 1)]
            : [.. new ReadOnlyMemory<byte>[] { bytes[..cut], bytes[cut..] }.Where(chunk => !chunk.IsEmpty)];
    }
}
