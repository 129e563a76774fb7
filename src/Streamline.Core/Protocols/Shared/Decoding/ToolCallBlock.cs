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
    private long _countedBytes;
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

    /// <summary>Gets a value indicating whether the provider runs the tool.</summary>
    public bool IsProviderExecuted => _started is { IsProviderExecuted: true };

    public bool IsSealed { get; private set; }

    /// <summary>Gets a value indicating whether any of the arguments have come.</summary>
    public bool HasArguments => _arguments is { IsEmpty: false } || _kept is not null;

    /// <summary>Gets the text of the arguments so far; empty once the call is sealed.</summary>
    public string ArgumentsText => _arguments?.Text ?? _kept?.ToString() ?? "";

    /// <summary>Gets a value indicating whether nothing of the call has come.</summary>
    public bool IsEmpty => _started is null && _kept is null;

    /// <summary>Starts the call, now that its name is known.</summary>
    /// <param name="id">The provider's id; <see langword="null"/> or empty for none.</param>
    /// <param name="name">The name of the tool.</param>
    /// <param name="providerData">What must go back with the call; <see langword="null"/> for nothing.</param>
    /// <param name="isFreeForm">Whether the arguments are a text that is not JSON.</param>
    /// <param name="isProviderExecuted">Whether the provider runs the tool. Its id is then left as it is.</param>
    /// <param name="choice">The number of the answer that the call belongs to.</param>
    public void Start(string? id, string name, RawJson? providerData = null, bool isFreeForm = false, bool isProviderExecuted = false, int choice = 0)
    {
        _isFreeForm = isFreeForm;
        _isDoubtful = !isProviderExecuted && _output.Calls.IsTaken(id);
        if (!_isDoubtful)
        {
            Show(id, name, providerData, isProviderExecuted, choice);
            return;
        }

        _started = new ToolCallStarted
        {
            Index = -1,
            CallId = id ?? "",
            Name = name,
            RawProviderData = providerData,
            IsProviderExecuted = isProviderExecuted,
            Choice = choice,
        };
    }

    /// <summary>Appends arguments that came as another JSON value than a text.</summary>
    /// <param name="json">The JSON text of the value, as it was received.</param>
    public void AppendValue(string json) => Show(json);

    /// <summary>Seals the call: its arguments are whole.</summary>
    /// <param name="whole">The text of the arguments as the provider repeats it at the end; <see langword="null"/> or empty where it does not.</param>
    /// <param name="moreData">What more must go back with the call; <see langword="null"/> for nothing.</param>
    public void Seal(string? whole = null, RawJson? moreData = null)
    {
        Close();
        if (_isDoubtful)
        {
            var text = string.IsNullOrEmpty(whole) ? _kept?.ToString() ?? "" : whole;
            if (_output.Calls.IsRepeat(_started!.CallId, _started.Name, text))
            {
                Uncount();
                return;
            }

            Show(_started.CallId, _started.Name, _started.RawProviderData, _started.IsProviderExecuted, _started.Choice);
        }

        var isVerbatim = !HasReplacedHalves;
        if (!string.IsNullOrEmpty(whole) && _arguments!.IsEmpty)
        {
            Append(_arguments, whole);
        }

        End(ToolCallEnd.Reconcile(_started!, _arguments!, whole, isVerbatim, _isFreeForm, _output.Options, moreData));
    }

    /// <summary>Takes what came as the arguments of a call that was never named, if it is the rest of this one's.</summary>
    /// <returns>Whether both together are the arguments of a call; if not, nothing is taken.</returns>
    public bool TryTake(ToolCallBlock nameless)
    {
        nameless.Close();
        var rest = nameless.ArgumentsText;
        if (IsSealed || !IsStarted || ToolArguments.Read(Encoding.UTF8.GetBytes(ArgumentsText + rest), _output.Options.MaxArgumentDepth, out _) is not null)
        {
            return false;
        }

        nameless.Uncount();
        Show(rest);
        return true;
    }

    /// <summary>Ends a call that was not sealed. Its arguments must not be used.</summary>
    /// <param name="reason">Why, for <see cref="ToolCallCompleted.ParseError"/>.</param>
    public void Abandon(string reason)
    {
        Close();
        if (_started is null || _isDoubtful)
        {
            Uncount();
        }
        else
        {
            End(_arguments!.Abandon(reason));
        }
    }

    protected override void Show(string text)
    {
        if (_arguments is not null)
        {
            Append(_arguments, text);
        }
        else if (!IsSealed)
        {
            Keep(text);
        }
        else if (!string.IsNullOrWhiteSpace(text))
        {
            // A tool may be running on what was sealed.
            throw new StreamProtocolException(
                StreamProtocolError.UnexpectedEvent, "Found more arguments of a tool call, expected none after the call was sealed", byteOffset: null);
        }
    }

    private void Show(string? id, string name, RawJson? providerData, bool isProviderExecuted, int choice)
    {
        var index = _output.NextIndex();
        _started = new ToolCallStarted
        {
            Index = index,
            CallId = isProviderExecuted && !string.IsNullOrEmpty(id) ? id : _output.Calls.Take(id, index, _output.ResponseId),
            Name = name,
            RawProviderData = providerData,
            IsProviderExecuted = isProviderExecuted,
            Choice = choice,
        };
        _arguments = new ToolCallAssembler(_started, _output.Options, _isFreeForm);
        _output.Emit(_started);
        if (_kept is { Length: > 0 } kept)
        {
            Append(_arguments, kept.ToString());
        }

        _kept = null;
    }

    private void Append(ToolCallAssembler arguments, string text)
    {
        var delta = arguments.Append(text);
        _output.CountArguments(ref _countedBytes, arguments.ByteCount);
        _output.Emit(delta);
    }

    private void Keep(string text)
    {
        _keptBytes += Encoding.UTF8.GetByteCount(text);
        if (_keptBytes > _output.Options.MaxArgumentBytes)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxArgumentBytes), _output.Options.MaxArgumentBytes, _keptBytes);
        }

        _output.CountArguments(ref _countedBytes, _keptBytes);
        (_kept ??= new StringBuilder()).Append(text);
    }

    private void Close()
    {
        EndText();
        IsSealed = true;
        _output.CloseBlock();
    }

    private void Uncount() => _output.CountArguments(ref _countedBytes, 0);

    private void End(ToolCallCompleted completed)
    {
        _output.Calls.Seal(completed);
        _output.Emit(completed);
        _arguments = null;
        Uncount();
    }
}
