namespace Streamline.Cli.Markdown;

/// <summary>Prints text as it is: HTML, a thematic break.</summary>
internal sealed class LiteralPrinter(BlockWriter writer) : LeafPrinter
{
    public override void Append(string text) => writer.Write(text);

    public override void Close() => writer.EndLine();
}
