using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Cohere;

/// <summary>Writes the body of a request: the options here, the conversation and the tools by writers of their own.</summary>
internal static class CohereRequestWriter
{
    /// <exception cref="ArgumentException">The request holds something that the protocol has no form for; the message names it.</exception>
    public static void Write(StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output)
    {
        var options = request.Options ?? new ChatOptions();
        ThrowIfUnsupported(options);
        ExtraBody.Write(request.ExtraBody, output, writer =>
        {
            RequestMembers.WriteModel(writer, request, defaults);
            new CohereMessageWriter(writer).Write(messages, options.Instructions);
            CohereToolWriter.Write(writer, options);
            WriteSampling(writer, options, options.MaxOutputTokens ?? defaults.MaxOutputTokens);
            WriteResponseFormat(writer, options.ResponseFormat);
            WriteThinking(writer, options.Reasoning);
            writer.WriteBoolean("stream"u8, value: true);
        });
    }

    private static void WriteSampling(Utf8JsonWriter writer, ChatOptions options, int? maxTokens)
    {
        WriteNumber(writer, "max_tokens", maxTokens);
        WriteNumber(writer, "temperature", options.Temperature);
        WriteNumber(writer, "p", options.TopP);
        WriteNumber(writer, "k", options.TopK);
        WriteNumber(writer, "frequency_penalty", options.FrequencyPenalty);
        WriteNumber(writer, "presence_penalty", options.PresencePenalty);
        if (options.Seed is { } seed)
        {
            writer.WriteNumber("seed"u8, seed);
        }

        RequestMembers.WriteTexts(writer, "stop_sequences"u8, options.StopSequences);
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, float? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static void WriteResponseFormat(Utf8JsonWriter writer, ChatResponseFormat? format)
    {
        if (format is null)
        {
            return;
        }

        writer.WriteStartObject("response_format"u8);
        writer.WriteString("type"u8, format is ChatResponseFormatJson ? "json_object"u8 : "text"u8);
        if (format is ChatResponseFormatJson { Schema: { } schema })
        {
            writer.WritePropertyName("json_schema"u8);
            SchemaWriter.WriteAnswer(writer, schema);
        }

        writer.WriteEndObject();
    }

    // The API has no levels of effort. How much of the reasoning is shown cannot be asked for; the options are best effort by their contract.
    private static void WriteThinking(Utf8JsonWriter writer, ReasoningOptions? reasoning)
    {
        if (reasoning?.Effort is not { } effort)
        {
            return;
        }

        writer.WriteStartObject("thinking"u8);
        writer.WriteString("type"u8, effort == ReasoningEffort.None ? "disabled"u8 : "enabled"u8);
        writer.WriteEndObject();
    }

    private static void ThrowIfUnsupported(ChatOptions options)
    {
        var name = options switch
        {
            { ConversationId: not null } => nameof(options.ConversationId),
            { AllowBackgroundResponses: true } => nameof(options.AllowBackgroundResponses),
            { ContinuationToken: not null } => nameof(options.ContinuationToken),
            _ => null,
        };
        if (name is not null)
        {
            throw new ArgumentException($"The protocol 'cohere' does not support the option {name}.", nameof(options));
        }
    }
}
