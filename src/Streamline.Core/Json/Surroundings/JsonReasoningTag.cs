using System.Text;

namespace Streamline.Json;

/// <summary>Finds blocks such as <c>&lt;think&gt;…&lt;/think&gt;</c>.</summary>
internal struct JsonReasoningTag
{
    private const int LongestTag = 12;

    private static readonly string[] Names = ["think", "thinking", "thought", "thoughts", "reasoning", "reflection", "scratchpad"];

    private string? _name; // of a tag that is being read, or was
    private byte[]? _end;
    private int _matched;

    /// <summary>How many bytes the tag has.</summary>
    public readonly int Length => (_name?.Length ?? 0) + 2;

    /// <summary>Looks at the next byte before a document.</summary>
    /// <returns>Whether it ends the opening tag.</returns>
    public bool Begins(byte found)
    {
        if (found == (byte)'<')
        {
            _name = "";
        }
        else if (_name is not null && char.IsAsciiLetter((char)found) && _name.Length < LongestTag)
        {
            _name += (char)(found | 0x20);
        }
        else if (_name is not null && found == (byte)'>' && Names.Contains(_name))
        {
            _end = Encoding.ASCII.GetBytes($"</{_name}>");
            _matched = 0;
            return true;
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
        var lower = char.IsAsciiLetter((char)found) ? (byte)(found | 0x20) : found;
        _matched = lower == _end![_matched] ? _matched + 1 : found == (byte)'<' ? 1 : 0;
        if (_matched < _end.Length)
        {
            return false;
        }

        _name = null;
        return true;
    }
}
