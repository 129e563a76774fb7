namespace Streamline.TestSupport;

/// <summary>A bound for awaits that would hang if the code under test were wrong. No test depends on its length.</summary>
public static class Guard
{
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(30);
}
