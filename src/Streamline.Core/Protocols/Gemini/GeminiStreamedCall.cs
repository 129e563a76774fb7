namespace Streamline.Protocols.Gemini;

/// <summary>A tool call whose arguments are streamed (Vertex AI, <c>streamFunctionCallArguments</c>): until its end it is not sealed.</summary>
internal sealed class GeminiStreamedCall
{
    private readonly DecoderOutput _output;
    private readonly ToolCallAssembler _assembler;
    private readonly GeminiArgumentText _arguments = new();
    private readonly List<(string? Name, int Index)> _path = [];
    private readonly RawJson _startData;
    private readonly MergedObject _data;
    private JsonStringDecoder _string;
    private long _countedBytes;

    /// <summary>Starts the call.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="id">The provider's id; <see langword="null"/> for none.</param>
    /// <param name="name">The name of the tool.</param>
    /// <param name="data">What must go back with the call.</param>
    /// <param name="choice">The number of the answer that the call belongs to.</param>
    public GeminiStreamedCall(DecoderOutput output, string? id, string name, RawJson data, int choice)
    {
        _startData = data;
        _output = output;
        _data = new MergedObject(output.Options);
        _data.Add(data.Element);
        var index = output.NextIndex();
        var started = new ToolCallStarted { Index = index, CallId = output.Calls.Take(id, index, output.ResponseId), Name = name, RawProviderData = data, Choice = choice };
        _assembler = new ToolCallAssembler(started, output.Options);
        output.CountOpenBlock();
        output.Emit(started);
    }

    /// <summary>Adds what comes with a later piece of the call, such as a signature, and must go back with it.</summary>
    public void AddData(PayloadValue part) => _data.Add(GeminiPart.WithoutArguments(part).Element);

    /// <summary>Adds an element of <c>partialArgs</c>.</summary>
    public void Add(in Payload payload, PayloadValue piece)
    {
        if (_arguments.Fault is not null)
        {
            return;
        }

        if (!GeminiArgumentPath.TryRead(piece.Text("jsonPath"u8), _path))
        {
            _arguments.Break("A piece of the arguments has a path that is not understood.");
            return;
        }

        var mayContinue = piece.Member("willContinue"u8).GetBoolean() == true;
        if (_arguments.IsInStringAt(_path))
        {
            AddText(payload, piece, mayContinue);
        }
        else
        {
            AddValue(payload, piece, mayContinue);
        }

        Show();
    }

    /// <summary>Ends the call.</summary>
    /// <param name="reason">Why its arguments must not be used; <see langword="null"/> when the provider says that they are whole.</param>
    public void End(string? reason)
    {
        if (reason is null)
        {
            _arguments.End();
            Show();
        }

        RawJson data = _data.Value!.Value;
        var more = data.Utf8.SequenceEqual(_startData.Utf8) ? null : data;
        var completed = (reason ?? _arguments.Fault) is { } fault ? _assembler.Abandon(fault, more) : _assembler.Complete(isVerbatim: !_string.HasReplacedHalves, more);
        _output.Calls.Seal(completed);
        _output.Emit(completed);
        _output.CountArguments(ref _countedBytes, 0);
        _output.CloseBlock();
    }

    private void AddValue(in Payload payload, PayloadValue piece, bool mayContinue)
    {
        var literal = LiteralOf(piece);
        var isString = literal is null && piece.Has("stringValue"u8);
        if (literal is null && !isString)
        {
            _arguments.Break("A piece of the arguments has no value that is understood.");
            return;
        }

        FlushString();
        _arguments.MoveTo(_path);
        if (literal is not null)
        {
            _arguments.AddLiteral(literal);
        }
        else
        {
            _arguments.BeginString();
            AddText(payload, piece, mayContinue);
        }
    }

    private static string? LiteralOf(PayloadValue piece)
    {
        var number = piece.Member("numberValue"u8);
        var truth = piece.Member("boolValue"u8);
        return number.IsNumber ? number.RawText()
            : truth.GetBoolean() is not null ? truth.RawText()
            : piece.Has("nullValue"u8) ? "null"
            : null;
    }

    private void AddText(in Payload payload, PayloadValue piece, bool mayContinue)
    {
        var slice = piece.Member("stringValue"u8).TextSlice;
        if (slice.Exists && _string.TryDecode(slice.In(payload.Bytes), slice.IsEscaped, out var text))
        {
            _arguments.AddToString(text);
        }

        if (!mayContinue)
        {
            FlushString();
            _arguments.EndString();
        }
    }

    // Half a surrogate pair waits no longer for its other half.
    private void FlushString() => _arguments.AddToString(_string.Complete());

    private void Show()
    {
        if (_arguments.Take() is { Length: > 0 } text)
        {
            var delta = _assembler.Append(text);
            _output.CountArguments(ref _countedBytes, _assembler.ByteCount);
            _output.Emit(delta);
        }
    }
}
