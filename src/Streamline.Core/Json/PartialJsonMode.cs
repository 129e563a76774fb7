namespace Streamline.Json;

/// <summary>How much a <see cref="PartialJsonDocument"/> forgives. Each mode forgives all that the one before it does.</summary>
public enum PartialJsonMode
{
    /// <summary>Exactly RFC 8259. A text that is cut short is an error once its end is declared.</summary>
    Strict,

    /// <summary>A text that is cut short is no error: what is missing stays missing and incomplete. Malformed text is an error.</summary>
    Truncation,

    /// <summary>Malformed text is repaired where it has one reading only, and reported; elsewhere it is an error.</summary>
    Safe,

    /// <summary>Malformed text is always repaired and reported, by what its writer most likely meant. There are no errors but limits.</summary>
    Aggressive,
}
