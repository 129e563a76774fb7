using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Gemini;

/// <summary>A tool call whose arguments are streamed (Vertex AI, <c>streamFunctionCallArguments</c>): until its end it is not sealed.</summary>
internal sealed class GeminiStreamedCall
{
    private readonly DecoderOutput _output;
    private readonly ToolCallAssembler _assembler;
    private readonly GeminiArgumentText _arguments = new();
    private readonly List<(string? Name, int Index)> _path = [];
    private readonly JsonElement? _startData;
    private JsonElement? _data;
    private JsonStringDecoder _string;

    public GeminiStreamedCall(DecoderOutput output, ToolCallStarted started)
    {
        _startData = _data = started.ProviderData;
        _output = output;
        _assembler = new ToolCallAssembler(started, output.Options);
        output.CountOpenBlock();
        output.Emit(started);
    }

    /// <summary>Adds what stands beside a later piece of the call, such as a signature, and must go back with it.</summary>
    public void AddData(JsonElement part) => _data = ProviderDataMerge.Merge(_data, GeminiPart.WithoutArguments(part));

    /// <summary>Adds an element of <c>partialArgs</c>.</summary>
    public void Add(in ParsedPayload payload, JsonElement piece)
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

        var mayContinue = piece.Member("willContinue"u8)?.ValueKind == JsonValueKind.True;
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
    /// <param name="reason">Why its arguments must not be used; <see langword="null"/> when the wire says that they are whole.</param>
    public void End(string? reason)
    {
        if (reason is null)
        {
            _arguments.End();
            Show();
        }

        var more = _data?.RawText() != _startData?.RawText() ? _data : null;
        _output.Emit((reason ?? _arguments.Fault) is { } fault ? _assembler.Abandon(fault, more) : _assembler.Complete(isVerbatim: !_string.HasReplacedHalves, more));
        _output.CloseBlock();
    }

    private void AddValue(in ParsedPayload payload, JsonElement piece, bool mayContinue)
    {
        var literal = (piece.TryGetProperty("numberValue"u8, out var value) && value.ValueKind == JsonValueKind.Number)
            || (piece.TryGetProperty("boolValue"u8, out value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False)
                ? value.GetRawText()
                : piece.TryGetProperty("nullValue"u8, out _) ? "null" : null;
        var isString = literal is null && piece.TryGetProperty("stringValue"u8, out _);
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

    private void AddText(in ParsedPayload payload, JsonElement piece, bool mayContinue)
    {
        var slice = payload.Find(piece.Member("stringValue"u8));
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
            _output.Emit(_assembler.Append(text));
        }
    }
}
