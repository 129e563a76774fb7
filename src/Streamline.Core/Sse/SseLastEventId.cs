using System.Text;

namespace Streamline.Sse;

/// <summary>The last event id. The line of an id counts for the stream only when its event ends; until then it waits.</summary>
internal struct SseLastEventId
{
    private SseBuffer _value;
    private SseBuffer _pending;
    private string? _text = "";

    public SseLastEventId()
    {
    }

    /// <summary>Gets a value indicating whether an id waits for the end of its event.</summary>
    public bool IsPending { readonly get; private set; }

    public readonly ReadOnlySpan<byte> Value => _value.Written;

    /// <summary>Gets the id as text; empty when there is none.</summary>
    public string Text => _text ??= Encoding.UTF8.GetString(_value.Written);

    public void Set(ReadOnlySpan<byte> value)
    {
        // "If the field value does not contain U+0000 NULL, then set the last event ID buffer […]. Otherwise, ignore the field."
        if (!value.Contains((byte)0))
        {
            _pending.Clear();
            _pending.Append(value);
            IsPending = true;
        }
    }

    /// <summary>Has the id that waits count, at the end of its event.</summary>
    public void Commit()
    {
        IsPending = false;
        if (!_pending.Written.SequenceEqual(_value.Written))
        {
            (_value, _pending) = (_pending, _value);
            _text = null;
        }
    }

    public void Release()
    {
        // The text outlives the buffers: a report of a broken stream asks for it last.
        _text = Text;
        _pending.Release();
        _value.Release();
    }
}
