using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Json;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Composition;

/// <summary>Tools that answer, throw, never end unless they are cancelled, or end in spite of it, that need approval or a resource, or stream: each by its name, and each noting its runs.</summary>
internal sealed class RandomTools
{
    public static readonly string[] Names = ["look", "write", "alone", "throws", "hangs", "deaf", "asks", "locked", "grows"];

    private readonly ConcurrentDictionary<string, int> _starts = new();
    private readonly ConcurrentDictionary<string, int> _held = new();
    private readonly List<TestTool> _tools;
    private readonly GrowingTool _growing;

    public RandomTools()
    {
        _tools =
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
            Tool("asks", YieldAsync),
            new("locked", RunLockedAsync),
        ];
        _growing = new GrowingTool(this);
    }

    public IReadOnlyDictionary<string, int> Starts => _starts;

    public int Running => _tools.Sum(tool => tool.Running);

    /// <summary>Whether time has to pass for a tool to end.</summary>
    public bool IsHanging => _tools[4].Running > 0;

    /// <summary>Whether a resource was ever held twice at once.</summary>
    public bool IsLockBroken { get; private set; }

    /// <summary>Calls of the streaming tool that were neither committed nor rolled back.</summary>
    public int OpenInputs => _growing.Open;

    public ToolSet ToSet(Random random)
    {
        var set = new ToolSet { { _growing, options => options.ReadOnly = random.Next(2) == 0 } };
        foreach (var tool in _tools)
        {
            var readOnly = tool.Name == "look" || (tool.Name is "throws" or "hangs" or "deaf" or "asks" or "locked" && random.Next(2) == 0);
            var cancels = tool.Name == "throws" && random.Next(2) == 0;
            set.Add(tool, options =>
            {
                (options.ReadOnly, options.Exclusive, options.CancelSiblingsOnFailure) = (readOnly, tool.Name == "alone", cancels);
                options.Approval = tool.Name == "asks" ? ToolApproval.Always : null;
                options.Locks = tool.Name == "locked" ? static arguments => [ToolLock.Write(ResourceOf(arguments))] : null;
            });
        }

        return set;
    }

    private static string ResourceOf(JsonElement arguments) => $"resource {arguments.GetProperty("k").GetString()![^1] % 2}";

    private static async Task<object?> YieldAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < 20; i++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
        }

        return "done";
    }

    private async ValueTask<object?> RunLockedAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        Note("locked", arguments);
        var resource = ResourceOf(arguments.ToolCall()!.Arguments);
        IsLockBroken |= _held.AddOrUpdate(resource, 1, (_, held) => held + 1) > 1;
        try
        {
            return await YieldAsync(cancellationToken);
        }
        finally
        {
            _held.AddOrUpdate(resource, 0, (_, held) => held - 1);
        }
    }

    private void Note(string name, AIFunctionArguments arguments) => _starts.AddOrUpdate($"{name} {arguments["k"]}", 1, (_, starts) => starts + 1);

    private TestTool Tool(string name, Func<CancellationToken, Task<object?>> run) => new(name, async (arguments, token) =>
    {
        Note(name, arguments);
        return await run(token);
    });

    private sealed class GrowingTool(RandomTools owner) : StreamingTool
    {
        private int _open;

        public override string Name => "grows";

        public int Open => Volatile.Read(ref _open);

        public override StreamingToolCall BeginCall(ToolCallContext? context)
        {
            Interlocked.Increment(ref _open);
            return new Call(this, owner);
        }

        private sealed class Call(GrowingTool tool, RandomTools owner) : StreamingToolCall
        {
            public override async ValueTask OnInputAsync(PartialJsonElement input, CancellationToken cancellationToken) => await Task.Yield();

            public override async ValueTask<object?> CommitAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
            {
                owner.Note("grows", arguments);
                await YieldAsync(cancellationToken);
                Interlocked.Decrement(ref tool._open);
                return "grown";
            }

            public override async ValueTask RollBackAsync()
            {
                await Task.Yield();
                Interlocked.Decrement(ref tool._open);
            }
        }
    }
}
