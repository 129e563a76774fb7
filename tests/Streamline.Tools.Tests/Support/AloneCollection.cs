namespace Streamline.Tools.Tests.Support;

/// <summary>Tests that measure the whole process: they run after all others, one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    /// <summary>The name that a test class gives in its <c>Collection</c> attribute.</summary>
    public const string Name = "Alone in the process";
}
