using System.Globalization;

namespace Streamline.Protocols.Shared;

/// <summary>
/// How metadata of one of several answers is named: by the protocol's own name where that is known to be one of an answer's and the answer is the first, and with
/// a path where several answers could be meant.
/// </summary>
/// <param name="list">The list of the answers, with which a path begins.</param>
/// <param name="members">What an answer is known to say. Everything else of it is named by its path.</param>
internal sealed class AnswerNames(string list, params string[] members)
{
    private readonly string _prefix = list + "[";

    /// <summary>Gets the name of a member of an answer.</summary>
    public string Of(string member, int answer) => answer == 0 && IsKnown(member) ? member : Qualify(member, answer);

    /// <summary>Gets a name that says which answer is meant.</summary>
    public string Qualify(string member, int answer) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{answer}].{member}");

    /// <summary>Reads a name back.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The number of the answer that the value belongs to, or <see langword="null"/>, and the name of the member.</returns>
    public (int? Answer, string Member) Read(string name) =>
        name.StartsWith(_prefix, StringComparison.Ordinal)
        && name.IndexOf("].", StringComparison.Ordinal) is > 0 and var end
        && int.TryParse(name.AsSpan(_prefix.Length..end), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number, name[(end + 2)..])
            : (IsKnown(name) ? 0 : null, name);

    private bool IsKnown(string member) => members.Contains(member, StringComparer.Ordinal);
}
