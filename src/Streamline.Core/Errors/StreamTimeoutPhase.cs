namespace Streamline;

/// <summary>The part of an exchange that took too long.</summary>
public enum StreamTimeoutPhase
{
    /// <summary>Connecting, sending the request, and waiting for the head of the response.</summary>
    ResponseHead,

    /// <summary>Waiting for the first event other than pings and comments, from the start of the request on.</summary>
    FirstEvent,

    /// <summary>Waiting for the next event. Pings and comments count as events.</summary>
    Idle,

    /// <summary>Waiting for an event other than pings and comments.</summary>
    Progress,

    /// <summary>Waiting for a model that writes too slowly.</summary>
    Throughput,

    /// <summary>The exchange as a whole.</summary>
    Total,
}
