using System.Net;

namespace Streamline.Protocols.Shared;

/// <summary>What a code or a type of error stands for.</summary>
/// <param name="Status">The HTTP status; <see langword="null"/> when it stands for none.</param>
/// <param name="IsRetryable">Whether another attempt may succeed, where the status does not tell.</param>
/// <param name="IsGeneric">Whether servers give it to errors of any kind, so that a status beside it says more.</param>
internal readonly record struct ErrorKind(HttpStatusCode? Status, bool? IsRetryable = null, bool IsGeneric = false)
{
    public static implicit operator ErrorKind(int status) => new((HttpStatusCode)status);
}
