using Xunit;

namespace Streamline.TestSupport;

/// <summary>A theory that is skipped, with the reason, where node or the npm packages of a folder are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute(string folder) => Skip = NodePackages.SkipReason(folder);
}
