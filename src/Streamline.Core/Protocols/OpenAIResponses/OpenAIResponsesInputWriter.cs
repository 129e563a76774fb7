using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Writes the conversation of one request as the items of <c>input</c>, in order. What came over this wire goes back as it came.</summary>
internal sealed class OpenAIResponsesInputWriter
{
    private static readonly ChatRole Developer = new("developer");

    private readonly Utf8JsonWriter _writer;
    private readonly IReadOnlyList<ChatMessage> _messages;
    private readonly HashSet<string> _answered;
    private readonly HashSet<string> _customCalls = new(StringComparer.Ordinal);

    public OpenAIResponsesInputWriter(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages)
    {
        _writer = writer;
        _messages = messages;
        _answered = messages.SelectMany(message => message.Contents.OfType<FunctionResultContent>()).Select(result => result.CallId).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Writes the items.</summary>
    /// <exception cref="ArgumentException">A message holds something that the wire cannot carry.</exception>
    public void Write()
    {
        _writer.WriteStartArray("input"u8);
        foreach (var message in _messages)
        {
            WriteMessage(message);
        }

        _writer.WriteEndArray();
    }

    private void WriteMessage(ChatMessage message)
    {
        if (message.Role == ChatRole.Assistant)
        {
            WriteAssistant(message);
        }
        else if (message.Role == ChatRole.User || message.Role == ChatRole.System || message.Role == Developer || message.Role == ChatRole.Tool)
        {
            WriteInput(message);
        }
        else
        {
            throw new ArgumentException($"The Responses API cannot carry a message of the role '{message.Role}'.", nameof(message));
        }
    }

    // Outputs of tools and items that the application made stand before what the user says in the same message.
    private void WriteInput(ChatMessage message)
    {
        List<AIContent> parts = [];
        foreach (var content in message.Contents)
        {
            var raw = content.RawBlock(OpenAIResponsesProtocol.WireName);
            if (content is FunctionResultContent result)
            {
                WriteResult(result);
            }
            else if (raw is { } item && !OpenAIResponsesContent.IsInputPart(item))
            {
                ContentValues.WriteVerbatim(_writer, item);
            }
            else if (content is not UsageContent && (raw is not null || !content.IsProvidersOwn()))
            {
                parts.Add(content);
            }
        }

        if (parts.Count == 0)
        {
            return;
        }

        if (message.Role == ChatRole.Tool)
        {
            throw OpenAIResponsesContent.NotCarried(parts[0], message.Role);
        }

        _writer.WriteStartObject();
        _writer.WriteString("type"u8, "message"u8);
        _writer.WriteString("role"u8, message.Role.Value);
        OpenAIResponsesContent.WriteParts(_writer, "content"u8, parts, message.Role);
        _writer.WriteEndObject();
    }

    private void WriteResult(FunctionResultContent result)
    {
        if (result.RawBlock(OpenAIResponsesProtocol.WireName) is { } raw)
        {
            ContentValues.WriteVerbatim(_writer, raw);
            return;
        }

        _writer.WriteStartObject();
        _writer.WriteString("type"u8, _customCalls.Contains(result.CallId) ? "custom_tool_call_output"u8 : "function_call_output"u8);
        _writer.WriteString("call_id"u8, result.CallId);
        if (result.Contents(OpenAIResponsesProtocol.WireName) is not { } parts)
        {
            _writer.WriteString("output"u8, result.Text());
        }
        else
        {
            OpenAIResponsesContent.WriteParts(_writer, "output"u8, parts, ChatRole.Tool);
        }

        _writer.WriteEndObject();
    }

    private void WriteAssistant(ChatMessage message)
    {
        var items = ItemsOf(message.Contents).Where(IsSent).ToList();

        // The wire refuses reasoning without the item that it led to, as a cut answer has it.
        var count = items.FindLastIndex(item => item[0] is not TextReasoningContent) + 1;
        foreach (var item in items.Take(count))
        {
            WriteItem(item);
        }
    }

    /// <summary>Puts contents together that are parts of one item: those that follow each other and name the same one.</summary>
    private static IEnumerable<List<AIContent>> ItemsOf(IEnumerable<AIContent> contents)
    {
        List<AIContent> item = [];
        foreach (var content in contents)
        {
            if (item.Count > 0 && (PartsItemId(content) is not { } id || PartsItemId(item[0]) != id))
            {
                yield return item;
                item = [];
            }

            item.Add(content);
        }

        if (item.Count > 0)
        {
            yield return item;
        }
    }

    private static string? PartsItemId(AIContent content) =>
        content.RawBlock(OpenAIResponsesProtocol.WireName) is { } raw && OpenAIResponsesContent.IsOfParts(raw) ? raw.NonEmptyText("id"u8) : null;

    private bool IsSent(List<AIContent> item) => item[0] switch
    {
        // A call that was cut off before its end cannot be answered, and the wire refuses one without an answer.
        FunctionCallContent call => !call.InformationalOnly || _answered.Contains(call.CallId),

        // The item of a provider's call comes whole, with its result.
        ToolCallContent or UsageContent => false,
        var content when content.RawBlock(OpenAIResponsesProtocol.WireName) is not null => true,

        // The reasoning of another provider means nothing to this one.
        TextReasoningContent => false,
        TextContent text => text.Text.Length > 0,
        ErrorContent => true,
        var content => !content.IsProvidersOwn(),
    };

    private void WriteItem(List<AIContent> parts)
    {
        var raw = parts[^1].RawBlock(OpenAIResponsesProtocol.WireName);
        switch (parts[0])
        {
            case FunctionCallContent call:
                WriteCall(call, raw);
                break;
            case var _ when raw is { } item && OpenAIResponsesContent.IsOfParts(item):
                OpenAIResponsesContent.WriteItem(_writer, item, parts);
                break;
            case var _ when raw is { } item:
                ContentValues.WriteVerbatim(_writer, item);
                break;
            default:
                OpenAIResponsesContent.WriteAnswer(_writer, parts[0]);
                break;
        }
    }

    private void WriteCall(FunctionCallContent call, JsonElement? raw)
    {
        var isCustom = raw?.Text("type"u8) == OpenAIResponsesItemTypes.CustomToolCall;
        _writer.WriteStartObject();
        if (raw is { } envelope)
        {
            foreach (var member in envelope.EnumerateObject())
            {
                _writer.WritePropertyName(member.Name);
                ContentValues.WriteVerbatim(_writer, member.Value);
            }
        }
        else
        {
            _writer.WriteString("type"u8, OpenAIResponsesItemTypes.FunctionCall);
            _writer.WriteString("call_id"u8, call.CallId);
            _writer.WriteString("name"u8, call.Name);
        }

        // The text that the model wrote, whether or not it parses.
        _writer.WriteString(isCustom ? "input"u8 : "arguments"u8, isCustom ? FreeFormInput.Of(call) : ArgumentValues.Text(call));
        if (raw?.Text("status"u8) is null)
        {
            _writer.WriteString("status"u8, "completed"u8); // one that the pipeline ran is informational to a chat client only
        }

        _writer.WriteEndObject();
        if (isCustom)
        {
            _customCalls.Add(call.CallId);
        }
    }
}
