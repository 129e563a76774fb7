using System.Globalization;

namespace Streamline.Protocols.Shared;

/// <summary>
/// Puts the images and files of results into user messages after the round, for protocols in which a result is only text. What the provider cannot read at
/// all is replaced by a text that says what it was: a tool made it, so the request must not fail.
/// </summary>
internal static class ResultMedia
{
    private const int Kilobyte = 1024;
    private const string AfterTheRound = "(see the message after the results)";

    public static ConversationState Apply(ConversationState conversation, ConversationRules rules, ConversationReport report)
    {
        ConversationEdits? edits = null;
        List<(string CallId, List<AIContent> Media)> waiting = [];
        var last = -1;
        for (var i = 0; i < conversation.Messages.Count; i++)
        {
            if (!conversation.Messages[i].Contents.Any(content => content is FunctionResultContent))
            {
                Insert();
                continue;
            }

            last = i;
            for (var j = 0; j < conversation.Messages[i].Contents.Count; j++)
            {
                if (conversation.Messages[i].Contents[j] is not FunctionResultContent result
                    || result.Contents(rules.Protocol) is not { } contents
                    || contents.TrueForAll(content => IsInPlace(content, rules)))
                {
                    continue;
                }

                if (contents.Exists(content => IsUnreadable(content, rules)))
                {
                    report.Add(ConversationChangeKind.ResultMediaReplaced, conversation.SourceOf(i), result.CallId);
                }

                contents = Readable(contents, rules);
                var media = contents.FindAll(content => !IsInPlace(content, rules));
                if (media.Count > 0)
                {
                    waiting.Add((result.CallId, media));
                }

                (edits ??= new ConversationEdits(conversation)).Replace(new ContentPlace(i, j), Without(result, contents, media));
            }
        }

        Insert();
        return edits?.Apply() ?? conversation;

        void Insert()
        {
            foreach (var (callId, media) in waiting)
            {
                edits!.InsertAfter(last, new ChatMessage(ChatRole.User, [new TextContent($"From the result of the call {callId}:"), .. media]));
            }

            waiting.Clear();
        }
    }

    // The result as it is sent, without the media that follow the round.
    private static FunctionResultContent Without(FunctionResultContent result, List<AIContent> contents, List<AIContent> media) =>
        new(result.CallId, media.Count == contents.Count && media.Count > 0 ? [new TextContent(AfterTheRound)] : contents.FindAll(content => !media.Contains(content)))
        {
            AdditionalProperties = result.AdditionalProperties,
            Exception = result.Exception,
            RawRepresentation = result.RawRepresentation,
        };

    private static bool IsUnreadable(AIContent content, ConversationRules rules) => content is not ErrorContent && rules.IsSent(content) && !IsKept(content, rules);

    private static List<AIContent> Readable(List<AIContent> contents, ConversationRules rules) =>
        [.. contents.Where(content => IsKept(content, rules) || rules.IsSent(content)).Select(content => Readable(content, rules))];

    private static bool IsMedia(AIContent content) => content is DataContent or UriContent or HostedFileContent;

    private static bool IsKept(AIContent content, ConversationRules rules) =>
        content is TextContent || content.RawBlock(rules.Protocol) is not null || (IsMedia(content) && rules.CarriesInResult(content));

    private static bool IsInPlace(AIContent content, ConversationRules rules) =>
        IsKept(content, rules) && !(rules.ResultsAreText && IsMedia(content) && content.RawBlock(rules.Protocol) is null);

    private static AIContent Readable(AIContent content, ConversationRules rules) => content switch
    {
        _ when IsKept(content, rules) => content,
        ErrorContent error => new TextContent(error.Message),
        DataContent data => Unreadable($"{data.MediaType}, {SizeOf(data)}"),
        UriContent file => Unreadable($"{file.MediaType} at {file.Uri.OriginalString}"),
        HostedFileContent file => Unreadable($"the file {file.FileId}"),
        _ => Unreadable(TypeNames.Of(content)),
    };

    private static TextContent Unreadable(string what) => new($"[{what}: this provider cannot read it]");

    private static string SizeOf(DataContent data) => data.Data.Length switch
    {
        < Kilobyte => string.Create(CultureInfo.InvariantCulture, $"{data.Data.Length} bytes"),
        < Kilobyte * Kilobyte => string.Create(CultureInfo.InvariantCulture, $"{data.Data.Length / Kilobyte} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{data.Data.Length / (Kilobyte * Kilobyte)} MB"),
    };
}
