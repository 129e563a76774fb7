namespace Streamline.Resilience;

/// <summary>When an attempt failed.</summary>
public enum RetryPhase
{
    /// <summary>Before the consumer had seen anything of its response: another attempt needs no notice.</summary>
    BeforeContent,

    /// <summary>After the consumer had seen a part of the response: another attempt is announced by <see cref="StreamResumed"/> or <see cref="StreamRestarted"/>.</summary>
    MidStream,
}
