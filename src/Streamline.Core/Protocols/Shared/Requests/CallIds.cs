using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Streamline.Protocols.Shared;

/// <summary>Gives ids of calls that another provider made the form that a wire takes, alike for the call and for its result.</summary>
internal static class CallIds
{
    private const int HashLength = 16;
    private const int ShortLength = 9;

    private static readonly SearchValues<char> Taken = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Gives an id only letters, digits, <c>_</c> and <c>-</c>; other providers' ids have more, such as <c>functions.f:0</c>.</summary>
    /// <param name="callId">The id.</param>
    /// <param name="maxLength">How long it may be, in characters. A hash stands for the end of a longer one, so that two stay two.</param>
    public static string Mend(string callId, int maxLength = int.MaxValue)
    {
        var id = callId.Length <= maxLength
            ? callId
            : $"{callId.AsSpan(0, maxLength - HashLength - 1)}_{Hash(callId, HashLength)}";
        return id.AsSpan().ContainsAnyExcept(Taken)
            ? string.Create(id.Length, id, static (mended, source) => source.AsSpan().ReplaceAnyExcept(mended, Taken, '_'))
            : id;
    }

    /// <summary>Gets an id of nine letters and digits. A hash stands for any other.</summary>
    /// <param name="callId">The id.</param>
    public static string Shorten(string callId) =>
        callId.Length == ShortLength && callId.All(char.IsAsciiLetterOrDigit) ? callId : Hash(callId, ShortLength);

    private static string Hash(string callId, int length) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(callId)))[..length];
}
