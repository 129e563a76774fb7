using Microsoft.Extensions.AI;

namespace Streamline.TestSupport;

/// <summary>Partial responses of exceptions, for assertions.</summary>
public static class PartialResponses
{
    /// <summary>The partial response of an exception; null when it has none.</summary>
    public static ChatResponse? GetPartialResponse(this Exception exception) => PartialResponse.TryGet(exception, out var response) ? response : null;

    public static void SetPartialResponse(this Exception exception, ChatResponse? response) => PartialResponse.Set(exception, response);
}
