using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>Writes the body of a request to <c>ConverseStream</c>: the options here, the conversation and the tools by writers of their own.</summary>
internal static class BedrockRequestWriter
{
    /// <exception cref="ArgumentException">The request holds something that the protocol has no form for; the message names it.</exception>
    public static void Write(StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output)
    {
        var options = request.Options ?? new ChatOptions();
        ThrowIfNotCarried(options);
        ExtraBody.Write(request.ExtraBody, output, writer =>
        {
            var conversation = new BedrockMessageWriter(writer);
            conversation.WriteSystem(messages, options.Instructions);
            conversation.Write(messages, BedrockToolWriter.AreOffered(options) || request.ExtraBody?.ContainsKey("toolConfig") == true);
            WriteInference(writer, options, options.MaxOutputTokens ?? defaults.MaxOutputTokens);
            BedrockToolWriter.Write(writer, options);
            WriteOutput(writer, options);
        });
    }

    private static void WriteInference(Utf8JsonWriter writer, ChatOptions options, int? maxTokens)
    {
        if (options is { Temperature: null, TopP: null, StopSequences: null or { Count: 0 } } && maxTokens is null)
        {
            return;
        }

        writer.WriteStartObject("inferenceConfig"u8);
        if (maxTokens is { } limit)
        {
            writer.WriteNumber("maxTokens"u8, limit);
        }

        if (options.Temperature is { } temperature)
        {
            writer.WriteNumber("temperature"u8, temperature);
        }

        if (options.TopP is { } topP)
        {
            writer.WriteNumber("topP"u8, topP);
        }

        RequestMembers.WriteTexts(writer, "stopSequences"u8, options.StopSequences);
        writer.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter writer, ChatOptions options)
    {
        var effort = options.Reasoning?.Effort switch
        {
            ReasoningEffort.Low => "low",
            ReasoningEffort.Medium => "medium",
            ReasoningEffort.High => "high",
            ReasoningEffort.ExtraHigh => "xhigh",
            _ => null,
        };
        var format = options.ResponseFormat as ChatResponseFormatJson;
        if (effort is null && format is null)
        {
            return;
        }

        writer.WriteStartObject("outputConfig"u8);
        if (format?.Schema is { } schema)
        {
            WriteFormat(writer, format, schema);
        }

        if (effort is not null)
        {
            writer.WriteString("effort"u8, effort);
        }

        writer.WriteEndObject();
    }

    private static void WriteFormat(Utf8JsonWriter writer, ChatResponseFormatJson format, JsonElement schema)
    {
        writer.WriteStartObject("textFormat"u8);
        writer.WriteString("type"u8, "json_schema"u8);
        writer.WriteStartObject("structure"u8);
        writer.WriteStartObject("jsonSchema"u8);

        // A text, and not a value.
        writer.WriteString("schema"u8, SchemaWriter.AnswerText(schema));
        if (!string.IsNullOrEmpty(format.SchemaName))
        {
            writer.WriteString("name"u8, format.SchemaName);
        }

        if (!string.IsNullOrEmpty(format.SchemaDescription))
        {
            writer.WriteString("description"u8, format.SchemaDescription);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void ThrowIfNotCarried(ChatOptions options)
    {
        var name = options switch
        {
            { TopK: not null } => $"{nameof(options.TopK)}; what the model calls it goes into additionalModelRequestFields of ExtraBody",
            { FrequencyPenalty: not null } => nameof(options.FrequencyPenalty),
            { PresencePenalty: not null } => nameof(options.PresencePenalty),
            { Seed: not null } => nameof(options.Seed),
            { Reasoning.Effort: ReasoningEffort.None } or { Reasoning.Output: not null } =>
                "Reasoning but for an effort; what the model calls it goes into additionalModelRequestFields of ExtraBody",
            { ConversationId: not null } => nameof(options.ConversationId),
            { AllowBackgroundResponses: true } => nameof(options.AllowBackgroundResponses),
            { ContinuationToken: not null } => nameof(options.ContinuationToken),
            { ResponseFormat: ChatResponseFormatJson { Schema: null } } => "ResponseFormat, which is JSON without a schema",
            _ => null,
        };
        if (name is not null)
        {
            throw new ArgumentException($"The protocol 'bedrock' has no form for the option {name}.", nameof(options));
        }
    }
}
