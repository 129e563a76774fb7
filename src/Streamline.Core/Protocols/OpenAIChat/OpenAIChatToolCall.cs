using System.Globalization;
using System.Text;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>
/// A tool call while it arrives. It is shown from its name on; pieces of the arguments that come before wait for it. Only the end
/// of its choice seals it.
/// </summary>
internal sealed class OpenAIChatToolCall(DecoderOutput output, OpenAIChatToolCallSlot slot, int choice) : GrowingText
{
    private List<string>? _waiting;
    private int _waitingBytes;
    private ToolCallAssembler? _arguments;
    private JsonElement? _data;
    private JsonElement? _startData;

    public bool IsStarted { get; private set; }

    public bool IsSealed { get; private set; }

    public bool HasArguments => slot.HasArguments;

    /// <summary>Adds what must go back with the call.</summary>
    public void Add(JsonElement data) => _data = ProviderDataMerge.Merge(_data, data);

    /// <summary>Shows the call.</summary>
    public void Start()
    {
        var index = output.NextIndex();
        var started = new ToolCallStarted
        {
            Index = index,
            CallId = slot.Id ?? MakeId(index),
            Name = slot.Name!,
            ProviderData = _startData = _data,
            Choice = choice,
        };
        _arguments = new ToolCallAssembler(started, output.Options, OpenAIChatCallData.IsOfFreeForm(_data));
        IsStarted = true;
        output.Emit(started);
        foreach (var piece in _waiting ?? [])
        {
            output.Emit(_arguments.Append(piece));
        }

        _waiting = null;
    }

    /// <summary>Appends arguments that came as another JSON value than a text.</summary>
    /// <param name="json">The JSON text of the value, as it was received.</param>
    public void AppendValue(string json) => Show(json);

    /// <summary>Ends the call. One of which nothing but a place in a list has come stays as it is.</summary>
    /// <exception cref="StreamProtocolException">The call never had a name.</exception>
    public void Seal()
    {
        if (IsSealed || (_arguments is null && _waiting is null))
        {
            return;
        }

        EndText();
        if (_arguments is null)
        {
            throw new StreamProtocolException(
                StreamProtocolError.InvalidPayload,
                "Found a tool call without a name, expected a name by the end of its choice",
                byteOffset: -1);
        }

        var isMoreKnown = _data?.RawText() != _startData?.RawText();
        output.Emit(_arguments.Complete(isVerbatim: !HasReplacedHalves, isMoreKnown ? _data : null));
        output.CloseBlock();
        IsSealed = true;
        _arguments = null;
    }

    protected override void Show(string text)
    {
        slot.HasArguments = true;
        if (_arguments is not null)
        {
            output.Emit(_arguments.Append(text));
        }
        else if (!IsSealed)
        {
            Wait(text);
        }
        else if (!string.IsNullOrWhiteSpace(text))
        {
            // A tool may be running on what was sealed.
            throw new StreamProtocolException(
                StreamProtocolError.UnexpectedEvent,
                "Found more arguments of a tool call, expected none after the finish reason of its choice",
                byteOffset: -1);
        }
    }

    private void Wait(string text)
    {
        _waitingBytes += Encoding.UTF8.GetByteCount(text);
        if (_waitingBytes > output.Options.MaxArgumentBytes)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxArgumentBytes), output.Options.MaxArgumentBytes, _waitingBytes);
        }

        (_waiting ??= []).Add(text);
    }

    // The same for the same response, and another in every response of a conversation.
    private string MakeId(int index) => string.IsNullOrEmpty(output.ResponseId)
        ? string.Create(CultureInfo.InvariantCulture, $"call_{index}")
        : string.Create(CultureInfo.InvariantCulture, $"call_{output.ResponseId}_{index}");
}
