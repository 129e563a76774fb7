using System.Buffers;
using Streamline.Json;

namespace Streamline.Protocols.Shared;

/// <summary>Puts the arguments of one open tool call together: a preview with every piece, and the strict reading at the end.</summary>
internal sealed class ToolCallAssembler
{
    private const int StackBytes = 256;
    private const int MaxUtf8BytesPerChar = 3;

    private static PartialJsonOptions? _lastOptions;

    private readonly ToolCallStarted _call;
    private readonly int _maxBytes;
    private readonly int _maxDepth;
    private readonly PartialJsonDocument _preview;

    // The input of a free-form tool; the preview is the object that stands for it.
    private readonly StringBuilder? _input;

    // What came after the preview had met a byte that is not JSON: the preview stays where it was, the text continues.
    private ArrayBufferWriter<byte>? _unreadable;

    /// <summary>Initializes a new instance of the <see cref="ToolCallAssembler"/> class.</summary>
    /// <param name="call">The event that began the call; its index, id and name are used for all that follow.</param>
    /// <param name="options">The limits.</param>
    /// <param name="isFreeForm">Whether the arguments are the input of a free-form tool: text that is not JSON.</param>
    public ToolCallAssembler(ToolCallStarted call, StreamReadOptions options, bool isFreeForm = false)
    {
        _call = call;
        _maxBytes = options.MaxArgumentBytes;
        _maxDepth = options.MaxArgumentDepth;
        _input = isFreeForm ? new StringBuilder() : null;
        _preview = new PartialJsonDocument(OptionsFor(isFreeForm ? Math.Min(int.MaxValue - FreeFormInput.Frame, _maxBytes) + FreeFormInput.Frame : _maxBytes, _maxDepth));
    }

    /// <summary>Gets a value indicating whether no text has come yet.</summary>
    public bool IsEmpty => _preview.BytesReceived == 0;

    /// <summary>Gets how many bytes of text have come, in UTF-8.</summary>
    public long ByteCount => (long)_preview.BytesReceived + (_unreadable?.WrittenCount ?? 0);

    /// <summary>Gets the text of the arguments so far.</summary>
    public string Text => _input?.ToString() ?? Encoding.UTF8.GetString(_preview.WrittenSpan) + (_unreadable is null ? "" : Encoding.UTF8.GetString(_unreadable.WrittenSpan));

    /// <summary>Appends a piece of the arguments' text.</summary>
    /// <param name="fragment">The piece; not empty, and whole surrogate pairs only.</param>
    /// <exception cref="StreamLimitException">The arguments are too long or too deep.</exception>
    public ToolInputDelta Append(string fragment)
    {
        if (_input is null)
        {
            AppendText(fragment);
        }
        else
        {
            BeginInput();
            _input.Append(fragment);
            AppendText(FreeFormInput.Escape(fragment));
        }

        return new ToolInputDelta { Index = _call.Index, CallId = _call.CallId, Fragment = fragment, Input = _preview.RootElement };
    }

    // Nearly all calls of an application have the same limits. Nothing changes the options, so that two threads may both make them.
    private static PartialJsonOptions OptionsFor(int maxBytes, int maxDepth)
    {
        var options = _lastOptions;
        return options is not null && options.MaxBytes == maxBytes && options.MaxDepth == maxDepth
            ? options
            : _lastOptions = new PartialJsonOptions { AllowTruncation = false, MaxBytes = maxBytes, MaxDepth = maxDepth };
    }

    private void AppendText(string fragment)
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
    }

    private void BeginInput()
    {
        if (IsEmpty)
        {
            _preview.TryAppend(FreeFormInput.Beginning);
        }
    }

    /// <summary>Seals the call: reads its arguments strictly by RFC 8259.</summary>
    /// <param name="isVerbatim">Whether nothing was replaced in the pieces, so that their text is what the protocol said.</param>
    /// <param name="providerData">What more came of the provider's own data; <see langword="null"/> for nothing.</param>
    public ToolCallCompleted Complete(bool isVerbatim, RawJson? providerData = null)
    {
        if (_input is not null)
        {
            BeginInput();
            _preview.TryAppend(FreeFormInput.End);
        }

        JsonElement? arguments = null;
        var error = IsEmpty ? null : Read(out arguments);
        if (!isVerbatim)
        {
            error ??= "The arguments are not valid Unicode: found half a surrogate pair, expected both halves.";
        }

        return Complete(IsEmpty ? ToolArguments.Empty : arguments, error, providerData);
    }

    /// <summary>Ends a call that its protocol did not seal: whatever its arguments are, they must not be used.</summary>
    /// <param name="reason">Why, for <see cref="ToolCallCompleted.ParseError"/> when nothing is wrong with the text itself.</param>
    /// <param name="providerData">What more came of the provider's own data; <see langword="null"/> for nothing.</param>
    public ToolCallCompleted Abandon(string reason, RawJson? providerData = null) =>
        Complete(arguments: null, (IsEmpty || _input is not null ? null : Read(out _)) ?? reason, providerData);

    private ToolCallCompleted Complete(JsonElement? arguments, string? error, RawJson? providerData) => new()
    {
        Index = _call.Index,
        CallId = _call.CallId,
        Name = _call.Name,
        IsProviderExecuted = _call.IsProviderExecuted,
        ArgumentsText = Text,
        Arguments = error is null ? arguments : null,
        ParseError = error,
        RawProviderData = providerData,
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
        var total = ByteCount + utf8Fragment.Length;
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
