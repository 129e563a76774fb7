using System.Text.Json.Serialization;

namespace Streamline.Text;

/// <summary>The base of the events of a <c>MarkdownStream</c>.</summary>
/// <remarks>
/// One of <see cref="MarkdownBlockOpened"/>, <see cref="MarkdownBlockText"/>, <see cref="MarkdownBlockChanged"/>, <see cref="MarkdownBlockClosed"/>,
/// <see cref="MarkdownLinkDefined"/>, <see cref="MarkdownBlockAmended"/> and <see cref="MarkdownRestarted"/>.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(MarkdownBlockOpened), "blockOpened")]
[JsonDerivedType(typeof(MarkdownBlockText), "blockText")]
[JsonDerivedType(typeof(MarkdownBlockChanged), "blockChanged")]
[JsonDerivedType(typeof(MarkdownBlockClosed), "blockClosed")]
[JsonDerivedType(typeof(MarkdownBlockAmended), "blockAmended")]
[JsonDerivedType(typeof(MarkdownLinkDefined), "linkDefined")]
[JsonDerivedType(typeof(MarkdownRestarted), "restarted")]
public abstract class MarkdownEvent
{
    private protected MarkdownEvent()
    {
    }
}
