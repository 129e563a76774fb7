namespace Streamline;

/// <summary>What the model gets of a tool that returns an <c>IAsyncEnumerable&lt;T&gt;</c>. Each element is reported as a <see cref="ToolProgress"/>, of which a slow consumer misses the oldest.</summary>
public enum ToolStreamedResult
{
    /// <summary>The last element; <c>null</c> when there was none.</summary>
    Last,

    /// <summary>An array of all elements.</summary>
    All,
}
