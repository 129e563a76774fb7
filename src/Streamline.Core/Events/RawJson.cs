using System.Runtime.InteropServices;
using System.Text.Json;
using Streamline.Json;

namespace Streamline;

/// <summary>
/// JSON of a provider as it was received, parsed when it is first asked for: most applications never look at it. Immutable, and safe to use from any thread.
/// </summary>
internal sealed class RawJson
{
    private readonly byte[]? _utf8;

    // A box of the element. Two threads may both make one; either is as good as the other.
    private object? _element;

    /// <summary>Copies JSON text that was read before, so that it is known to be valid. Half a surrogate pair in it reads as U+FFFD.</summary>
    public RawJson(ReadOnlySpan<byte> utf8Json)
    {
        _utf8 = GC.AllocateUninitializedArray<byte>(utf8Json.Length);
        utf8Json.CopyTo(_utf8);
    }

    private RawJson(JsonElement element) => _element = element;

    /// <summary>Gets the value.</summary>
    public JsonElement Element => (JsonElement)(_element ??= ProviderJson.Parse(JsonSurrogates.Replace(_utf8)));

    /// <summary>Gets the JSON text.</summary>
    public ReadOnlySpan<byte> Utf8 =>
        _utf8 ?? (_element is JsonElement { ValueKind: not JsonValueKind.Undefined } element ? JsonMarshal.GetRawUtf8Value(element) : default);

    /// <summary>Takes over a value.</summary>
    public static implicit operator RawJson(JsonElement element) => new(element);

    /// <summary>Takes over a value; <see langword="null"/> for none.</summary>
    public static RawJson? Of(JsonElement? element) => element is { } value ? new RawJson(value) : null;
}
