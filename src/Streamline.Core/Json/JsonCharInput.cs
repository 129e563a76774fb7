using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Streamline.Json;

/// <summary>Turns UTF-16 that arrives in pieces into UTF-8. A surrogate at the end of a piece waits for its other half.</summary>
internal struct JsonCharInput
{
    private char _held; // NUL when none waits

    /// <summary>Whether a surrogate waits for its other half.</summary>
    public readonly bool IsHolding => _held != default;

    /// <summary>Takes some of the next characters.</summary>
    /// <param name="json">The characters, at least one. Shortened by those that were taken.</param>
    /// <param name="utf8">Where their bytes go.</param>
    /// <param name="lone">A surrogate without its other half that comes after these bytes; else NUL.</param>
    /// <returns>How many bytes were written.</returns>
    public int Take(ref ReadOnlySpan<char> json, scoped Span<byte> utf8, out char lone)
    {
        lone = default;
        if (IsHolding)
        {
            if (Rune.TryCreate(_held, json[0], out var rune))
            {
                _held = default;
                json = json[1..];
                return rune.EncodeToUtf8(utf8);
            }

            lone = TakeHeld();
            return 0;
        }

        var status = Utf8.FromUtf16(json, utf8, out var read, out var written, replaceInvalidSequences: false, isFinalBlock: false);
        json = json[read..];
        if (status == OperationStatus.NeedMoreData)
        {
            _held = json[0];
            json = default;
        }
        else if (status == OperationStatus.InvalidData)
        {
            lone = json[0];
            json = json[1..];
        }

        return written;
    }

    /// <summary>Takes the surrogate that waits, whose other half does not come.</summary>
    public char TakeHeld()
    {
        var held = _held;
        _held = default;
        return held;
    }
}
