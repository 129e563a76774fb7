namespace Streamline.Tests.Protocols.Hostile;

/// <summary>Something that must not happen, whatever the input is.</summary>
/// <param name="Signature">What went wrong and where, without details of the input: equal for equal causes.</param>
/// <param name="Detail">The exception or the difference.</param>
internal sealed record Violation(string Signature, string Detail);
