namespace Streamline.Protocols.Shared;

/// <summary>Names of members, compared in UTF-8.</summary>
/// <param name="names">The names, separated by blanks.</param>
internal sealed class PayloadNames(string names)
{
    private readonly byte[][] _names = [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes)];

    public bool Contains(in PayloadMember member) => Contains(member.Utf8Name);

    public bool Contains(JsonProperty member) => Array.Exists(_names, name => member.NameEquals(name));

    public bool Contains(string name) => Contains(Encoding.UTF8.GetBytes(name));

    private bool Contains(ReadOnlySpan<byte> name)
    {
        foreach (var known in _names)
        {
            if (name.SequenceEqual(known))
            {
                return true;
            }
        }

        return false;
    }
}
