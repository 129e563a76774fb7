namespace Streamline.Text;

/// <summary>Reads a text that grows, and reports what it finds as events of the same stream.</summary>
internal abstract class TextView
{
    /// <summary>Adds a piece of the text.</summary>
    /// <returns>What it decides.</returns>
    /// <exception cref="StreamLimitException">After what was decided: the text went past a limit.</exception>
    public abstract IEnumerable<StreamEvent> Append(string text);

    /// <summary>Ends the text. Another one may follow.</summary>
    public abstract IEnumerable<StreamEvent> Complete();

    /// <summary>Ends the text and discards it. Another one follows.</summary>
    public abstract IEnumerable<StreamEvent> Restart();
}
