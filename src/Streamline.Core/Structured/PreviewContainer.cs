using System.Diagnostics.CodeAnalysis;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>
/// An object or collection that grows: the values of the children that are complete, each read once, and the growing child's own container. Only what
/// has arrived since the last call is looked at.
/// </summary>
internal abstract class PreviewContainer : PreviewNode
{
    private int _position; // of the first child that was not complete
    private PreviewNode? _growing;
    private object? _shown; // what was made last

    /// <inheritdoc/>
    public override bool TryRead(PartialJsonElement element, out object? value)
    {
        var growing = default(PreviewChild);
        while (element.TryGetChild(_position, out var child))
        {
            var isRead = TryReadChild(child, ref _growing, out var childValue);
            if (!child.IsComplete)
            {
                growing = new PreviewChild(child, isRead, childValue);
                break;
            }

            Keep(new PreviewChild(child, isRead, childValue));
            PreviewReader.Release(ref _growing);
            _position = child.NextPosition;
        }

        return CanShowLast(element, out value) || TryCreate(growing, element.IsComplete, out value);
    }

    /// <summary>Makes the container as it was before it read anything, so that it can read another value of the same type.</summary>
    public virtual void Clear()
    {
        _position = 0;
        _growing = null;
        _shown = null;
    }

    /// <summary>Tells whether the value that was made last is shown again, because a new one would cost too much for what has arrived since.</summary>
    protected virtual bool CanShowLast(PartialJsonElement element, out object? value)
    {
        value = null;
        return false;
    }

    /// <summary>Reads a child as far as it has arrived.</summary>
    protected abstract bool TryReadChild(PartialJsonElement child, ref PreviewNode? container, out object? value);

    /// <summary>Keeps a child that is complete.</summary>
    protected abstract void Keep(in PreviewChild child);

    /// <summary>Makes the value of what was kept.</summary>
    /// <param name="growing">One more child, which is not complete; its element is undefined when there is none.</param>
    /// <param name="isComplete">Whether no child will follow.</param>
    /// <param name="value">The value.</param>
    /// <returns><see langword="false"/> when it must not be shown yet.</returns>
    protected abstract bool TryCreateCore(in PreviewChild growing, bool isComplete, out object? value);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A constructor of the application may refuse what is not whole yet, in any way.")]
    private bool TryCreate(in PreviewChild growing, bool isComplete, out object? value)
    {
        try
        {
            if (TryCreateCore(growing, isComplete, out value))
            {
                _shown = value;
                return true;
            }
        }
        catch (Exception)
        {
            // What was shown before stands.
        }

        value = _shown;
        return value is not null;
    }
}

/// <summary>An element or member of a container.</summary>
/// <param name="Element">Its JSON.</param>
/// <param name="IsRead">Whether it can be shown.</param>
/// <param name="Value">Its value, when it can be.</param>
internal readonly record struct PreviewChild(PartialJsonElement Element, bool IsRead, object? Value);
