using System.Collections.Concurrent;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Composition;

/// <summary>Tools that answer, throw, never end unless they are cancelled, or end in spite of it: each by its name, and each noting its runs.</summary>
internal sealed class RandomTools
{
    public static readonly string[] Names = ["look", "write", "alone", "throws", "hangs", "deaf"];

    private readonly ConcurrentDictionary<string, int> _starts = new();
    private readonly List<TestTool> _tools;

    public RandomTools() => _tools =
    [
        Tool("look", static _ => Task.FromResult<object?>("seen")),
        Tool("write", YieldAsync),
        Tool("alone", YieldAsync),
        Tool("throws", static _ => Task.FromException<object?>(new InvalidOperationException("of a tool"))),
        Tool("hangs", static async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return null;
        }),
        Tool("deaf", static _ => YieldAsync(CancellationToken.None)),
    ];

    public IReadOnlyDictionary<string, int> Starts => _starts;

    public int Running => _tools.Sum(tool => tool.Running);

    /// <summary>Whether time has to pass for a tool to end.</summary>
    public bool IsHanging => _tools[4].Running > 0;

    public ToolSet ToSet(Random random)
    {
        var set = new ToolSet();
        foreach (var tool in _tools)
        {
            var readOnly = tool.Name == "look" || (tool.Name is "throws" or "hangs" or "deaf" && random.Next(2) == 0);
            var cancels = tool.Name == "throws" && random.Next(2) == 0;
            set.Add(tool, options => (options.ReadOnly, options.Exclusive, options.CancelSiblingsOnFailure) = (readOnly, tool.Name == "alone", cancels));
        }

        return set;
    }

    private static async Task<object?> YieldAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < 20; i++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
        }

        return "done";
    }

    private TestTool Tool(string name, Func<CancellationToken, Task<object?>> run) => new(name, async (arguments, token) =>
    {
        _starts.AddOrUpdate($"{name} {arguments["k"]}", 1, (_, starts) => starts + 1);
        return await run(token);
    });
}
