using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Streamline.Protocols;

namespace Streamline;

/// <summary>Logs what was changed in a conversation so that the provider accepts it.</summary>
internal sealed class ConversationLog(ILoggerFactory? factory, string provider)
{
    private const string Category = "Streamline.Conversation";

    private static readonly Action<ILogger, int, string, string, Exception?> Write = LoggerMessage.Define<int, string, string>(
        LogLevel.Warning,
        new EventId(1, "ConversationChanged"),
        "{Count} changes were made to the conversation so that {Provider} accepts it: {Changes}");

    private static readonly Action<ILogger, int, string, string, Exception?> WriteForm = LoggerMessage.Define<int, string, string>(
        LogLevel.Debug,
        new EventId(2, "ConversationAdapted"),
        "{Count} changes of form were made to the conversation so that {Provider} accepts it: {Changes}");

    private readonly ILogger _logger = factory?.CreateLogger(Category) ?? NullLogger.Instance;

    /// <summary>Logs the changes, if there are any: as a warning when calls, results or messages were added or left out.</summary>
    public void Log(IReadOnlyList<ConversationChange> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        var isFormOnly = changes.All(change => IsForm(change.Kind));
        if (_logger.IsEnabled(isFormOnly ? LogLevel.Debug : LogLevel.Warning))
        {
            (isFormOnly ? WriteForm : Write)(_logger, changes.Count, provider, string.Join("; ", changes), null);
        }
    }

    private static bool IsForm(ConversationChangeKind kind) => kind is ConversationChangeKind.CallIdChanged or ConversationChangeKind.ToolNameChanged
        or ConversationChangeKind.BlankTextRemoved or ConversationChangeKind.MessageRemoved or ConversationChangeKind.TextTrimmed
        or ConversationChangeKind.AuthorNameChanged or ConversationChangeKind.TextAdded or ConversationChangeKind.MessagesMerged;
}
