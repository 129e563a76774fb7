using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Writes the body of a request: the options here, the conversation and the tools by writers of their own.</summary>
internal static class InteractionsRequestWriter
{
    /// <summary>The member that names an agent in place of a model.</summary>
    public const string Agent = "agent";

    /// <exception cref="ArgumentException">The request holds something that the protocol has no form for; the message names it.</exception>
    public static void Write(StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output)
    {
        var options = request.Options ?? new ChatOptions();
        ThrowIfNotCarried(options);
        ExtraBody.Write(request.ExtraBody, output, writer =>
        {
            // An agent chooses its model.
            if (request.ExtraBody?.ContainsKey(Agent) != true)
            {
                RequestMembers.WriteModel(writer, request, defaults);
            }

            if (options.ConversationId is { } previous)
            {
                writer.WriteString("previous_interaction_id"u8, previous);
            }

            var input = new InteractionsInputWriter(writer);
            input.WriteSystem(messages, options.Instructions);
            input.Write(messages);
            InteractionsToolWriter.Write(writer, options);
            WriteConfig(writer, options, options.MaxOutputTokens ?? defaults.MaxOutputTokens);
            WriteFormat(writer, options.ResponseFormat as ChatResponseFormatJson);
            if (options.AllowBackgroundResponses == true)
            {
                writer.WriteBoolean("background"u8, value: true);
            }

            writer.WriteBoolean("stream"u8, value: true);
        });
    }

    private static void WriteConfig(Utf8JsonWriter writer, ChatOptions options, int? maxOutputTokens)
    {
        (string Name, double? Value)[] numbers =
        [
            ("temperature", RequestMembers.Exact(options.Temperature)),
            ("top_p", RequestMembers.Exact(options.TopP)),
            ("max_output_tokens", maxOutputTokens),
            ("seed", options.Seed),
        ];
        var choice = InteractionsToolWriter.ChoiceOf(options);
        var (level, summaries) = (LevelOf(options.Reasoning?.Effort), SummariesOf(options.Reasoning?.Output));
        if (options.StopSequences is not { Count: > 0 } && choice is null && level is null && summaries is null && Array.TrueForAll(numbers, number => number.Value is null))
        {
            return;
        }

        writer.WriteStartObject("generation_config"u8);
        foreach (var (name, value) in numbers)
        {
            if (value is { } number)
            {
                writer.WriteNumber(name, number);
            }
        }

        RequestMembers.WriteTexts(writer, "stop_sequences"u8, options.StopSequences);
        WriteText(writer, "thinking_level"u8, level);
        WriteText(writer, "thinking_summaries"u8, summaries);
        InteractionsToolWriter.WriteChoice(writer, choice);
        writer.WriteEndObject();
    }

    private static string? LevelOf(ReasoningEffort? effort) => effort switch
    {
        null => null,
        ReasoningEffort.None => "minimal",
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        _ => "high",
    };

    private static string? SummariesOf(ReasoningOutput? shown) => shown is null ? null : shown == ReasoningOutput.None ? "none" : "auto";

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static void WriteFormat(Utf8JsonWriter writer, ChatResponseFormatJson? format)
    {
        if (format is null)
        {
            return;
        }

        writer.WriteStartObject("response_format"u8);
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("mime_type"u8, "application/json"u8);
        if (format.Schema is { } schema)
        {
            writer.WritePropertyName("schema"u8);
            SchemaWriter.WriteAnswer(writer, schema);
        }

        writer.WriteEndObject();
    }

    private static void ThrowIfNotCarried(ChatOptions options)
    {
        var name = options switch
        {
            { TopK: not null } => nameof(options.TopK),
            { FrequencyPenalty: not null } => nameof(options.FrequencyPenalty),
            { PresencePenalty: not null } => nameof(options.PresencePenalty),
            _ => null,
        };
        if (name is not null)
        {
            throw new ArgumentException($"The protocol '{InteractionsProtocol.ProtocolName}' has no form for the option {name}.", nameof(options));
        }
    }
}
