using System.Text;

namespace Streamline.Json;

/// <summary>Finds blocks such as <c>&lt;think&gt;…&lt;/think&gt;</c>.</summary>
internal struct JsonReasoningTag
{
    private const int LongestTag = 12;
    private const int LongestOpening = 128; // with attributes

    private static readonly string[] Names = ["think", "thinking", "thought", "thoughts", "reasoning", "reflection", "scratchpad"];

    private string? _name; // of a tag that is being read, or was
    private bool _isNamed; // attributes may follow
    private string? _closing; // what has come of a closing tag
    private bool _isLineStart;

    /// <summary>How many bytes the tag has.</summary>
    public int Length { get; private set; }

    /// <summary>Whether a line of the block begins like a document. If the block does not end, that may be the document.</summary>
    public bool HasDocument { get; private set; }

    /// <summary>Looks at the next byte before a document.</summary>
    /// <returns>Whether it ends the opening tag.</returns>
    public bool Begins(byte found)
    {
        Length++;
        if (found == (byte)'<')
        {
            (_name, _isNamed, Length) = ("", false, 1);
        }
        else if (_name is not null && found == (byte)'>' && Names.Contains(_name))
        {
            (_closing, _isLineStart, HasDocument) = (null, false, false);
            return true;
        }
        else if (_name is not null && (_isNamed || (found == (byte)' ' && Names.Contains(_name))) && Length < LongestOpening)
        {
            _isNamed = true;
        }
        else if (_name is not null && !_isNamed && char.IsAsciiLetter((char)found) && _name.Length < LongestTag)
        {
            _name += (char)(found | 0x20);
        }
        else
        {
            _name = null;
        }

        return false;
    }

    /// <summary>Looks at the next byte of the block.</summary>
    /// <returns>Whether it ends the closing tag.</returns>
    public bool Ends(byte found)
    {
        if (found == (byte)'>' && _closing is ['/', .. var name] && IsSame(name))
        {
            (_name, HasDocument) = (null, false);
            return true;
        }

        HasDocument |= _isLineStart && found is (byte)'{' or (byte)'[';
        _isLineStart = found is (byte)'\n' or (byte)'\r' || (_isLineStart && found is (byte)' ' or (byte)'\t');
        _closing = found switch
        {
            (byte)'<' => "",
            (byte)'/' when _closing is "" => "/",
            _ when _closing is ['/', ..] && char.IsAsciiLetter((char)found) && _closing.Length <= LongestTag => _closing + (char)(found | 0x20),
            _ => null,
        };
        return false;
    }

    // Models end <think> with </thinking>.
    private readonly bool IsSame(string name) => name == _name || (name.StartsWith("think", StringComparison.Ordinal) && Names.Contains(name) && _name!.StartsWith("think", StringComparison.Ordinal));
}
