namespace Streamline.Protocols.Ollama;

/// <summary>Writes a response as the lines of <c>/api/chat</c>.</summary>
/// <remarks>The protocol has its counts in the last line only, its calls whole, and marks neither the beginning nor the end of a block.</remarks>
internal sealed class OllamaResponseWriter(FrameOutput frames, ResponseStarted response, bool isOwn) : ResponseWriter(frames, response, isOwn)
{
    private int _callCount;

    public override void Begin() => WriteMessage();

    public override void End(ResponseCompleted completed, TokenUsage? usage) => WriteMessage(isDone: true, writeMembers: writer =>
    {
        writer.WriteText("done_reason"u8, OllamaFinishReasons.Write(completed, IsOwn));
        if (usage is not null)
        {
            OllamaUsage.Write(writer, usage);
        }
    });

    public override void WriteMetadata(ProviderMetadata metadata, EncodedBlock? block)
    {
        if (metadata.Name.StartsWith(OllamaMetadata.MessagePrefix, StringComparison.Ordinal))
        {
            WriteMessage(writer => writer.WriteMember(metadata.Name[OllamaMetadata.MessagePrefix.Length..], metadata.Value));
        }
        else
        {
            WriteMessage(writeMembers: writer => writer.WriteMember(metadata.Name, metadata.Value));
        }
    }

    public override void WritePassedThrough(ProviderEvent passed)
    {
        if (passed.Name != "tool_calls")
        {
            base.WritePassedThrough(passed);
            return;
        }

        WriteMessage(writer =>
        {
            writer.WriteStartArray("tool_calls"u8);
            writer.WriteRawValue(passed.Data, skipInputValidation: true);
            writer.WriteEndArray();
        });
    }

    public override void WriteText(EncodedBlock block, string text)
    {
        if (block.Kind == ContentKind.Reasoning)
        {
            WriteMessage(writer => writer.WriteString("thinking"u8, text));
        }
        else
        {
            WriteMessage(content: text);
        }
    }

    public override void EndContent(EncodedBlock block, string? signature, JsonElement? raw)
    {
        if (block.Kind == ContentKind.Other && raw?.Member("images"u8) is { } images)
        {
            WriteMessage(writer => writer.WriteMember("images", images));
        }
    }

    public override void EndCall(EncodedBlock block, ToolCallCompleted completed, bool isSealed)
    {
        var arguments = FreeFormInput.ArgumentsOf(block.Call!, completed);
        WriteMessage(writer =>
        {
            writer.WriteStartArray("tool_calls"u8);
            OllamaToolCall.Write(writer, completed.CallId, _callCount++, completed.Name, block.Data, function => ArgumentValues.WriteText(function, "arguments"u8, arguments));
            writer.WriteEndArray();
        });
    }

    private void WriteMessage(Action<Utf8JsonWriter>? writeMessage = null, Action<Utf8JsonWriter>? writeMembers = null, string content = "", bool isDone = false) =>
        Frames.Write(writer =>
        {
            writer.WriteString("model"u8, Response.Model ?? "");
            writer.WriteString("created_at"u8, (Response.CreatedAt ?? DateTimeOffset.UnixEpoch).UtcDateTime);
            writer.WriteObject("message", message =>
            {
                message.WriteString("role"u8, "assistant"u8);
                message.WriteString("content"u8, content);
                writeMessage?.Invoke(message);
            });
            writer.WriteBoolean("done"u8, isDone);
            writeMembers?.Invoke(writer);
        });
}
