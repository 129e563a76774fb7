using Xunit;

namespace Streamline.TestSupport;

/// <summary>A fact that is skipped, with the reason, where a corpus is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute(string corpus)
    {
        if (!Corpora.Has(corpus))
        {
            Skip = Corpora.SkipReason(corpus);
        }
    }
}
