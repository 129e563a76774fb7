namespace GatewaySample;

/// <summary>A client sent something that is not a request.</summary>
internal sealed class GatewayRequestException(string message, Exception cause) : Exception(message, cause);
