using System.Globalization;

namespace Streamline;

/// <summary>Says in a few words, without payload, why a stream failed.</summary>
internal static class FailureWords
{
    public static string Of(Exception exception) => exception switch
    {
        ProviderException provider => Of(provider),
        StreamTimeoutException { Phase: StreamTimeoutPhase.Idle } => "the answer stalled",
        StreamTimeoutException => "no answer in time",
        StreamInterruptedException => "the connection broke",
        _ => TypeNames.Of(exception),
    };

    private static string Of(ProviderException exception)
    {
        var status = exception.StatusCode is { } code ? string.Create(CultureInfo.InvariantCulture, $" HTTP {(int)code}") : "";
        return $"{exception.Provider} answered{(status.Length == 0 && exception.Code is null ? " with an error" : status)}{(exception.Code is null ? "" : " " + exception.Code)}";
    }
}
