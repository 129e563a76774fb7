using System.Globalization;
using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>
/// Marks, in a conversation made of updates, where a block of text or reasoning ended and what it has besides its text, or where a call stood.
/// </summary>
/// <remarks>
/// The exchange types put adjacent deltas together, keep the properties of the first of them only, and know no borders of blocks, but what a provider
/// says of a block (its own form, its signature) is known when it ends; and a call is sent late. So a content of its own says it, which nothing
/// merges and which survives storing, and <see cref="Apply(IReadOnlyList{ChatMessage})"/> makes the blocks again. A seal names the length of its block:
/// text that was changed meanwhile is no longer what the provider wrote, and gets nothing of it.
/// </remarks>
internal static class BlockSeal
{
    private const string EndName = "streamline.blockEnd";
    private const string ContinuationName = "streamline.continued";
    private const string CallName = "streamline.callPlace";

    /// <summary>Makes the seal that ends a block.</summary>
    /// <param name="kind">What the block holds: text, reasoning or redacted reasoning.</param>
    /// <param name="whole">The content that a whole message would hold for it.</param>
    public static AIContent Of(ContentKind kind, AIContent whole) => new()
    {
        RawRepresentation = whole.RawRepresentation,
        AdditionalProperties = new(whole.AdditionalProperties ?? [])
        {
            [EndName] = string.Create(CultureInfo.InvariantCulture, $"{kind}:{TextOf(whole).Length}"),
        },
    };

    /// <summary>Makes the mark of the place where a call was that is sent later.</summary>
    public static AIContent OfCall(string callId) => new() { AdditionalProperties = new() { [CallName] = callId } };

    /// <summary>Makes the mark at the beginning of a message that continues the one before it: results of tools came in between.</summary>
    public static AIContent OfContinuation() => new() { AdditionalProperties = new() { [ContinuationName] = "" } };

    public static bool IsContinuation(AIContent content) => content.GetType() == typeof(AIContent) && Text(content, ContinuationName) is not null;

    public static bool Is(AIContent content) => content.GetType() == typeof(AIContent) && (EndOf(content) is not null || CallIdOf(content) is not null);

    /// <summary>Gets what the block of a seal holds; <see langword="null"/> for the place of a call.</summary>
    public static ContentKind? KindOf(AIContent seal) => EndOf(seal)?.Kind;

    /// <summary>Gets the call of a mark; <see langword="null"/> for the end of a block.</summary>
    public static string? CallIdOf(AIContent mark) => Text(mark, CallName);

    /// <summary>Makes the blocks of a conversation again whose ends are marked in it. The messages given stay as they are.</summary>
    public static IReadOnlyList<ChatMessage> Apply(IReadOnlyList<ChatMessage> messages)
    {
        messages = Continue(messages);
        return InCallOrder(messages.Any(IsSealed) ? [.. messages.Select(message => IsSealed(message) ? Apply(message) : message)] : messages);
    }

    /// <summary>Joins messages with results of tools between them that are one response: first all that the model said, then all results.</summary>
    private static IReadOnlyList<ChatMessage> Continue(IReadOnlyList<ChatMessage> messages)
    {
        if (!messages.Any(message => message.Contents.Any(IsContinuation)))
        {
            return messages;
        }

        List<ChatMessage> joined = [];
        foreach (var message in messages)
        {
            var start = joined.FindLastIndex(earlier => earlier.Role == ChatRole.Assistant);
            var follows = start >= 0 && joined.Skip(start + 1).All(earlier => earlier.Role == ChatRole.Tool);
            if (follows && message.Contents.Any(IsContinuation))
            {
                joined[start] = With(joined[start], [.. joined[start].Contents, .. message.Contents.Where(content => !IsContinuation(content))]);
            }
            else if (follows && message.Role == ChatRole.Tool && joined.Count > start + 1)
            {
                joined[^1] = With(joined[^1], [.. joined[^1].Contents, .. message.Contents]);
            }
            else
            {
                joined.Add(With(message, [.. message.Contents.Where(content => !IsContinuation(content))]));
            }
        }

        return joined;
    }

    /// <summary>Puts the results of a message in the order of its calls. They came in the order in which the tools finished, and a prompt cache wants equal prefixes.</summary>
    private static IReadOnlyList<ChatMessage> InCallOrder(IReadOnlyList<ChatMessage> messages)
    {
        List<ChatMessage>? ordered = null;
        for (var i = 1; i < messages.Count; i++)
        {
            if (messages[i].Role != ChatRole.Tool || messages[i - 1].Role != ChatRole.Assistant)
            {
                continue;
            }

            List<string> calls = [.. messages[i - 1].Contents.OfType<FunctionCallContent>().Select(call => call.CallId)];
            List<int> places = [.. messages[i].Contents.Select(content => content is FunctionResultContent result ? calls.IndexOf(result.CallId) : -1)];
            if (!places.Contains(-1) && !places.SequenceEqual(places.Order()))
            {
                (ordered ??= [.. messages])[i] = With(messages[i], [.. messages[i].Contents.Zip(places).OrderBy(pair => pair.Second).Select(pair => pair.First)]);
            }
        }

        return ordered ?? messages;
    }

    private static ChatMessage With(ChatMessage message, List<AIContent> contents)
    {
        var changed = message.Clone();
        changed.Contents = contents;
        return changed;
    }

    private static bool IsSealed(ChatMessage message) => message.Contents.Any(Is);

    private static ChatMessage Apply(ChatMessage message)
    {
        var placed = message.Contents.Select(CallIdOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var calls = message.Contents.OfType<FunctionCallContent>().Where(call => placed.Contains(call.CallId)).ToLookup(call => call.CallId, StringComparer.Ordinal);
        List<AIContent> contents = [];
        var end = 0; // of the block before
        foreach (var content in message.Contents)
        {
            if (CallIdOf(content) is { } callId)
            {
                contents.AddRange(calls[callId]);
                end = contents.Count;
            }
            else if (EndOf(content) is var (kind, length))
            {
                Join(contents, end, content, kind, length);
                end = contents.Count;
            }
            else if (content is not FunctionCallContent call || !placed.Contains(call.CallId))
            {
                contents.Add(content);
            }
        }

        return With(message, contents);
    }

    /// <summary>Makes one content of those that are the block of a seal: all of its type since the end of the block before.</summary>
    private static void Join(List<AIContent> contents, int end, AIContent seal, ContentKind kind, int length)
    {
        var start = contents.Count;
        while (start > end && (kind == ContentKind.Text ? contents[start - 1] is TextContent : contents[start - 1] is TextReasoningContent))
        {
            start--;
        }

        var pieces = contents[start..];
        var text = string.Concat(pieces.Select(TextOf));
        if (text.Length != length)
        {
            return;
        }

        AIContent whole = kind == ContentKind.Text
            ? new TextContent(text)
            : new TextReasoningContent(text) { ProtectedData = pieces.OfType<TextReasoningContent>().LastOrDefault(piece => piece.ProtectedData is not null)?.ProtectedData };
        List<AIAnnotation> annotations = [.. pieces.SelectMany(piece => piece.Annotations ?? [])];
        whole.Annotations = annotations.Count > 0 ? annotations : null;
        whole.RawRepresentation = seal.RawRepresentation;
        foreach (var (name, value) in pieces.Append(seal).SelectMany(content => content.AdditionalProperties ?? []).Where(property => property.Key != EndName))
        {
            (whole.AdditionalProperties ??= [])[name] = value;
        }

        contents.RemoveRange(start, pieces.Count);
        contents.Add(whole);
    }

    private static string TextOf(AIContent content) => content switch
    {
        TextContent text => text.Text,
        TextReasoningContent reasoning => reasoning.Text,
        _ => "",
    };

    private static (ContentKind Kind, int Length)? EndOf(AIContent content) =>
        Text(content, EndName)?.Split(':') is [var kindName, var lengthText]
        && Enum.TryParse<ContentKind>(kindName, out var kind)
        && int.TryParse(lengthText, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? (kind, length)
            : null;

    private static string? Text(AIContent content, string name) => ContentProperties.TextOf(content, name);
}
