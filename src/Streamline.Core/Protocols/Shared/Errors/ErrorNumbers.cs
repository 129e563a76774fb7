using System.Globalization;
using System.Net;

namespace Streamline.Protocols.Shared;

/// <summary>Numbers that errors give as codes: an HTTP status, or a number of the provider's own.</summary>
internal static class ErrorNumbers
{
    /// <summary>Reads the HTTP status of an error; <see langword="null"/> for any other number.</summary>
    public static HttpStatusCode? ToStatus(long? number) => number is >= 400 and < 600 ? (HttpStatusCode)number : null;

    /// <summary>Reads a number of <c>base_resp.status_code</c>.</summary>
    public static HttpStatusCode? OfBaseResponse(long number) => number switch
    {
        1001 => HttpStatusCode.GatewayTimeout,
        1002 or 1039 or 1041 or 2045 => HttpStatusCode.TooManyRequests,
        1004 or 2049 => HttpStatusCode.Unauthorized,
        1008 => HttpStatusCode.PaymentRequired,
        1000 or 1013 or 1024 or 1033 => HttpStatusCode.InternalServerError,
        1026 or 1027 or 1042 or 2013 => HttpStatusCode.BadRequest,
        _ => ToStatus(number),
    };

    /// <summary>Reads a number of <c>error_code</c>.</summary>
    public static HttpStatusCode? OfErrorCode(long number) => number switch
    {
        2 or 336000 or 336001 => HttpStatusCode.InternalServerError,
        4 or 17 or 18 or 19 or 336501 or 336502 => HttpStatusCode.TooManyRequests,
        6 or 336004 or 336005 => HttpStatusCode.Forbidden,
        13 or 14 or 15 or 100 or 110 or 111 => HttpStatusCode.Unauthorized,
        336002 or 336003 or 336006 or 336007 or 336103 or 336104 => HttpStatusCode.BadRequest,
        336100 => HttpStatusCode.ServiceUnavailable,
        _ => ToStatus(number),
    };

    public static string ToCode(long number) => number.ToString(CultureInfo.InvariantCulture);
}
