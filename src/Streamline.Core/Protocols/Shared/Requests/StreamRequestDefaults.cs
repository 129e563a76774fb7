namespace Streamline.Protocols.Shared;

/// <summary>What a request writer fills in where a request says nothing.</summary>
/// <param name="Model">The model; <see langword="null"/> when there is no default.</param>
/// <param name="MaxOutputTokens">The limit on output tokens; <see langword="null"/> when there is no default.</param>
internal readonly record struct StreamRequestDefaults(string? Model, int? MaxOutputTokens);
