using System.Runtime.InteropServices;

namespace Streamline.Protocols.Shared;

/// <summary>A place in a conversation.</summary>
/// <param name="Message">The index of the message.</param>
/// <param name="Content">The index of the content in it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ContentPlace(int Message, int Content);

/// <summary>Collects what one rule changes in a conversation, and makes the changed conversation of it. Without changes it costs nothing.</summary>
internal sealed class ConversationEdits(ConversationState conversation)
{
    private readonly Dictionary<ContentPlace, AIContent?> _contents = [];
    private readonly Dictionary<int, List<ChatMessage>> _inserted = [];
    private readonly HashSet<int> _touched = [];

    /// <summary>Leaves out a content.</summary>
    public void Remove(ContentPlace place) => Replace(place, content: null);

    /// <summary>Puts another content in the place of one.</summary>
    public void Replace(ContentPlace place, AIContent? content)
    {
        _contents[place] = content;
        _touched.Add(place.Message);
    }

    /// <summary>Leaves out a whole message.</summary>
    public void RemoveMessage(int index)
    {
        for (var i = 0; i < conversation.Messages[index].Contents.Count; i++)
        {
            Remove(new ContentPlace(index, i));
        }

        _touched.Add(index);
    }

    /// <summary>Inserts a message after those that were inserted there before.</summary>
    /// <param name="index">The message that it follows; -1 for the beginning.</param>
    /// <param name="message">The message.</param>
    public void InsertAfter(int index, ChatMessage message)
    {
        if (!_inserted.TryGetValue(index, out var messages))
        {
            _inserted.Add(index, messages = []);
        }

        messages.Add(message);
    }

    /// <summary>Makes the conversation with the changes. A message that loses its last content goes with it.</summary>
    /// <returns>The same conversation when there are no changes.</returns>
    public ConversationState Apply()
    {
        if (_touched.Count == 0 && _inserted.Count == 0)
        {
            return conversation;
        }

        List<ChatMessage> messages = [];
        List<int> sources = [];
        Insert(-1);
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            var message = conversation.Messages[i];
            if (!_touched.Contains(i))
            {
                Add(message, conversation.SourceOf(i));
            }
            else if (Edit(message, i) is { Count: > 0 } contents)
            {
                var copy = message.Clone();
                copy.Contents = contents;
                Add(copy, conversation.SourceOf(i));
            }

            Insert(i);
        }

        return new ConversationState(messages, sources);

        void Insert(int index)
        {
            foreach (var message in _inserted.GetValueOrDefault(index) ?? [])
            {
                Add(message, source: null);
            }
        }

        void Add(ChatMessage message, int? source)
        {
            messages.Add(message);
            sources.Add(source ?? -1);
        }
    }

    private List<AIContent> Edit(ChatMessage message, int index)
    {
        List<AIContent> contents = [];
        for (var i = 0; i < message.Contents.Count; i++)
        {
            var content = _contents.TryGetValue(new ContentPlace(index, i), out var other) ? other : message.Contents[i];
            if (content is not null)
            {
                contents.Add(content);
            }
        }

        return contents;
    }
}

/// <summary>A conversation between two rules.</summary>
/// <param name="Messages">The messages.</param>
/// <param name="Sources">For each message, where it was in the conversation as it was given, -1 for nowhere; <see langword="null"/> while the two are the same.</param>
internal sealed record ConversationState(IReadOnlyList<ChatMessage> Messages, IReadOnlyList<int>? Sources)
{
    /// <summary>Gets where a message was in the conversation as it was given; <see langword="null"/> for one that was added.</summary>
    public int? SourceOf(int index) => Sources is null ? index : Sources[index] < 0 ? null : Sources[index];
}
