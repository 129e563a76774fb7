using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Ollama;

/// <summary>Writes the body of a request: the options and tools here, the conversation by a writer of its own.</summary>
internal static class OllamaRequestWriter
{
    /// <exception cref="ArgumentException">The request holds something that the protocol has no form for; the message names it.</exception>
    public static void Write(StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output)
    {
        var options = request.Options ?? new ChatOptions();
        ThrowIfNotCarried(options);
        ExtraBody.Write(request.ExtraBody, output, writer =>
        {
            RequestMembers.WriteModel(writer, request, defaults);
            OllamaMessageWriter.Write(writer, messages, options.Instructions);
            WriteTools(writer, options);
            WriteFormat(writer, options.ResponseFormat);
            WriteThink(writer, options.Reasoning);
            WriteOptions(writer, options, options.MaxOutputTokens ?? defaults.MaxOutputTokens);
            writer.WriteBoolean("stream"u8, true);
        });
    }

    // There is no choice among tools. To forbid them, a request does not offer them; that one is required is left out, as is that calls come one by one.
    private static void WriteTools(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools || options.ToolMode is NoneChatToolMode)
        {
            return;
        }

        writer.WritePropertyName("tools"u8);
        ToolWriter.WriteAll(writer, tools, OllamaProtocol.WireName, WriteTool);
    }

    private static void WriteTool(Utf8JsonWriter writer, AITool tool)
    {
        if (tool is not AIFunctionDeclaration function)
        {
            throw ToolWriter.Unsupported(tool, OllamaProtocol.WireName);
        }

        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        writer.WriteString("name"u8, function.Name);
        writer.WriteString("description"u8, function.Description ?? "");
        writer.WritePropertyName("parameters"u8);
        SchemaWriter.WriteParameters(writer, function.Name, function.JsonSchema);
        writer.WriteEndObject();
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
            SchemaWriter.WriteAnswer(writer, schema);
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
                    _ => throw new ArgumentException($"The protocol 'ollama' has no word for the reasoning effort {effort}.", nameof(reasoning)),
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
            ("temperature", RequestMembers.Exact(options.Temperature)),
            ("top_p", RequestMembers.Exact(options.TopP)),
            ("top_k", options.TopK),
            ("seed", options.Seed),
            ("frequency_penalty", RequestMembers.Exact(options.FrequencyPenalty)),
            ("presence_penalty", RequestMembers.Exact(options.PresencePenalty)),
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

        RequestMembers.WriteTexts(writer, "stop"u8, stop);
        writer.WriteEndObject();
    }

    private static void ThrowIfNotCarried(ChatOptions options)
    {
        var name = options switch
        {
            { ConversationId: not null } => nameof(options.ConversationId),
            { ContinuationToken: not null } => nameof(options.ContinuationToken),
            { AllowBackgroundResponses: true } => nameof(options.AllowBackgroundResponses),
            _ => null,
        };
        if (name is not null)
        {
            throw new ArgumentException($"The protocol 'ollama' has no form for the option {name}.", nameof(options));
        }
    }
}
