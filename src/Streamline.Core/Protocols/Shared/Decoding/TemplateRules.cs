namespace Streamline.Protocols.Shared;

/// <summary>Which members at the top of a payload may differ among payloads of one shape. One instance for each protocol.</summary>
internal sealed class TemplateRules
{
    private readonly PayloadNames _noise;
    private readonly byte[] _usage;
    private readonly byte[] _counter;
    private readonly byte[] _nestedNoise;

    /// <param name="noise">The names of strings and numbers that mean nothing, separated by blanks.</param>
    /// <param name="usage">The name of the object of token counts; empty for none.</param>
    /// <param name="counter">The name of the number of the event; empty for none.</param>
    /// <param name="nestedNoise">The name of a number that means nothing, wherever it stands; empty for none.</param>
    public TemplateRules(string noise = "", string usage = "", string counter = "", string nestedNoise = "")
    {
        _nestedNoise = Encoding.UTF8.GetBytes(nestedNoise);
        _noise = new PayloadNames(noise);
        _usage = Encoding.UTF8.GetBytes(usage);
        _counter = Encoding.UTF8.GetBytes(counter);
    }

    /// <summary>Tells whether a member is noise, which no decoder reports.</summary>
    public bool IsNoise(in PayloadMember member) => _noise.Contains(member);

    public bool IsNestedNoise(ReadOnlySpan<byte> name) => _nestedNoise.Length > 0 && name.SequenceEqual(_nestedNoise);

    public bool IsUsage(in PayloadMember member) => _usage.Length > 0 && member.NameEquals(_usage);

    public bool IsCounter(in PayloadMember member) => _counter.Length > 0 && member.NameEquals(_counter);
}
