using System.Text.Json.Serialization;

namespace Streamline.Text;

/// <summary>The severity of a <see cref="CodeDiagnostic"/>.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CodeDiagnosticSeverity>))]
public enum CodeDiagnosticSeverity
{
    /// <summary>The code is not valid.</summary>
    Error,

    /// <summary>The code is valid, but probably wrong.</summary>
    Warning,

    /// <summary>A remark.</summary>
    Info,
}

/// <summary>Something that a check found in code. Immutable.</summary>
public sealed record CodeDiagnostic
{
    /// <summary>Gets the severity.</summary>
    /// <value>The default is <see cref="CodeDiagnosticSeverity.Error"/>.</value>
    public CodeDiagnosticSeverity Severity { get; init; }

    /// <summary>Gets what was found.</summary>
    public required string Message { get; init; }

    /// <summary>Gets the identifier of the rule, such as <c>CS1002</c>; <see langword="null"/> when it has none.</summary>
    public string? Code { get; init; }

    /// <summary>Gets the line, from 1; 0 when it is not known.</summary>
    public int Line { get; init; }

    /// <summary>Gets the column in the line, in UTF-16 code units from 1; 0 when it is not known.</summary>
    public int Column { get; init; }

    /// <summary>Gets the name of the file in which it was found; <see langword="null"/> for the block that was checked.</summary>
    public string? FileName { get; init; }

    /// <summary>Describes the finding on one line: <c>Foo.cs(3,14): CS1002: ; expected</c>.</summary>
    public override string ToString() => $"{FileName}({Line},{Column}): {(Code is null ? Severity.ToString() : Code)}: {Message}";
}
