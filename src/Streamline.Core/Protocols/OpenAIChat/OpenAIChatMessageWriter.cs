using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Writes the conversation of one request.</summary>
/// <remarks>The wire wants the result of every call in a message of its own, right after the message of the assistant that made the call.</remarks>
internal sealed class OpenAIChatMessageWriter
{
    private static readonly ChatRole Developer = new("developer");
    private static readonly string[] Members =
        ["role", "name", "content", "refusal", "tool_calls", "tool_call_id", "reasoning", "reasoning_content", "reasoning_details", "annotations"];

    private readonly Utf8JsonWriter _writer;
    private readonly IReadOnlyList<ChatMessage> _messages;
    private readonly Dictionary<string, Queue<FunctionResultContent>> _results = new(StringComparer.Ordinal);
    private readonly HashSet<FunctionResultContent> _written = new(ReferenceEqualityComparer.Instance);
    private readonly List<FunctionResultContent> _withMedia = [];

    private readonly OpenAIChatServer _server;

    /// <summary>Initializes a new instance of the <see cref="OpenAIChatMessageWriter"/> class.</summary>
    /// <param name="writer">The writer, inside the body.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="server">What is known of the server.</param>
    public OpenAIChatMessageWriter(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages, OpenAIChatServer server)
    {
        _server = server;
        _writer = writer;
        _messages = messages;
        foreach (var result in messages.SelectMany(message => message.Contents.OfType<FunctionResultContent>()))
        {
            if (!_results.TryGetValue(result.CallId, out var queue))
            {
                _results.Add(result.CallId, queue = []);
            }

            queue.Enqueue(result);
        }
    }

    /// <summary>Gets the members of messages that are made of their contents.</summary>
    public static ReadOnlySpan<string> OwnMembers => Members;

    /// <summary>Writes the messages.</summary>
    /// <param name="instructions">What comes before them; <see langword="null"/> for nothing.</param>
    /// <exception cref="ArgumentException">A message holds something that the wire cannot carry.</exception>
    public void Write(string? instructions)
    {
        _writer.WriteStartArray("messages"u8);
        if (!string.IsNullOrEmpty(instructions))
        {
            _writer.WriteStartObject();
            _writer.WriteString("role"u8, "system"u8);
            _writer.WriteString("content"u8, instructions);
            _writer.WriteEndObject();
        }

        foreach (var message in _messages)
        {
            WriteMessage(message);
            WriteMediaOfResults();
        }

        _writer.WriteEndArray();
    }

    private void WriteMessage(ChatMessage message)
    {
        if (message.Role == ChatRole.Assistant)
        {
            WriteAssistant(message);
            return;
        }

        foreach (var result in message.Contents.OfType<FunctionResultContent>().Where(result => !_written.Contains(result)))
        {
            WriteResult(result);
        }

        WriteMediaOfResults();
        var contents = message.Contents.Where(content => content is not (FunctionResultContent or UsageContent) && (OpenAIChatContent.IsRaw(content) || !content.IsProvidersOwn())).ToList();
        if (message.Role == ChatRole.User)
        {
            WriteUser(message, contents);
        }
        else if (message.Role == ChatRole.System || message.Role == Developer)
        {
            StartMessage(message);
            OpenAIChatContent.Write(_writer, contents, message.Role);
            _writer.WriteEndObject();
        }
        else if (message.Role != ChatRole.Tool)
        {
            throw new ArgumentException($"Chat Completions cannot carry a message of the role '{message.Role}'.", nameof(message));
        }
        else if (contents.Count > 0)
        {
            throw OpenAIChatContent.NotCarried(contents[0], message.Role);
        }
    }

    private void WriteUser(ChatMessage message, List<AIContent> contents)
    {
        if (contents.Count == 0)
        {
            return;
        }

        StartMessage(message);
        if (contents is [TextContent single] && !OpenAIChatContent.IsRaw(single))
        {
            _writer.WriteString("content"u8, single.Text);
        }
        else
        {
            _writer.WriteStartArray("content"u8);
            foreach (var content in contents)
            {
                OpenAIChatContent.WritePart(_writer, content);
            }

            _writer.WriteEndArray();
        }

        _writer.WriteEndObject();
    }

    private void WriteAssistant(ChatMessage message)
    {
        var parts = new OpenAIChatAssistantMessage(message, isAnswered: _results.ContainsKey, _server);
        if (parts.IsEmpty)
        {
            return;
        }

        StartMessage(message);
        parts.WriteMembers(_writer);
        _writer.WriteEndObject();
        foreach (var call in parts.Calls)
        {
            if (_results.TryGetValue(call.CallId, out var queue) && queue.TryDequeue(out var result))
            {
                WriteResult(result);
            }
        }
    }

    private void WriteResult(FunctionResultContent result)
    {
        _written.Add(result);
        if (result.RawBlock(OpenAIChatProtocol.WireName) is { } raw)
        {
            WriteRawResult(raw, result.CallId);
            return;
        }

        _writer.WriteStartObject();
        _writer.WriteString("role"u8, "tool"u8);
        _writer.WriteString("tool_call_id"u8, _server.IdOf(result.CallId));
        OpenAIChatContent.WriteResult(_writer, result);
        _writer.WriteEndObject();
        if (OpenAIChatContent.MediaOf(result).Any())
        {
            _withMedia.Add(result);
        }
    }

    private void WriteRawResult(JsonElement raw, string callId)
    {
        _writer.WriteStartObject();
        foreach (var member in raw.EnumerateObject())
        {
            _writer.WritePropertyName(member.Name);
            if (member.Name == "tool_call_id")
            {
                _writer.WriteStringValue(_server.IdOf(callId));
            }
            else
            {
                ContentValues.WriteVerbatim(_writer, member.Value);
            }
        }

        _writer.WriteEndObject();
    }

    // A result is a text on this wire. What else it holds follows when all results of the round have been written, for nothing may stand between them.
    private void WriteMediaOfResults()
    {
        foreach (var result in _withMedia)
        {
            _writer.WriteStartObject();
            _writer.WriteString("role"u8, "user"u8);
            _writer.WriteStartArray("content"u8);
            OpenAIChatContent.WritePart(_writer, new TextContent($"Of the result of the call {result.CallId}:"));
            foreach (var content in OpenAIChatContent.MediaOf(result))
            {
                OpenAIChatContent.WritePart(_writer, content);
            }

            _writer.WriteEndArray();
            _writer.WriteEndObject();
        }

        _withMedia.Clear();
    }

    private void StartMessage(ChatMessage message)
    {
        _writer.WriteStartObject();
        _writer.WriteString("role"u8, message.Role.Value);
        if (!string.IsNullOrEmpty(message.AuthorName))
        {
            _writer.WriteString("name"u8, message.AuthorName);
        }

        // What the message had beside the wire's own members when it was received.
        foreach (var member in ContentValues.RawBlock(message.AdditionalProperties, OpenAIChatProtocol.WireName)?.EnumerateObject() ?? default)
        {
            if (!Members.Contains(member.Name, StringComparer.Ordinal))
            {
                _writer.WritePropertyName(member.Name);
                ContentValues.WriteVerbatim(_writer, member.Value);
            }
        }
    }
}
