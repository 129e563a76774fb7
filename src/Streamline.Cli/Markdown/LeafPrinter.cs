namespace Streamline.Cli.Markdown;

/// <summary>Prints the text of one leaf block while it grows.</summary>
internal abstract class LeafPrinter
{
    public abstract void Append(string text);

    public abstract void Close();
}
