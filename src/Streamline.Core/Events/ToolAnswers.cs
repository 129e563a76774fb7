using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>What is known of the tools of one response: which have started, and what they answered. Not thread-safe.</summary>
internal sealed class ToolAnswers
{
    private Dictionary<string, ToolResult>? _results;
    private Dictionary<string, IReadOnlyList<AIContent>>? _contents;
    private HashSet<string>? _started;

    public void Start(string callId) => (_started ??= new(StringComparer.Ordinal)).Add(callId);

    public void Add(ToolResult result) => (_results ??= new(StringComparer.Ordinal))[result.CallId] = result;

    public void SetContents(string callId, IReadOnlyList<AIContent> contents) => (_contents ??= new(StringComparer.Ordinal))[callId] = contents;

    public void Clear()
    {
        _results = null;
        _contents = null;
        _started = null;
    }

    /// <summary>Makes the results, in the order in which they came.</summary>
    public IEnumerable<FunctionResultContent> All() => _results?.Values.Select(ToContent) ?? [];

    /// <summary>Makes the result of a call, or the error in place of a missing one; <see langword="null"/> for other blocks and for calls that stay open.</summary>
    /// <param name="block">A block of the response.</param>
    /// <param name="closes">Whether a call that has not started is closed too.</param>
    public FunctionResultContent? Find(StreamBlock block, bool closes)
    {
        if (block.CallId is not { } callId)
        {
            return null;
        }

        if (_results?.TryGetValue(callId, out var result) == true)
        {
            return ToContent(result);
        }

        var hasStarted = _started?.Contains(callId) == true;
        return !block.IsProviderExecuted && block.Choice == 0 && (closes || hasStarted)
            ? new FunctionResultContent(callId, ErrorOf(block, hasStarted)) { AdditionalProperties = new() { [ContentProperties.IsError] = true } }
            : null;
    }

    private FunctionResultContent ToContent(ToolResult result)
    {
        var content = StreamMessages.ToContent(result);
        content.Result = _contents?.TryGetValue(result.CallId, out var contents) == true ? contents : content.Result;
        return content;
    }

    private static string ErrorOf(StreamBlock block, bool hasStarted) =>
        hasStarted ? "The tool had started when the response was interrupted. Whether it finished is unknown."
        : block.IsCompleted ? "The tool was not run: the response was interrupted before it started."
        : "The tool was not run: the response was interrupted before its arguments were complete.";
}
