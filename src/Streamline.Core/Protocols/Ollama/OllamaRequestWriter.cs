using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Ollama;

/// <summary>Writes the body of a request: the options and tools here, the conversation by a writer of its own.</summary>
internal static class OllamaRequestWriter
{
    /// <exception cref="ArgumentException">The request holds something that the wire cannot carry; the message names it.</exception>
    public static void Write(StreamRequest request, StreamRequestDefaults defaults, IBufferWriter<byte> output)
    {
        var options = request.Options ?? new ChatOptions();
        ThrowIfNotCarried(options);
        ExtraBody.Write(request.ExtraBody, output, writer =>
        {
            WriteModel(writer, request, options.ModelId ?? defaults.Model);
            OllamaMessageWriter.Write(writer, request.Messages, options.Instructions);
            WriteTools(writer, options);
            WriteFormat(writer, options.ResponseFormat);
            WriteThink(writer, options.Reasoning);
            WriteOptions(writer, options, options.MaxOutputTokens ?? defaults.MaxOutputTokens);
            writer.WriteBoolean("stream"u8, true);
        });
    }

    private static void WriteModel(Utf8JsonWriter writer, StreamRequest request, string? model)
    {
        if (model is not null)
        {
            writer.WriteString("model"u8, model);
        }
        else if (request.ExtraBody?.ContainsKey("model") != true)
        {
            throw new ArgumentException("The request names no model and the client has no default one: set ChatOptions.ModelId.", nameof(request));
        }
    }

    // The wire has no choice of tools: that the model may not use them is said by not offering them.
    private static void WriteTools(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools || options.ToolMode is NoneChatToolMode)
        {
            return;
        }

        writer.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            if (tool is not AIFunctionDeclaration function)
            {
                throw new ArgumentException($"The wire 'ollama' cannot carry the tool '{tool.Name}' of the type {tool.GetType().Name}.", nameof(options));
            }

            writer.WriteStartObject();
            writer.WriteString("type"u8, "function"u8);
            writer.WriteStartObject("function"u8);
            writer.WriteString("name"u8, function.Name);
            writer.WriteString("description"u8, function.Description ?? "");
            writer.WritePropertyName("parameters"u8);
            FunctionSchema.Write(writer, function.JsonSchema);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteFormat(Utf8JsonWriter writer, ChatResponseFormat? format)
    {
        if (format is not ChatResponseFormatJson json)
        {
            return;
        }

        writer.WritePropertyName("format"u8);
        if (json.Schema is { } schema)
        {
            schema.WriteTo(writer);
        }
        else
        {
            writer.WriteStringValue("json"u8);
        }
    }

    private static void WriteThink(Utf8JsonWriter writer, ReasoningOptions? reasoning)
    {
        switch (reasoning)
        {
            case null or { Effort: null, Output: null }:
                break;
            case { Effort: ReasoningEffort.None }:
                writer.WriteBoolean("think"u8, false);
                break;
            case { Effort: { } effort }:
                writer.WriteString("think"u8, effort switch
                {
                    ReasoningEffort.Low => "low",
                    ReasoningEffort.Medium => "medium",
                    ReasoningEffort.High => "high",
                    ReasoningEffort.ExtraHigh => "max",
                    _ => throw new ArgumentException($"The wire 'ollama' has no word for the reasoning effort {effort}.", nameof(reasoning)),
                });
                break;
            default:
                writer.WriteBoolean("think"u8, reasoning.Output != ReasoningOutput.None);
                break;
        }
    }

    private static void WriteOptions(Utf8JsonWriter writer, ChatOptions options, int? maxOutputTokens)
    {
        (string Name, double? Value)[] numbers =
        [
            ("num_predict", maxOutputTokens),
            ("temperature", Exact(options.Temperature)),
            ("top_p", Exact(options.TopP)),
            ("top_k", options.TopK),
            ("seed", options.Seed),
            ("frequency_penalty", Exact(options.FrequencyPenalty)),
            ("presence_penalty", Exact(options.PresencePenalty)),
        ];
        var stop = options.StopSequences is { Count: > 0 } sequences ? sequences : null;
        if (stop is null && Array.TrueForAll(numbers, number => number.Value is null))
        {
            return;
        }

        writer.WriteStartObject("options"u8);
        foreach (var (name, value) in numbers)
        {
            if (value is { } number)
            {
                writer.WriteNumber(name, number);
            }
        }

        if (stop is not null)
        {
            writer.WriteStartArray("stop"u8);
            foreach (var sequence in stop)
            {
                writer.WriteStringValue(sequence);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    // As the figure was meant: 0.7 and not the float that is nearest to it.
    private static double? Exact(float? value) => value is { } number ? (double)(decimal)number : null;

    private static void ThrowIfNotCarried(ChatOptions options)
    {
        var name = options switch
        {
            { ConversationId: not null } => nameof(options.ConversationId),
            { ContinuationToken: not null } => nameof(options.ContinuationToken),
            { AllowBackgroundResponses: true } => nameof(options.AllowBackgroundResponses),
            { AllowMultipleToolCalls: false } => nameof(options.AllowMultipleToolCalls),
            { ToolMode: RequiredChatToolMode } => "ToolMode, which requires a tool",
            _ => null,
        };
        if (name is not null)
        {
            throw new ArgumentException($"The wire 'ollama' cannot carry the option {name}.", nameof(options));
        }
    }
}
