using System.Globalization;
using System.Text.Json;
using Streamline.Protocols.Bedrock;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>A call of a tool: one that the application answers, or one that the provider runs, whose result comes with the end of the item.</summary>
internal sealed class OpenAIResponsesCallItem : OpenAIResponsesItem
{
    private readonly DecoderOutput _output;
    private readonly string _type;
    private readonly bool _isProviderCall;
    private OpenAIResponsesCall? _call;

    /// <summary>Initializes a new instance of the <see cref="OpenAIResponsesCallItem"/> class.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="begun">The item as it began.</param>
    public OpenAIResponsesCallItem(DecoderOutput output, JsonElement begun)
    {
        _output = output;
        _type = begun.Text("type"u8)!;
        _isProviderCall = OpenAIResponsesItemTypes.IsProviderCall(_type);
        TryStart(begun);
    }

    public override int? BlockIndex => _call?.Index;

    public override bool TryAppendInput(in ParsedPayload payload)
    {
        var delta = payload.Find(payload.Root.Member("delta"u8));
        if (!delta.Exists || _call?.IsSealed == true)
        {
            return false;
        }

        // A server that does not say what is called shows it with the end of the item, which has the arguments too.
        if (_call is not null)
        {
            _output.Append(_call, delta, payload.Bytes);
        }

        return true;
    }

    public override bool TrySealInput(in ParsedPayload payload, JsonElement? whole)
    {
        if (_call?.IsSealed == true)
        {
            return false;
        }

        Seal(payload, whole);
        return true;
    }

    public override void Complete(in ParsedPayload payload, JsonElement item)
    {
        if (_call is null && !TryStart(item))
        {
            throw JsonPayload.Invalid($"a {_type} without a name", "a member 'name' by the end of the item", byteOffset: -1);
        }

        var status = item.Text("status"u8);
        if (status is "incomplete" or "in_progress")
        {
            Abandon();
        }
        else if (!_call!.IsSealed)
        {
            SealWith(payload, item);
        }

        if (_isProviderCall && status != "in_progress")
        {
            var index = _output.OpenBlock();
            _output.Emit(new ContentStarted { Index = index, Kind = ContentKind.ServerToolResult });
            _output.Emit(new ContentCompleted { Index = index, Kind = ContentKind.ServerToolResult, Raw = item });
            _output.CloseBlock();
        }
    }

    public override void Abandon()
    {
        if (_call is { IsSealed: false })
        {
            _call.Abandon();
        }
    }

    private bool TryStart(JsonElement item)
    {
        if (OpenAIResponsesItemTypes.ToolName(item, _type) is not { } name)
        {
            return false;
        }

        var index = _output.OpenBlock();
        var id = item.NonEmptyText("id"u8);
        var callId = item.NonEmptyText("call_id"u8);
        _call = new OpenAIResponsesCall(_output, new ToolCallStarted
        {
            Index = index,
            CallId = (_isProviderCall ? id ?? callId : callId ?? id) ?? MakeId(index),
            Name = name,
            IsProviderExecuted = _isProviderCall,
            ProviderData = _isProviderCall ? item : OpenAIResponsesEnvelope.OfCall(item),
        });
        return true;
    }

    private string MakeId(int index) => string.Create(CultureInfo.InvariantCulture, $"call_{_output.ResponseId}_{index}");

    private void SealWith(in ParsedPayload payload, JsonElement item)
    {
        switch (_type)
        {
            case OpenAIResponsesItemTypes.WebSearchCall:
                Seal(payload, item.Object("action"u8));
                break;
            case OpenAIResponsesItemTypes.FileSearchCall when item.Member("queries"u8) is { } queries:
                _call!.Seal($$"""{"queries":{{payload.RawText(queries)}}}""");
                break;
            default:
                Seal(payload, OpenAIResponsesItemTypes.InputMember(_type) is { } member && item.TryGetProperty(member, out var input) ? input : null);
                break;
        }
    }

    // Some servers give the arguments as a JSON value in place of its text.
    private void Seal(in ParsedPayload payload, JsonElement? input)
    {
        if (input is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } value)
        {
            _call?.Seal(payload.RawText(value));
        }
        else
        {
            _call?.Seal(payload.Find(input), payload.Bytes);
        }
    }
}
