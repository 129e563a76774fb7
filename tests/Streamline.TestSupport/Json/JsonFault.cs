namespace Streamline.TestSupport.Json;

/// <summary>A change that makes valid JSON malformed.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Character">The structural character that it is done to.</param>
/// <param name="Position">Where that character is.</param>
/// <param name="Length">How many characters are replaced.</param>
/// <param name="Replacement">What stands in their place.</param>
public sealed record JsonFault(JsonFaultKind Kind, char Character, int Position, int Length, string Replacement)
{
    /// <summary>Gets the group that the fault is counted in, such as <c>, deleted</c> or <c>: replaced by =</c>.</summary>
    public string Name => $"{Character} {Kind.ToString().ToLowerInvariant()}" + (Kind == JsonFaultKind.Replaced ? $" by {Replacement}" : "");

    /// <summary>Makes the change.</summary>
    /// <param name="text">The text to change.</param>
    /// <returns>The changed text.</returns>
    public string ApplyTo(string text) => string.Concat(text.AsSpan(0, Position), Replacement, text.AsSpan(Position + Length));
}

/// <summary>What is done to a structural character.</summary>
public enum JsonFaultKind
{
    /// <summary>It is missing.</summary>
    Deleted,

    /// <summary>It is there twice.</summary>
    Doubled,

    /// <summary>Another character that it is mistaken for stands in its place.</summary>
    Replaced,

    /// <summary>It stands after the character that follows it.</summary>
    Swapped,
}
