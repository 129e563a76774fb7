using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Streamline.Json;

/// <summary>The property names of an object, or the strings of an enum, as a schema lists them.</summary>
internal sealed class JsonNameTable
{
    private readonly HashSet<ulong> _exact = [];
    private readonly Dictionary<ulong, byte[]?> _alike = []; // null where several names are alike

    /// <summary>How many there are.</summary>
    public int Count => _exact.Count;

    /// <summary>Adds a name.</summary>
    /// <returns>Its hash.</returns>
    public ulong Add(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        var hash = JsonNameHash.Add(JsonNameHash.Empty, bytes);
        if (_exact.Add(hash))
        {
            var letters = JsonNameHash.OfLetters(bytes);
            _alike[letters] = _alike.ContainsKey(letters) ? null : [(byte)'"', .. JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];
        }

        return hash;
    }

    public bool Contains(ulong hash) => _exact.Contains(hash);

    /// <summary>Finds the only name that differs in case and separators alone.</summary>
    /// <param name="name">The name as it was written.</param>
    /// <returns>The name as a JSON string, with quotes; <see langword="null"/> when there is none.</returns>
    public byte[]? FindAlike(ReadOnlySpan<byte> name) => _alike.GetValueOrDefault(JsonNameHash.OfLetters(name));
}
