using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Gemini;

/// <summary>Writes the body of a request: the options here, the conversation and the tools by writers of their own.</summary>
internal static class GeminiRequestWriter
{
    // Models before the third generation are told how many tokens to think with, and know no levels.
    private const int LowBudget = 1024;
    private const int MediumBudget = 8192;
    private const int HighBudget = 24_576;

    /// <exception cref="ArgumentException">The request holds something that the protocol has no form for; the message names it.</exception>
    public static void Write(StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output)
    {
        var model = RequestMembers.RequireModel(request, defaults);
        var options = request.Options ?? new ChatOptions();
        ThrowIfNotCarried(options);
        ExtraBody.Write(request.ExtraBody, output, writer =>
        {
            GeminiMessageWriter.WriteSystem(writer, messages, options.Instructions);
            new GeminiMessageWriter(writer, IsBeforeThirdGeneration(model)).Write(messages);
            GeminiToolWriter.Write(writer, options);
            WriteConfig(writer, options, options.MaxOutputTokens ?? defaults.MaxOutputTokens, model);
        });
    }

    private static bool IsBeforeThirdGeneration(string model) =>
        model.Contains("gemini-1", StringComparison.OrdinalIgnoreCase) || model.Contains("gemini-2", StringComparison.OrdinalIgnoreCase);

    private static void WriteConfig(Utf8JsonWriter writer, ChatOptions options, int? maxOutputTokens, string model)
    {
        (string Name, double? Value)[] numbers =
        [
            ("temperature", RequestMembers.Exact(options.Temperature)),
            ("topP", RequestMembers.Exact(options.TopP)),
            ("topK", options.TopK),
            ("maxOutputTokens", maxOutputTokens),
            ("seed", options.Seed),
            ("presencePenalty", RequestMembers.Exact(options.PresencePenalty)),
            ("frequencyPenalty", RequestMembers.Exact(options.FrequencyPenalty)),
        ];
        var stop = options.StopSequences is { Count: > 0 } sequences ? sequences : null;
        var json = options.ResponseFormat as ChatResponseFormatJson;
        var reasoning = options.Reasoning is { Effort: null, Output: null } ? null : options.Reasoning;
        if (stop is null && json is null && reasoning is null && Array.TrueForAll(numbers, number => number.Value is null))
        {
            return;
        }

        writer.WriteStartObject("generationConfig"u8);
        foreach (var (name, value) in numbers)
        {
            if (value is { } number)
            {
                writer.WriteNumber(name, number);
            }
        }

        RequestMembers.WriteTexts(writer, "stopSequences"u8, stop);
        WriteFormat(writer, json);
        WriteThinking(writer, reasoning, model);
        writer.WriteEndObject();
    }

    private static void WriteFormat(Utf8JsonWriter writer, ChatResponseFormatJson? format)
    {
        if (format is null)
        {
            return;
        }

        writer.WriteString("responseMimeType"u8, "application/json"u8);
        if (format.Schema is { } schema)
        {
            writer.WritePropertyName("responseJsonSchema"u8);
            SchemaWriter.WriteAnswer(writer, schema);
        }
    }

    private static void WriteThinking(Utf8JsonWriter writer, ReasoningOptions? reasoning, string model)
    {
        if (reasoning is null)
        {
            return;
        }

        writer.WriteStartObject("thinkingConfig"u8);
        if (reasoning.Output is { } shown)
        {
            writer.WriteBoolean("includeThoughts"u8, shown != ReasoningOutput.None);
        }

        var (level, budget) = reasoning.Effort switch
        {
            null => ((string?)null, (int?)null),
            ReasoningEffort.None => (null, 0),
            ReasoningEffort.Low => ("low", LowBudget),
            ReasoningEffort.Medium => ("medium", MediumBudget),
            _ => ("high", HighBudget),
        };
        if (level is not null && !IsBeforeThirdGeneration(model))
        {
            writer.WriteString("thinkingLevel"u8, level);
        }
        else if (budget is { } tokens)
        {
            writer.WriteNumber("thinkingBudget"u8, tokens);
        }

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
            throw new ArgumentException($"The protocol 'gemini' has no form for the option {name}.", nameof(options));
        }
    }
}
