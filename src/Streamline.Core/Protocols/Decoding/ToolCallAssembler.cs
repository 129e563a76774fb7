using System.Buffers;
using System.Text;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Protocols;

/// <summary>Puts the arguments of one open tool call together: a preview with every piece, and the strict reading at the end.</summary>
internal sealed class ToolCallAssembler
{
    private const int StackBytes = 768;
    private const int MaxUtf8BytesPerChar = 3;

    private readonly ToolCallStarted _call;
    private readonly int _maxBytes;
    private readonly int _maxDepth;
    private readonly PartialJsonDocument _preview;

    // What came after the preview had met a byte that is not JSON: the preview stays where it was, the text goes on.
    private ArrayBufferWriter<byte>? _unreadable;

    /// <summary>Initializes a new instance of the <see cref="ToolCallAssembler"/> class.</summary>
    /// <param name="call">The event that began the call; its index, id and name are used for all that follow.</param>
    /// <param name="options">The limits.</param>
    public ToolCallAssembler(ToolCallStarted call, StreamReadOptions options)
    {
        _call = call;
        _maxBytes = options.MaxArgumentBytes;
        _maxDepth = options.MaxArgumentDepth;
        _preview = new PartialJsonDocument(new PartialJsonOptions { Mode = PartialJsonMode.Strict, MaxBytes = _maxBytes, MaxDepth = _maxDepth });
    }

    /// <summary>Gets a value indicating whether no text has come yet.</summary>
    public bool IsEmpty => _preview.BytesReceived == 0;

    /// <summary>Appends a piece of the arguments' text.</summary>
    /// <param name="fragment">The piece; not empty, and whole surrogate pairs only.</param>
    /// <exception cref="StreamLimitException">The arguments are too long or too deep.</exception>
    public ToolInputDelta Append(string fragment)
    {
        var rented = fragment.Length <= StackBytes / MaxUtf8BytesPerChar
            ? null
            : ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(fragment.Length));
        var buffer = rented ?? stackalloc byte[StackBytes];
        Append(buffer[..Encoding.UTF8.GetBytes(fragment, buffer)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return new ToolInputDelta { Index = _call.Index, CallId = _call.CallId, Fragment = fragment, Input = _preview.RootElement };
    }

    /// <summary>Seals the call: reads its arguments strictly by RFC 8259.</summary>
    public ToolCallCompleted Complete()
    {
        JsonElement? arguments = null;
        var error = IsEmpty ? null : Read(out arguments);
        return Complete(IsEmpty ? ToolArguments.Empty : arguments, error);
    }

    /// <summary>Ends a call that its wire did not seal: whatever its arguments are, they must not be used.</summary>
    /// <param name="reason">Why, for <see cref="ToolCallCompleted.ParseError"/> when nothing is wrong with the text itself.</param>
    public ToolCallCompleted Abandon(string reason) => Complete(arguments: null, (IsEmpty ? null : Read(out _)) ?? reason);

    private ToolCallCompleted Complete(JsonElement? arguments, string? error) => new()
    {
        Index = _call.Index,
        CallId = _call.CallId,
        Name = _call.Name,
        IsProviderExecuted = _call.IsProviderExecuted,
        ArgumentsText = Encoding.UTF8.GetString(_preview.WrittenSpan)
            + (_unreadable is null ? "" : Encoding.UTF8.GetString(_unreadable.WrittenSpan)),
        Arguments = error is null ? arguments : null,
        ParseError = error,
    };

    private string? Read(out JsonElement? arguments)
    {
        arguments = null;
        return _preview.TryComplete()
            ? ToolArguments.Read(_preview.WrittenSpan, _maxDepth, out arguments)
            : _preview.Error!.Message;
    }

    private void Append(ReadOnlySpan<byte> utf8Fragment)
    {
        var total = (long)_preview.BytesReceived + (_unreadable?.WrittenCount ?? 0) + utf8Fragment.Length;
        if (total > _maxBytes)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxArgumentBytes), _maxBytes, total);
        }

        if (_preview.Error is not null)
        {
            _unreadable ??= new ArrayBufferWriter<byte>();
            _unreadable.Write(utf8Fragment);
        }
        else if (!_preview.TryAppend(utf8Fragment) && _preview.Error is StreamLimitException limit)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxArgumentDepth), limit.Limit, limit.Actual);
        }
    }
}
