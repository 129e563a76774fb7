namespace GatewaySample;

/// <summary>A client sent what is no request.</summary>
internal sealed class GatewayRequestException(string message, Exception cause) : Exception(message, cause);
