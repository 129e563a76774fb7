using Xunit;

namespace Streamline.TestSupport;

/// <summary>A fact that is skipped, with the reason, where node or the npm packages of a folder are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute(string folder) => Skip = NodePackages.SkipReason(folder);
}
