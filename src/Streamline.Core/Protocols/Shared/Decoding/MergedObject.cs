using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Streamline.Protocols.Shared;

/// <summary>
/// An object that a protocol tells in several pieces, such as what must go back with a call. Pieces are put together when there is as much of them as of the object, or when somebody
/// asks, so that many of them cost no more than their length.
/// </summary>
/// <param name="options">The limits: the object is no longer than an event may be.</param>
/// <param name="mergesInner">Whether objects within are merged too; if not, the later one replaces the earlier one.</param>
internal sealed class MergedObject(StreamReadOptions options, bool mergesInner = true)
{
    private const int MinPieceBytes = 1024;

    private readonly List<JsonElement> _pieces = [];
    private JsonElement? _whole;
    private long _pieceBytes;

    /// <summary>Gets the object so far; <see langword="null"/> before its first piece.</summary>
    /// <exception cref="StreamLimitException">It is too long.</exception>
    public JsonElement? Value
    {
        get
        {
            Merge();
            return _whole;
        }
    }

    /// <summary>Adds a piece: members that are there already are replaced.</summary>
    /// <exception cref="StreamLimitException">The object is too long.</exception>
    public void Add(JsonElement? more)
    {
        if (more is not { } piece)
        {
            return;
        }

        if (_whole is null)
        {
            _whole = piece;
            return;
        }

        // Many servers repeat what they said.
        var bytes = JsonMarshal.GetRawUtf8Value(piece);
        if (bytes.SequenceEqual(JsonMarshal.GetRawUtf8Value(_pieces.Count > 0 ? _pieces[^1] : _whole.Value)))
        {
            return;
        }

        _pieces.Add(piece);
        _pieceBytes += bytes.Length;
        if (_pieceBytes > Math.Max(MinPieceBytes, JsonMarshal.GetRawUtf8Value(_whole.Value).Length))
        {
            Merge();
        }
    }

    private void Merge()
    {
        if (_pieces.Count == 0)
        {
            return;
        }

        var before = _whole!.Value;
        var whole = JsonObject.Create(before)!;
        foreach (var piece in _pieces)
        {
            Add(whole, piece);
        }

        _pieces.Clear();
        _pieceBytes = 0;
        var merged = ProviderJson.Parse(whole.ToJsonString());
        _whole = JsonElement.DeepEquals(merged, before) ? before : merged;
        var length = JsonMarshal.GetRawUtf8Value(_whole.Value).Length;
        if (length > options.MaxEventBytes)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxEventBytes), options.MaxEventBytes, length);
        }
    }

    private void Add(JsonObject whole, JsonElement added)
    {
        foreach (var member in added.EnumerateObject())
        {
            if (mergesInner && member.Value.ValueKind == JsonValueKind.Object && whole[member.Name] is JsonObject inner)
            {
                Add(inner, member.Value);
            }
            else
            {
                whole[member.Name] = ProviderJson.ParseNode(member.Value.RawText());
            }
        }
    }
}
