namespace Streamline.Json;

/// <summary>Which malformed JSON is repaired. Every repair is reported.</summary>
public enum PartialJsonRepairMode
{
    /// <summary>Nothing is repaired: malformed text is an error.</summary>
    None,

    /// <summary>What has one reading only is repaired; anything else is an error. Until then, a document shows exactly what it shows without repairs.</summary>
    Safe,

    /// <summary>Everything is repaired, by what the writer most likely meant. The only errors are limits.</summary>
    Guess,
}
