namespace GatewaySample;

/// <summary>What the gateway logs: never content, never a key.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(LogLevel.Information, "Requests are answered by {Description}. Models: {Models}")]
    public static partial void Answering(this ILogger logger, string description, string models);
}
