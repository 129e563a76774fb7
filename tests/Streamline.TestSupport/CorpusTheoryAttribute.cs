using Xunit;

namespace Streamline.TestSupport;

/// <summary>A theory that is skipped, with the reason, where a corpus is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CorpusTheoryAttribute : TheoryAttribute
{
    public CorpusTheoryAttribute(string corpus)
    {
        if (!Corpora.Has(corpus))
        {
            Skip = Corpora.SkipReason(corpus);
        }
    }
}
