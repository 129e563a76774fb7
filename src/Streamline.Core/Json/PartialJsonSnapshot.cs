namespace Streamline.Json;

/// <summary>A document as far as it had arrived at one moment of reading.</summary>
/// <remarks>Immutable, and valid for as long as it is kept.</remarks>
public sealed class PartialJsonSnapshot
{
    internal PartialJsonSnapshot(PartialJsonDocument document)
    {
        RootElement = document.RootElement;
        IsComplete = document.IsComplete;
        Repairs = document.Repairs;
    }

    /// <summary>Gets the root value as far as it is decided.</summary>
    /// <value>Of kind <see cref="System.Text.Json.JsonValueKind.Undefined"/> as long as it has not begun.</value>
    public PartialJsonElement RootElement { get; }

    /// <summary>Gets a value indicating whether the root value has arrived completely.</summary>
    /// <value><see langword="false"/> in every snapshot of a text that was cut short.</value>
    public bool IsComplete { get; }

    /// <summary>Gets what was repaired so far.</summary>
    /// <value>Empty in the modes that repair nothing.</value>
    public IReadOnlyList<PartialJsonRepair> Repairs { get; }

    /// <inheritdoc/>
    public override string ToString() => RootElement.ToString();
}
