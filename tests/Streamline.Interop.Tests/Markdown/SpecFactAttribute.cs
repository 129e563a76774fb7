namespace Streamline.Interop.Tests.Markdown;

/// <summary>A fact that is skipped, with the reason, where the examples of the specification are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SpecFactAttribute : FactAttribute
{
    public SpecFactAttribute() => Skip = SpecExamples.SkipReason;
}
