using System.Text.Json;

namespace Streamline;

/// <summary>A value that is well-formed, but that only a later version knows.</summary>
internal sealed class UnknownNameException(string message) : JsonException(message);
