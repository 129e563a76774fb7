using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>The tools of one round: those of the client, those of the request, and those that were added during the run.</summary>
/// <remarks>A function of the request takes the place of the client's function of the same name, and keeps the options of that one.</remarks>
internal sealed class ToolCatalog
{
    private readonly Dictionary<string, RunnableTool> _runnable = new(StringComparer.Ordinal);
    private readonly HashSet<string> _callers = new(StringComparer.Ordinal);
    private readonly List<AITool> _declared = [];

    private ToolCatalog()
    {
    }

    public IEnumerable<string> Names => _runnable.Keys;

    /// <summary>Makes the catalog of a round.</summary>
    /// <param name="tools">The tools of the client.</param>
    /// <param name="ofRequest">The tools of the request.</param>
    public static ToolCatalog Create(IReadOnlyList<RunnableTool> tools, IEnumerable<AITool> ofRequest)
    {
        var catalog = new ToolCatalog();
        foreach (var tool in tools)
        {
            catalog._runnable[tool.Name] = tool;
        }

        foreach (var tool in ofRequest)
        {
            catalog.AddOfRequest(tool);
        }

        var declared = catalog._declared.Select(tool => tool.Name).ToHashSet(StringComparer.Ordinal);
        catalog._declared.AddRange(tools.Where(tool => !declared.Contains(tool.Name)).Select(tool => tool.Declaration));
        return catalog;
    }

    public bool TryGet(string name, [NotNullWhen(true)] out RunnableTool? tool) => _runnable.TryGetValue(name, out tool);

    /// <summary>Whether the caller declared a tool that nothing here can run: its calls are the caller's.</summary>
    public bool IsCallers(string name) => _callers.Contains(name);

    /// <summary>Puts the declarations of all tools into options of a request.</summary>
    public void Declare(ChatOptions options) => options.Tools = _declared.Count > 0 ? [.. _declared] : options.Tools;

    private void AddOfRequest(AITool tool)
    {
        _runnable.TryGetValue(tool.Name, out var known);
        switch (tool)
        {
            case AIFunction function:
                var runnable = known?.Function == function ? known : new RunnableTool(function, known?.Options ?? new ToolOptions());
                _runnable[tool.Name] = runnable;
                _declared.Add(runnable.Declaration);
                break;
            case AIFunctionDeclaration when known is null:
                _callers.Add(tool.Name);
                _declared.Add(tool);
                break;
            default:
                _declared.Add(tool);
                break;
        }
    }
}
