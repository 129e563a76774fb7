using System.Buffers;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <content>Calls of tools, those of the application and those of the provider.</content>
internal sealed partial class OpenAIResponsesEventEncoder
{
    private void StartCall(ToolCallStarted started, IBufferWriter<byte> output)
    {
        ThrowIfNotStarted();
        var data = _isOwnWire ? started.ProviderData : null;
        if (!started.IsProviderExecuted)
        {
            var envelope = data ?? MakeEnvelope(started);
            var item = new OpenAIResponsesEncodedItem(_items.Count, envelope);
            _items.Add(ToCall(envelope, "", "in_progress"));
            WriteItem(output, "response.output_item.added", item);
            Open(started.Index, new OpenAIResponsesEncodedBlock(item, form: null));
        }
        else if (data is { } whole)
        {
            Begin(started.Index, whole, form: null, output);
        }
        else
        {
            _ignored.Add(started.Index);
        }
    }

    private JsonElement MakeEnvelope(ToolCallStarted started) => ToJson(writer =>
    {
        writer.WriteString("id"u8, MakeId("fc", _items.Count));
        writer.WriteString("type"u8, FreeFormInput.IsOfFreeForm(started.ProviderData) ? OpenAIResponsesItemTypes.CustomToolCall : OpenAIResponsesItemTypes.FunctionCall);
        writer.WriteString("call_id"u8, started.CallId);
        writer.WriteString("name"u8, started.Name);
    });

    private static JsonElement ToCall(JsonElement envelope, string input, string status) => ToJson(writer =>
    {
        foreach (var member in envelope.EnumerateObject())
        {
            Write(writer, member.Name, member.Value);
        }

        writer.WriteString(OpenAIResponsesItemTypes.InputMember(envelope.Text("type"u8)) ?? "arguments", input);
        writer.WriteString("status"u8, status);
    });

    private void WriteInput(OpenAIResponsesEncodedBlock block, string fragment, IBufferWriter<byte> output)
    {
        block.HasBegun = true;
        if (OpenAIResponsesItemTypes.InputEvent(block.Item.Type) is { } name)
        {
            WriteItemEvent(output, name + ".delta", block.Item, writer => writer.WriteString("delta"u8, fragment));
        }
    }

    private void CompleteCall(ToolCallCompleted completed, IBufferWriter<byte> output)
    {
        var block = Close(completed.Index);

        // A call that lacks arguments although nothing is wrong with their text was never sealed by its wire.
        var isSealed = completed.Arguments is not null
            || (block.Item.Type != OpenAIResponsesItemTypes.CustomToolCall && !ToolArguments.AreReadable(completed.ArgumentsText));
        if (isSealed && OpenAIResponsesItemTypes.InputEvent(block.Item.Type) is { } name)
        {
            if (!block.HasBegun && completed.ArgumentsText.Length > 0)
            {
                WriteInput(block, completed.ArgumentsText, output);
            }

            WriteInputEnd(completed, block.Item, name, output);
        }

        if (completed.IsProviderExecuted)
        {
            _awaitingResult.Add(completed.Index, block.Item);
        }
        else
        {
            End(block.Item, ToCall(block.Item.Data, completed.ArgumentsText, isSealed ? "completed" : "incomplete"), output);
        }
    }

    private void WriteInputEnd(ToolCallCompleted completed, OpenAIResponsesEncodedItem item, string name, IBufferWriter<byte> output) =>
        WriteItemEvent(output, name + ".done", item, writer =>
        {
            writer.WriteString(OpenAIResponsesItemTypes.InputMember(item.Type)!, completed.ArgumentsText);
            if (item.Type == OpenAIResponsesItemTypes.FunctionCall)
            {
                writer.WriteString("name"u8, completed.Name);
            }
        });

    private void WriteItemEvent(IBufferWriter<byte> output, string type, OpenAIResponsesEncodedItem item, Action<Utf8JsonWriter> writeMembers) =>
        Write(output, type, writer =>
        {
            WritePlace(writer, item);
            writeMembers(writer);
        });
}
