using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Streamline.Protocols;

/// <summary>Gives ids of calls that another provider made the form that a wire takes, alike for the call and for its result.</summary>
internal static class CallIds
{
    private const int HashLength = 16;

    private static readonly SearchValues<char> Taken = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Gives an id only letters, digits, <c>_</c> and <c>-</c>; other providers' ids have more, such as <c>functions.f:0</c>.</summary>
    /// <param name="callId">The id.</param>
    /// <param name="maxLength">How long it may be, in characters. A hash stands for the end of a longer one, so that two stay two.</param>
    public static string Mend(string callId, int maxLength = int.MaxValue)
    {
        var id = callId.Length <= maxLength
            ? callId
            : $"{callId.AsSpan(0, maxLength - HashLength - 1)}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(callId)))[..HashLength]}";
        return id.AsSpan().ContainsAnyExcept(Taken)
            ? string.Create(id.Length, id, static (mended, source) => source.AsSpan().ReplaceAnyExcept(mended, Taken, '_'))
            : id;
    }
}
