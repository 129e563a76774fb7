namespace Streamline.Protocols.Anthropic;

/// <summary>
/// Writes the events about a message as a whole. The protocol has the first usage in message_start and the last one beside the stop reason, so both wait for what follows them.
/// </summary>
internal sealed class AnthropicMessageFrames(AnthropicFrames frames, ResponseStarted response)
{
    private readonly List<ProviderMetadata> _metadata = [];
    private TokenUsage? _usage;
    private bool _isUsageNew;
    private bool _isStarted;

    /// <summary>Adds token counts, to go with the next event about the message.</summary>
    public void Add(TokenUsage usage)
    {
        if (_isUsageNew || _metadata.Count > 0)
        {
            Flush();
        }

        (_usage, _isUsageNew) = (usage, true);
    }

    /// <summary>Adds metadata, to go with the next event about the message.</summary>
    public void Add(ProviderMetadata metadata) => _metadata.Add(metadata);

    /// <summary>Writes what waits, if anything does.</summary>
    public void Flush()
    {
        if (!_isStarted)
        {
            WriteStart();
        }
        else if (_isUsageNew || _metadata.Count > 0)
        {
            WriteDelta(stopReason: null, stopSequence: null);
        }
    }

    /// <summary>Ends the message.</summary>
    public void End(ResponseCompleted completed, TokenUsage? usage)
    {
        if (!_isStarted)
        {
            WriteStart();
        }

        _usage = usage ?? _usage;
        WriteDelta(AnthropicFinishReasons.Write(completed), completed.StopSequence);
        frames.Write("message_stop");
    }

    private void WriteStart()
    {
        _isStarted = true;
        frames.Write("message_start", writer => writer.WriteObject("message", message =>
        {
            message.WriteString("id"u8, response.ResponseId ?? "");
            message.WriteString("type"u8, "message"u8);
            message.WriteString("role"u8, "assistant"u8);
            message.WriteString("model"u8, response.Model ?? "");
            message.WriteArray("content"u8);
            message.WriteNull("stop_reason"u8);
            message.WriteNull("stop_sequence"u8);
            WriteUsage(message);
            WriteMetadata(message, static name => !IsOfUsage(name));
        }));
        _metadata.Clear();
    }

    private void WriteDelta(string? stopReason, string? stopSequence)
    {
        frames.Write("message_delta", writer =>
        {
            writer.WriteObject("delta", delta =>
            {
                delta.WriteString("stop_reason"u8, stopReason);
                delta.WriteString("stop_sequence"u8, stopSequence);
                WriteMetadata(delta, static name => !IsBesideDelta(name) && !IsOfUsage(name));
            });
            WriteUsage(writer);
            WriteMetadata(writer, IsBesideDelta);
        });
        _metadata.Clear();
    }

    private void WriteUsage(Utf8JsonWriter writer)
    {
        writer.WritePropertyName("usage"u8);
        AnthropicUsage.Write(writer, _usage, _metadata);
        _isUsageNew = false;
    }

    private void WriteMetadata(Utf8JsonWriter writer, Func<string, bool> belongs)
    {
        foreach (var metadata in _metadata.Where(metadata => belongs(metadata.Name)).DistinctBy(metadata => metadata.Name, StringComparer.Ordinal))
        {
            writer.WriteMember(metadata.Name, metadata.Value);
        }
    }

    private static bool IsOfUsage(string name) => name.StartsWith(AnthropicUsage.MetadataPrefix, StringComparison.Ordinal);

    private static bool IsBesideDelta(string name) => name == "context_management";
}
