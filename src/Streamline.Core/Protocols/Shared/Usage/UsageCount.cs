using System.Text;

namespace Streamline.Protocols.Shared;

/// <summary>A number that a report of usage holds.</summary>
internal sealed class UsageCount
{
    private readonly byte[] _utf8Path;

    /// <param name="utf8Path">Its path in the report, such as <c>output_tokens_details.reasoning_tokens</c>.</param>
    public UsageCount(ReadOnlySpan<byte> utf8Path)
    {
        _utf8Path = utf8Path.ToArray();
        Path = Encoding.UTF8.GetString(utf8Path);
        Spelling = UsageSpelling.Find(utf8Path);
    }

    public string Path { get; }

    public UsageSpelling Spelling { get; }

    public long Value { get; set; }

    /// <summary>Gets or sets the number of the last report that had it.</summary>
    public int Report { get; set; }

    public bool IsAt(ReadOnlySpan<byte> utf8Path) => utf8Path.SequenceEqual(_utf8Path);

    /// <summary>Tells whether it is part of a list.</summary>
    public bool IsItemOf(ReadOnlySpan<byte> utf8List) =>
        _utf8Path.Length > utf8List.Length && _utf8Path[utf8List.Length] == (byte)'[' && _utf8Path.AsSpan().StartsWith(utf8List);
}
