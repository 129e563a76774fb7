namespace Streamline.Interop.Tests.Markdown;

/// <summary>Reads Markdown in pieces.</summary>
internal static class MarkdownRead
{
    public static IEnumerable<MarkdownEvent> All(IEnumerable<string> pieces, MarkdownOptions options)
    {
        var stream = new MarkdownStream(options);
        foreach (var piece in pieces)
        {
            foreach (var markdownEvent in stream.Append(piece))
            {
                yield return markdownEvent;
            }
        }

        foreach (var markdownEvent in stream.Complete())
        {
            yield return markdownEvent;
        }
    }
}
