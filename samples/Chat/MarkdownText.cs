using Spectre.Console.Rendering;
using Streamline;
using Streamline.Text;

namespace ChatSample;

/// <summary>A text of the model on the screen, with its Markdown drawn while it arrives.</summary>
internal sealed class MarkdownText
{
    private readonly MarkdownStream _stream = new();
    private readonly Dictionary<int, MarkdownBlock> _blocks = [];
    private readonly List<MarkdownBlock> _roots = [];

    public void Append(string text) => Apply(_stream.Append(CleanText.Of(text)));

    public void Complete() => Apply(_stream.Complete());

    public IRenderable Render()
    {
        var (open, safeText) = _stream.OpenLeaf is { } leaf && _blocks.TryGetValue(leaf.Id, out var block) ? (block, leaf.GetSafeText()) : (null, null);
        return MarkdownBlock.Stack(_roots, candidate => candidate == open ? safeText : null);
    }

    private void Apply(IReadOnlyList<MarkdownEvent> events)
    {
        foreach (var markdownEvent in events)
        {
            switch (markdownEvent)
            {
                case MarkdownBlockOpened opened:
                    var block = new MarkdownBlock(opened);
                    _blocks.Add(opened.Id, block);
                    (opened.ParentId is { } parent ? _blocks[parent].Children : _roots).Add(block);
                    break;
                case MarkdownBlockText text:
                    _blocks[text.Id].Append(text.Text);
                    break;
                case MarkdownBlockChanged changed:
                    _blocks[changed.Id].Change(changed);
                    break;
                case MarkdownBlockClosed closed:
                    _blocks[closed.Id].IsClosed = true;
                    break;
            }
        }
    }
}
