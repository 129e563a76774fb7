namespace Streamline.Cli.Inspection;

/// <summary>An event, and when the chunk that completed it had arrived.</summary>
internal readonly record struct TimedEvent(TimeSpan At, StreamEvent Event);
