namespace Streamline;

/// <summary>A stream whose enumerators fold their own events; see <see cref="IFoldedEvents"/>.</summary>
internal interface IFoldedStream;
