namespace Streamline.Diagnostics;

/// <summary>Which edition of the names of OpenTelemetry's semantic conventions for generative AI is used. Neither is stable yet.</summary>
public enum GenAiEdition
{
    /// <summary>Version 1.41, which Microsoft.Extensions.AI 10.11 uses too.</summary>
    V141,

    /// <summary>The names that have been decided on since, as of November 2026.</summary>
    Next,
}
