using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Writes the body of a request: the options here, the conversation and the tools by writers of their own.</summary>
internal static class OpenAIChatRequestWriter
{
    /// <summary>Writes a body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="messages">Its messages, normalized.</param>
    /// <param name="defaults">What to fill in where the request says nothing.</param>
    /// <param name="server">What is known of the server.</param>
    /// <param name="output">Where to write the JSON text.</param>
    /// <exception cref="ArgumentException">The request holds something that the protocol has no form for; the message names it.</exception>
    public static void Write(
        StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, OpenAIChatServer server, IBufferWriter<byte> output)
    {
        var options = request.Options ?? new ChatOptions();
        ThrowIfNotCarried(options);
        ExtraBody.Write(request.ExtraBody, output, writer =>
        {
            RequestMembers.WriteModel(writer, request, defaults);
            new OpenAIChatMessageWriter(writer, messages, server).Write(options.Instructions);
            OpenAIChatToolWriter.Write(writer, options);
            WriteLimits(writer, request, options, server.MaxTokensMember, options.MaxOutputTokens ?? defaults.MaxOutputTokens);
            WriteSampling(writer, options);
            WriteResponseFormat(writer, options);
            WriteReasoning(writer, options.Reasoning);
            writer.WriteBoolean("stream"u8, true);
            if (server.AsksForUsage)
            {
                writer.WriteStartObject("stream_options"u8);
                writer.WriteBoolean("include_usage"u8, true);
                writer.WriteEndObject();
            }
        });
    }

    private static void WriteLimits(Utf8JsonWriter writer, StreamRequest request, ChatOptions options, string member, int? maxOutputTokens)
    {
        // `max_tokens` in the extra body is how an application says that its server knows only the old name.
        if (maxOutputTokens is { } limit && request.ExtraBody?.ContainsKey("max_tokens") != true)
        {
            writer.WriteNumber(member, limit);
        }

        RequestMembers.WriteTexts(writer, "stop"u8, options.StopSequences);
    }

    private static void WriteSampling(Utf8JsonWriter writer, ChatOptions options)
    {
        WriteNumber(writer, "temperature", options.Temperature);
        WriteNumber(writer, "top_p", options.TopP);
        WriteNumber(writer, "frequency_penalty", options.FrequencyPenalty);
        WriteNumber(writer, "presence_penalty", options.PresencePenalty);
        if (options.Seed is { } seed)
        {
            writer.WriteNumber("seed"u8, seed);
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, float? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static void WriteResponseFormat(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.ResponseFormat is not { } format)
        {
            return;
        }

        writer.WriteStartObject("response_format"u8);
        if (format is ChatResponseFormatJson { Schema: { } schema } json)
        {
            writer.WriteString("type"u8, "json_schema"u8);
            writer.WriteStartObject("json_schema"u8);
            writer.WriteString("name"u8, json.SchemaName ?? "response");
            if (json.SchemaDescription is { } description)
            {
                writer.WriteString("description"u8, description);
            }

            writer.WritePropertyName("schema"u8);
            SchemaWriter.WriteAnswer(writer, schema);
            if (options.AdditionalProperties?.GetValueOrDefault(ToolWriter.Strict) is bool isStrict)
            {
                writer.WriteBoolean("strict"u8, isStrict);
            }

            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("type"u8, format is ChatResponseFormatJson ? "json_object"u8 : "text"u8);
        }

        writer.WriteEndObject();
    }

    // How much of the reasoning is shown cannot be asked for here; the options are best effort by their contract.
    private static void WriteReasoning(Utf8JsonWriter writer, ReasoningOptions? reasoning)
    {
        if (reasoning?.Effort is not { } effort)
        {
            return;
        }

        writer.WriteString("reasoning_effort"u8, effort switch
        {
            ReasoningEffort.None => "none",
            ReasoningEffort.Low => "low",
            ReasoningEffort.Medium => "medium",
            ReasoningEffort.High => "high",
            ReasoningEffort.ExtraHigh => "xhigh",
            _ => throw new ArgumentException($"Chat Completions has no word for the reasoning effort {effort}.", nameof(reasoning)),
        });
    }

    private static void ThrowIfNotCarried(ChatOptions options)
    {
        ThrowIf(options, options.TopK is not null, "TopK; a compatible server that knows it takes `top_k` in ExtraBody");
        ThrowIf(options, options.ConversationId is not null, "ConversationId");
        ThrowIf(options, options.ContinuationToken is not null, "ContinuationToken");
        ThrowIf(options, options.AllowBackgroundResponses == true, "AllowBackgroundResponses");
    }

    private static void ThrowIf(ChatOptions options, bool isSet, string what)
    {
        if (isSet)
        {
            throw new ArgumentException($"Chat Completions has no form for ChatOptions.{what}.", nameof(options));
        }
    }
}
