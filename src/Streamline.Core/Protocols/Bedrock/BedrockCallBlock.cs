using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>An open tool call.</summary>
internal sealed class BedrockCallBlock : GrowingText, IBedrockBlock
{
    private readonly DecoderOutput _output;
    private readonly ToolCallAssembler _call;

    /// <summary>Initializes a new instance of the <see cref="BedrockCallBlock"/> class.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="start">The start of the block, which has the call in its member <c>toolUse</c>.</param>
    /// <param name="callId">The id of the call.</param>
    /// <param name="name">The name of the tool.</param>
    public BedrockCallBlock(DecoderOutput output, JsonElement start, string callId, string name)
    {
        var call = start.GetProperty("toolUse"u8);
        var started = new ToolCallStarted
        {
            Index = output.OpenBlock(),
            CallId = callId,
            Name = name,
            IsProviderExecuted = call.TextEquals("type"u8, "server_tool_use"u8),
            ProviderData = call.EnumerateObject().Any(member => member.Name is not ("toolUseId" or "name") && member.Value.ValueKind != JsonValueKind.Null) ? start : null,
        };
        _output = output;
        _call = new ToolCallAssembler(started, output.Options);
        output.Emit(started);
    }

    public bool TryApply(in ParsedPayload payload, JsonProperty delta)
    {
        if (delta.Name != "toolUse" || delta.Value.Member("input"u8) is not { } input)
        {
            return false;
        }

        var slice = payload.Find(input);
        if (slice.Exists)
        {
            _output.Append(this, slice, payload.Bytes);
        }
        else
        {
            // A value in place of its text: arguments must not be lost, for none at all stand for an empty object.
            Show(payload.RawText(input));
        }

        return true;
    }

    public void Close(bool isSealed)
    {
        EndText();
        _output.Emit(isSealed ? _call.Complete(isVerbatim: !HasReplacedHalves) : _call.Abandon("The message ended before contentBlockStop of the call."));
        _output.CloseBlock();
    }

    protected override void Show(string text) => _output.Emit(_call.Append(text));
}
