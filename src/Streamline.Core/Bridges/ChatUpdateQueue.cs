using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>The updates that are to be sent. Each is told which response and message it belongs to.</summary>
internal sealed class ChatUpdateQueue
{
    private readonly Queue<ChatResponseUpdate> _updates = new();
    private string? _responseId;
    private string? _model;

    /// <summary>Gets or sets a value indicating whether the response shows anything that cannot be taken back.</summary>
    public bool HasShown { get; set; }

    /// <summary>Gets or sets a value indicating whether what the model says next continues a message that results have come after.</summary>
    public bool IsContinued { get; set; }

    public bool TryTake([NotNullWhen(true)] out ChatResponseUpdate? update) => _updates.TryDequeue(out update);

    /// <summary>Begins a response.</summary>
    public void Begin(string? responseId, string? model) => (_responseId, _model) = (responseId, model);

    public void Add(ChatRole role, AIContent content, StreamEvent? streamEvent) => Add(new ChatResponseUpdate(role, [content]), streamEvent);

    public void Add(ChatResponseUpdate update, StreamEvent? streamEvent)
    {
        if (IsContinued && update.Role == ChatRole.Assistant && update.Contents.Count > 0)
        {
            IsContinued = false;
            Add(ChatRole.Assistant, BlockSeal.OfContinuation(), streamEvent);
        }

        update.ResponseId = _responseId;
        update.MessageId = update.Role == ChatRole.Tool ? null : _responseId;
        update.ModelId = _model;
        update.RawRepresentation = streamEvent;
        HasShown |= update.Contents.Count > 0;
        _updates.Enqueue(update);
    }
}
