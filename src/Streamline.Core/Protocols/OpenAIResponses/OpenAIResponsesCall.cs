using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>A call of a tool while its arguments arrive. It is a preview until it is sealed.</summary>
internal sealed class OpenAIResponsesCall : GrowingText
{
    private readonly DecoderOutput _output;
    private readonly ToolCallStarted _started;
    private readonly ToolCallAssembler _arguments;
    private readonly bool _isFreeForm;

    public OpenAIResponsesCall(DecoderOutput output, ToolCallStarted started)
    {
        _output = output;
        _started = started;
        _isFreeForm = OpenAIChatCallData.IsOfFreeForm(started.ProviderData);
        _arguments = new ToolCallAssembler(started, output.Options, _isFreeForm);
        output.Emit(started);
    }

    public int Index => _started.Index;

    public bool IsSealed { get; private set; }

    /// <summary>Seals the call.</summary>
    /// <param name="whole">The whole text of the arguments, which counts where it differs from the pieces; non-existent when the wire does not repeat it.</param>
    /// <param name="payload">The payload that holds it.</param>
    public void Seal(JsonSlice whole, ReadOnlySpan<byte> payload)
    {
        EndText();
        var completed = _arguments.Complete(isVerbatim: !HasReplacedHalves);
        if (whole.Length > 0)
        {
            var decoder = default(JsonStringDecoder);
            _ = decoder.TryDecode(whole.In(payload), whole.IsEscaped, out var text);
            text += decoder.Complete();
            completed = text == completed.ArgumentsText ? completed : Replace(text, isVerbatim: !decoder.HasReplacedHalves);
        }

        End(completed);
    }

    /// <summary>Seals a call whose arguments come as a JSON value in place of a text.</summary>
    /// <param name="json">The JSON text of the value.</param>
    public void Seal(string json) => End(Replace(json, isVerbatim: true));

    public void Abandon()
    {
        EndText();
        End(_arguments.Abandon("The response ended before the call was whole."));
    }

    protected override void Show(string text) => _output.Emit(_arguments.Append(text));

    private ToolCallCompleted Replace(string whole, bool isVerbatim)
    {
        var arguments = new ToolCallAssembler(_started, _output.Options, _isFreeForm);
        var delta = arguments.Append(whole);
        if (_arguments.IsEmpty)
        {
            _output.Emit(delta);
        }

        return arguments.Complete(isVerbatim);
    }

    private void End(ToolCallCompleted completed)
    {
        IsSealed = true;
        _output.Emit(completed);
        _output.CloseBlock();
    }
}
