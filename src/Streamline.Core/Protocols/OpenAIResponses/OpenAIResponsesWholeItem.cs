using System.Text.Json;
using Streamline.Protocols.Bedrock;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>An item that is carried whole, as one block: of a type that has no form here, or of one that is newer than this version.</summary>
internal sealed class OpenAIResponsesWholeItem : OpenAIResponsesItem
{
    private readonly DecoderOutput _output;
    private readonly ContentStarted _started;

    /// <summary>Initializes a new instance of the <see cref="OpenAIResponsesWholeItem"/> class.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="begun">The item as it began.</param>
    public OpenAIResponsesWholeItem(DecoderOutput output, JsonElement begun)
    {
        _output = output;
        var isResult = begun.Text("type"u8)?.EndsWith("_output", StringComparison.Ordinal) == true;
        _started = new ContentStarted
        {
            Index = output.OpenBlock(),
            Kind = isResult ? ContentKind.ServerToolResult : ContentKind.Other,
            ProviderData = begun,
        };
        output.Emit(_started);
    }

    public override int? BlockIndex => _started.Index;

    // In the output of a response that was cut short, an item can stand as it was.
    public override void Complete(in ParsedPayload payload, JsonElement item) => Complete(item.Text("status"u8) == "in_progress" ? null : item);

    public override void Abandon() => Complete(raw: null);

    private void Complete(JsonElement? raw)
    {
        _output.Emit(new ContentCompleted { Index = _started.Index, Kind = _started.Kind, Raw = raw });
        _output.CloseBlock();
    }
}
