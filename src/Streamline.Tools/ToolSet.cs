using System.Collections;
using Microsoft.Extensions.AI;
using Streamline.Tools;

namespace Streamline;

/// <summary>Tools that a model may call, each with the options that say how it may be run.</summary>
/// <remarks>
/// Any <see cref="AIFunction"/> is a tool, whether made by <see cref="AIFunctionFactory"/> or provided by a protocol such as MCP. Not thread-safe;
/// <c>UseTools</c> takes a copy, so tools added later have no effect on a client.
/// </remarks>
public sealed class ToolSet : IEnumerable<AIFunction>
{
    private readonly List<RunnableTool> _tools = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Initializes a new instance of the <see cref="ToolSet"/> class that is empty.</summary>
    public ToolSet()
    {
    }

    /// <summary>Initializes a new instance of the <see cref="ToolSet"/> class.</summary>
    /// <param name="functions">The tools, each with default options.</param>
    /// <exception cref="ArgumentNullException"><paramref name="functions"/> or one of them is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">Two of them have the same name.</exception>
    public ToolSet(IEnumerable<AIFunction> functions)
    {
        ArgumentNullException.ThrowIfNull(functions);
        foreach (var function in functions)
        {
            Add(function);
        }
    }

    /// <summary>Gets the number of tools.</summary>
    public int Count => _tools.Count;

    /// <summary>Adds a tool with default options: it may have effects, and runs at the same time as others.</summary>
    /// <param name="function">The tool.</param>
    /// <returns>This set.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="function"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The set already has a tool of that name.</exception>
    public ToolSet Add(AIFunction function) => Add(function, new ToolOptions());

    /// <summary>Adds a tool.</summary>
    /// <param name="function">The tool.</param>
    /// <param name="configure">Sets how the tool may be run.</param>
    /// <returns>This set.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The set already has a tool of that name.</exception>
    public ToolSet Add(AIFunction function, Action<ToolOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new ToolOptions();
        configure(options);
        return Add(function, options);
    }

    /// <summary>Adds a tool.</summary>
    /// <param name="function">The tool.</param>
    /// <param name="options">How the tool may be run; copied.</param>
    /// <returns>This set.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The set already has a tool of that name.</exception>
    public ToolSet Add(AIFunction function, ToolOptions options)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(options);
        if (!_names.Add(function.Name))
        {
            throw new ArgumentException($"The set already has a tool named '{function.Name}'.", nameof(function));
        }

        _tools.Add(new RunnableTool(function, options.Copy()));
        return this;
    }

    /// <inheritdoc/>
    public IEnumerator<AIFunction> GetEnumerator() => _tools.Select(tool => tool.Function).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal IReadOnlyList<RunnableTool> ToTools() => [.. _tools];
}
