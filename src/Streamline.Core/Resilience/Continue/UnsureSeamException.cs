namespace Streamline.Resilience;

/// <summary>The place at which a continuation follows what was shown is not certain enough. Never seen by the consumer: another way is taken, or the first failure is thrown.</summary>
internal sealed class UnsureSeamException() : Exception("It is not certain where the continuation follows what was shown.");
