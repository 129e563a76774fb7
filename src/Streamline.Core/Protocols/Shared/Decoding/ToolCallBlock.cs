using System.Text;
using System.Text.Json;

namespace Streamline.Protocols.Shared;

/// <summary>
/// A tool call while it arrives. It is shown once its name is known; pieces of the arguments that come before are kept until then. It is a preview
/// until it is sealed.
/// </summary>
/// <remarks>
/// A call under an id that another call has is kept until it is sealed: if it then says what the other one said, it is a repetition and is dropped;
/// otherwise it is a call of its own, and gets an id of its own.
/// </remarks>
internal sealed class ToolCallBlock : GrowingText
{
    private readonly DecoderOutput _output;
    private StringBuilder? _kept;
    private int _keptBytes;
    private ToolCallStarted? _started;
    private ToolCallAssembler? _arguments;
    private bool _isFreeForm;
    private bool _isDoubtful;

    /// <summary>Counts the block among those that are open.</summary>
    /// <param name="output">Where events go.</param>
    /// <exception cref="StreamLimitException">Too many blocks are open.</exception>
    public ToolCallBlock(DecoderOutput output)
    {
        _output = output;
        output.CountOpenBlock();
    }

    /// <summary>Gets the index of the block in the events; <see langword="null"/> while it is not shown.</summary>
    public int? Index => _started is null || _isDoubtful ? null : _started.Index;

    /// <summary>Gets a value indicating whether the call has its name.</summary>
    public bool IsStarted => _started is not null;

    public bool IsSealed { get; private set; }

    /// <summary>Gets a value indicating whether any of the arguments have come.</summary>
    public bool HasArguments => _arguments is { IsEmpty: false } || _kept is not null;

    /// <summary>Gets a value indicating whether nothing of the call has come.</summary>
    public bool IsEmpty => _started is null && _kept is null;

    /// <summary>Starts the call, now that its name is known.</summary>
    /// <param name="id">The provider's id; <see langword="null"/> or empty for none.</param>
    /// <param name="name">The name of the tool.</param>
    /// <param name="providerData">What must go back with the call; <see langword="null"/> for nothing.</param>
    /// <param name="isFreeForm">Whether the arguments are a text that is not JSON.</param>
    /// <param name="isProviderExecuted">Whether the provider runs the tool. Its id is then left as it is.</param>
    /// <param name="choice">The number of the answer that the call belongs to.</param>
    public void Start(string? id, string name, JsonElement? providerData = null, bool isFreeForm = false, bool isProviderExecuted = false, int choice = 0)
    {
        _isFreeForm = isFreeForm;
        _isDoubtful = !isProviderExecuted && _output.Calls.IsTaken(id);
        _started = new ToolCallStarted
        {
            Index = -1,
            CallId = id ?? "",
            Name = name,
            ProviderData = providerData,
            IsProviderExecuted = isProviderExecuted,
            Choice = choice,
        };
        if (!_isDoubtful)
        {
            Show();
        }
    }

    /// <summary>Appends arguments that came as another JSON value than a text.</summary>
    /// <param name="json">The JSON text of the value, as it was received.</param>
    public void AppendValue(string json) => Show(json);

    /// <summary>Seals the call: its arguments are whole.</summary>
    /// <param name="whole">The text of the arguments as the provider repeats it at the end; <see langword="null"/> or empty where it does not.</param>
    /// <param name="moreData">What more must go back with the call; <see langword="null"/> for nothing.</param>
    public void Seal(string? whole = null, JsonElement? moreData = null)
    {
        Close();
        if (_isDoubtful)
        {
            var text = string.IsNullOrEmpty(whole) ? _kept?.ToString() ?? "" : whole;
            if (_output.Calls.IsRepeat(_started!.CallId, _started.Name, text))
            {
                return;
            }

            Show();
        }

        var isVerbatim = !HasReplacedHalves;
        if (!string.IsNullOrEmpty(whole) && _arguments!.IsEmpty)
        {
            _output.Emit(_arguments.Append(whole));
        }

        End(ToolCallEnd.Reconcile(_started!, _arguments!, whole, isVerbatim, _isFreeForm, _output.Options, moreData));
    }

    /// <summary>Ends a call that was not sealed. Its arguments must not be used.</summary>
    /// <param name="reason">Why, for <see cref="ToolCallCompleted.ParseError"/>.</param>
    public void Abandon(string reason)
    {
        Close();
        if (_started is not null && !_isDoubtful)
        {
            End(_arguments!.Abandon(reason));
        }
    }

    protected override void Show(string text)
    {
        if (_arguments is not null)
        {
            _output.Emit(_arguments.Append(text));
        }
        else if (!IsSealed)
        {
            Keep(text);
        }
        else if (!string.IsNullOrWhiteSpace(text))
        {
            // A tool may be running on what was sealed.
            throw new StreamProtocolException(
                StreamProtocolError.UnexpectedEvent, "Found more arguments of a tool call, expected none after the call was sealed", byteOffset: -1);
        }
    }

    private void Show()
    {
        var index = _output.NextIndex();
        var id = _started!.IsProviderExecuted && !string.IsNullOrEmpty(_started.CallId) ? _started.CallId : _output.Calls.Take(_started.CallId, index);
        _started = new ToolCallStarted
        {
            Index = index,
            CallId = id,
            Name = _started.Name,
            ProviderData = _started.ProviderData,
            IsProviderExecuted = _started.IsProviderExecuted,
            Choice = _started.Choice,
        };
        _arguments = new ToolCallAssembler(_started, _output.Options, _isFreeForm);
        _output.Emit(_started);
        if (_kept is { Length: > 0 } kept)
        {
            _output.Emit(_arguments.Append(kept.ToString()));
        }

        _kept = null;
    }

    private void Keep(string text)
    {
        _keptBytes += Encoding.UTF8.GetByteCount(text);
        if (_keptBytes > _output.Options.MaxArgumentBytes)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxArgumentBytes), _output.Options.MaxArgumentBytes, _keptBytes);
        }

        (_kept ??= new StringBuilder()).Append(text);
    }

    private void Close()
    {
        EndText();
        IsSealed = true;
        _output.CloseBlock();
    }

    private void End(ToolCallCompleted completed)
    {
        _output.Calls.Seal(completed);
        _output.Emit(completed);
        _arguments = null;
    }
}
