namespace Streamline.Resilience;

/// <summary>
/// The place at which a literal continuation follows: at once, except for the white space that was shown and could not be sent, which the model writes again, and for a message
/// that some servers repeat.
/// </summary>
/// <param name="sent">The text that the model was given as the beginning of its message.</param>
/// <param name="unsent">What was shown after it.</param>
/// <param name="mayRepeat">Whether the server may repeat what it was given.</param>
internal sealed class PrefillJoint(string sent, string unsent, bool mayRepeat) : IJointFinder
{
    /// <summary>A shorter text may begin the rest by chance.</summary>
    public const int MinRepeated = 12;

    private readonly string _repeated = mayRepeat && sent.Length >= MinRepeated ? sent : "";
    private string _held = "";

    public Joint? Add(string piece, bool isLast)
    {
        _held += piece;
        var isRepeated = _held.StartsWith(_repeated, StringComparison.Ordinal);
        if (!isRepeated && !isLast && _held.Length < _repeated.Length && _repeated.StartsWith(_held, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = isRepeated ? _held.AsSpan(_repeated.Length) : _held;
        var again = rest.CommonPrefixLength(unsent);
        if (!isLast && again == rest.Length && again < unsent.Length)
        {
            return null;
        }

        // White space of another kind than what was shown is not a word that is missing or repeated, but it is not exact either.
        var confidence = again == unsent.Length || rest.IsEmpty ? SeamConfidence.Exact : SeamConfidence.High;
        return new Joint(rest[again..].ToString(), confidence, Overlap: (isRepeated ? _repeated.Length : 0) + again);
    }

    public void Reset() => _held = "";
}
