namespace Streamline.Protocols;

/// <summary>The wires that Streamline speaks.</summary>
public static partial class StreamProtocols;
