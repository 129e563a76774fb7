namespace Streamline.Diagnostics;

/// <summary>Which provider is asked for which model, as far as it is known before the provider answers.</summary>
internal sealed record TracedClient(string? Provider, string? Model);
