using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>A tool and how it may be run.</summary>
internal sealed record RunnableTool(AIFunction Function, ToolOptions Options)
{
    public string Name => Function.Name;
}

/// <summary>The tools of a client: a <see cref="ToolSet"/> as it was when the client was made.</summary>
internal sealed class ToolCatalog(IEnumerable<RunnableTool> tools)
{
    private readonly RunnableTool[] _ordered = [.. tools];
    private readonly FrozenDictionary<string, RunnableTool> _byName = tools.ToFrozenDictionary(tool => tool.Name, StringComparer.Ordinal);

    public IEnumerable<string> Names => _ordered.Select(tool => tool.Name);

    public bool TryGet(string name, [NotNullWhen(true)] out RunnableTool? tool) => _byName.TryGetValue(name, out tool);

    /// <summary>Adds the declarations of the tools to a copy of the options. A name that the caller declared keeps the caller's declaration.</summary>
    public ChatOptions Declare(ChatOptions? options)
    {
        var declared = options?.Clone() ?? new ChatOptions();
        var names = NamesOf(declared.Tools);
        AITool[] added = [.. _ordered.Where(tool => !names.Contains(tool.Name)).Select(tool => tool.Function)];
        declared.Tools = added.Length > 0 ? [.. declared.Tools ?? [], .. added] : declared.Tools;
        return declared;
    }

    /// <summary>The names of the tools that the caller declared and nobody here can run: their calls are the caller's.</summary>
    public IReadOnlySet<string> NamesOfCallers(ChatOptions? options)
    {
        var names = NamesOf(options?.Tools);
        names.ExceptWith(_byName.Keys);
        return names;
    }

    private static HashSet<string> NamesOf(IEnumerable<AITool>? tools) =>
        (tools ?? []).OfType<AIFunctionDeclaration>().Select(tool => tool.Name).ToHashSet(StringComparer.Ordinal);
}
