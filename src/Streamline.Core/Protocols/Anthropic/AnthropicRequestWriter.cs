using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <summary>Writes the body of a request to the Messages API: everything but the messages themselves.</summary>
internal static class AnthropicRequestWriter
{
    // The API requires a limit. Every model that is offered today can write this much.
    private const int DefaultMaxOutputTokens = 8192;

    public static void Write(StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output) =>
        Write(request, messages, defaults, output, (writer, maxTokens) =>
        {
            RequestMembers.WriteModel(writer, request, defaults);
            writer.WriteNumber("max_tokens"u8, maxTokens);
            writer.WriteBoolean("stream"u8, value: true);
        });

    /// <summary>Writes a body for a server that is told of the model, and that it is to stream, in a way of its own.</summary>
    /// <param name="request">The request.</param>
    /// <param name="messages">Its messages, normalized.</param>
    /// <param name="defaults">What to fill in where the request says nothing.</param>
    /// <param name="output">Where to write the JSON text.</param>
    /// <param name="writeHead">Writes the members that stand first, of which one is the limit on output tokens.</param>
    public static void Write(
        StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output, Action<Utf8JsonWriter, int> writeHead)
    {
        var options = request.Options ?? new ChatOptions();
        ThrowIfUnsupported(options);
        ExtraBody.Write(request.ExtraBody, output, writer =>
        {
            writeHead(writer, options.MaxOutputTokens ?? defaults.MaxOutputTokens ?? DefaultMaxOutputTokens);
            WriteSystem(writer, messages, options.Instructions);
            AnthropicMessageWriter.Write(writer, messages);
            WriteSampling(writer, options);
            AnthropicToolWriter.Write(writer, options);
            WriteReasoning(writer, options.Reasoning);
            WriteOutputConfig(writer, options);
        });
    }

    // There is one place for instructions, before the conversation.
    private static void WriteSystem(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages, string? instructions)
    {
        List<AIContent> contents = [.. messages.Where(message => message.IsSystem()).SelectMany(message => message.Contents)];
        if (!string.IsNullOrEmpty(instructions))
        {
            contents.Insert(0, new TextContent(instructions));
        }

        if (contents.Find(content => content is not TextContent) is { } other)
        {
            throw new ArgumentException($"The protocol 'anthropic' accepts only text in system messages; found {other.GetType().Name}.", nameof(messages));
        }

        if (contents.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("system"u8);
        foreach (var content in contents)
        {
            AnthropicContentWriter.Write(writer, content);
        }

        writer.WriteEndArray();
    }

    private static void WriteSampling(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.Temperature is { } temperature)
        {
            writer.WriteNumber("temperature"u8, temperature);
        }

        if (options.TopP is { } topP)
        {
            writer.WriteNumber("top_p"u8, topP);
        }

        if (options.TopK is { } topK)
        {
            writer.WriteNumber("top_k"u8, topK);
        }

        RequestMembers.WriteTexts(writer, "stop_sequences"u8, options.StopSequences);
    }

    // The model decides how much it thinks, and effort guides it. Models before 4.6 want a budget in its place: that is for ExtraBody.
    private static void WriteReasoning(Utf8JsonWriter writer, ReasoningOptions? reasoning)
    {
        if (reasoning is null or { Effort: null, Output: null })
        {
            return;
        }

        writer.WriteStartObject("thinking"u8);
        if (reasoning.Effort == ReasoningEffort.None)
        {
            writer.WriteString("type"u8, "disabled"u8);
        }
        else
        {
            writer.WriteString("type"u8, "adaptive"u8);
            if (reasoning.Output is { } shown)
            {
                writer.WriteString("display"u8, shown == ReasoningOutput.None ? "omitted"u8 : "summarized"u8);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteOutputConfig(Utf8JsonWriter writer, ChatOptions options)
    {
        var effort = options.Reasoning?.Effort switch
        {
            ReasoningEffort.Low => "low",
            ReasoningEffort.Medium => "medium",
            ReasoningEffort.High => "high",
            ReasoningEffort.ExtraHigh => "xhigh",
            _ => null,
        };
        var schema = (options.ResponseFormat as ChatResponseFormatJson)?.Schema;
        if (effort is null && schema is null)
        {
            return;
        }

        writer.WriteStartObject("output_config"u8);
        if (effort is not null)
        {
            writer.WriteString("effort"u8, effort);
        }

        if (schema is { } json)
        {
            writer.WriteStartObject("format"u8);
            writer.WriteString("type"u8, "json_schema"u8);
            writer.WritePropertyName("schema"u8);
            SchemaWriter.WriteAnswer(writer, json);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void ThrowIfUnsupported(ChatOptions options)
    {
        var name = options switch
        {
            { FrequencyPenalty: not null } => nameof(options.FrequencyPenalty),
            { PresencePenalty: not null } => nameof(options.PresencePenalty),
            { Seed: not null } => nameof(options.Seed),
            { ConversationId: not null } => nameof(options.ConversationId),
            { AllowBackgroundResponses: true } => nameof(options.AllowBackgroundResponses),
            { ContinuationToken: not null } => nameof(options.ContinuationToken),
            { ResponseFormat: ChatResponseFormatJson { Schema: null } } => "ResponseFormat, which is JSON without a schema",
            _ => null,
        };
        if (name is not null)
        {
            throw new ArgumentException($"The protocol 'anthropic' has no form for the option {name}.", nameof(options));
        }
    }
}
