using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Writes the body of a request: the options here, the conversation and the tools by writers of their own.</summary>
internal static class OpenAIResponsesRequestWriter
{
    private const string ConversationPrefix = "conv_";

    /// <summary>Writes a body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="messages">Its messages, normalized.</param>
    /// <param name="defaults">What to fill in where the request says nothing.</param>
    /// <param name="output">Where to write the JSON text.</param>
    /// <exception cref="ArgumentException">The request holds something that the protocol has no form for; the message names it.</exception>
    public static void Write(StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output)
    {
        var options = request.Options ?? new ChatOptions();
        ThrowIfNotCarried(options);
        ExtraBody.Write(request.ExtraBody, output, writer =>
        {
            RequestMembers.WriteModel(writer, request, defaults);
            WriteConversation(writer, options);
            new OpenAIResponsesInputWriter(writer).Write(messages);
            OpenAIResponsesToolWriter.Write(writer, options);
            WriteSampling(writer, options, options.MaxOutputTokens ?? defaults.MaxOutputTokens);
            WriteTextFormat(writer, options.ResponseFormat);
            WriteReasoning(writer, options.Reasoning);
            WriteInclude(writer, request);
            writer.WriteBoolean("stream"u8, value: true);
            if (options.AllowBackgroundResponses == true)
            {
                writer.WriteBoolean("background"u8, value: true);
            }
        });
    }

    private static void WriteConversation(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.ConversationId is { } id)
        {
            writer.WriteString(id.StartsWith(ConversationPrefix, StringComparison.Ordinal) ? "conversation"u8 : "previous_response_id"u8, id);
        }

        if (!string.IsNullOrEmpty(options.Instructions))
        {
            writer.WriteString("instructions"u8, options.Instructions);
        }
    }

    private static void WriteSampling(Utf8JsonWriter writer, ChatOptions options, int? maxOutputTokens)
    {
        if (maxOutputTokens is { } limit)
        {
            writer.WriteNumber("max_output_tokens"u8, limit);
        }

        if (options.Temperature is { } temperature)
        {
            writer.WriteNumber("temperature"u8, temperature);
        }

        if (options.TopP is { } topP)
        {
            writer.WriteNumber("top_p"u8, topP);
        }
    }

    private static void WriteTextFormat(Utf8JsonWriter writer, ChatResponseFormat? format)
    {
        if (format is null)
        {
            return;
        }

        writer.WriteStartObject("text"u8);
        writer.WriteStartObject("format"u8);
        if (format is ChatResponseFormatJson { Schema: { } schema } json)
        {
            writer.WriteString("type"u8, "json_schema"u8);
            writer.WriteString("name"u8, json.SchemaName ?? "response");
            if (json.SchemaDescription is { } description)
            {
                writer.WriteString("description"u8, description);
            }

            writer.WritePropertyName("schema"u8);
            SchemaWriter.WriteAnswer(writer, schema);
        }
        else
        {
            writer.WriteString("type"u8, format is ChatResponseFormatJson ? "json_object"u8 : "text"u8);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter writer, ReasoningOptions? reasoning)
    {
        if (reasoning is null or { Effort: null, Output: null or ReasoningOutput.None })
        {
            return;
        }

        writer.WriteStartObject("reasoning"u8);
        if (reasoning.Effort is { } effort)
        {
            writer.WriteString("effort"u8, effort switch
            {
                ReasoningEffort.None => "none",
                ReasoningEffort.Low => "low",
                ReasoningEffort.Medium => "medium",
                ReasoningEffort.High => "high",
                ReasoningEffort.ExtraHigh => "xhigh",
                _ => throw new ArgumentException($"The Responses API has no word for the reasoning effort {effort}.", nameof(reasoning)),
            });
        }

        if (reasoning.Output is ReasoningOutput.Summary or ReasoningOutput.Full)
        {
            writer.WriteString("summary"u8, reasoning.Output == ReasoningOutput.Full ? "detailed"u8 : "auto"u8);
        }

        writer.WriteEndObject();
    }

    // A response that the provider does not keep can be continued only with its reasoning, which it gives on demand. A model
    // that does not reason refuses the demand, so that only a request that speaks of reasoning makes it.
    private static void WriteInclude(Utf8JsonWriter writer, StreamRequest request)
    {
        var isStored = request.ExtraBody?["store"] is not { } store || store.GetValueKind() != JsonValueKind.False;
        if (!isStored && request.Options?.Reasoning is { Effort: not ReasoningEffort.None })
        {
            writer.WriteStartArray("include"u8);
            writer.WriteStringValue("reasoning.encrypted_content"u8);
            writer.WriteEndArray();
        }
    }

    private static void ThrowIfNotCarried(ChatOptions options)
    {
        var name = options switch
        {
            { TopK: not null } => nameof(options.TopK),
            { StopSequences.Count: > 0 } => nameof(options.StopSequences),
            { FrequencyPenalty: not null } => nameof(options.FrequencyPenalty),
            { PresencePenalty: not null } => nameof(options.PresencePenalty),
            { Seed: not null } => nameof(options.Seed),
            _ => null,
        };
        if (name is not null)
        {
            throw new ArgumentException($"The Responses API has no form for ChatOptions.{name}; a server that knows it takes it in ExtraBody.", nameof(options));
        }
    }
}
