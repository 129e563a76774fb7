using Streamline.Json;

namespace Streamline.Structured;

/// <summary>A collection that grows, of which a new value copies all references.</summary>
internal abstract class PreviewCollection : PreviewContainer
{
    // So much may be copied however little is new: a list of a hundred items is up to date in every snapshot.
    private const int FreeReferences = 32 * 1024;
    private const int BytesPerReference = 2; // of the text

    private object? _last;
    private long _copied; // references, by all calls

    /// <summary>Gets how many references a new value copies, whatever is new in it; 0 where values share them.</summary>
    protected abstract int CopiedReferences { get; }

    protected override bool CanShowLast(PartialJsonElement element, out object? value)
    {
        value = _last;
        return _last is not null && !element.IsComplete && _copied + CopiedReferences > FreeReferences + (element.Snapshot.GetRawLength(element.Position) / BytesPerReference);
    }

    protected override bool TryCreateCore(in PreviewChild growing, bool isComplete, out object? value)
    {
        value = Create(growing);
        _copied += value == _last ? 0 : CopiedReferences;
        _last = value;
        return true;
    }

    /// <summary>Makes the value of what was kept.</summary>
    /// <param name="growing">One more child, which is not complete.</param>
    protected abstract object Create(in PreviewChild growing);
}
