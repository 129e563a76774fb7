using System.Text.Json;

namespace Streamline.Tools;

/// <summary>A JSON schema, or a part of one, as far as it is checked. Absent keywords are <see langword="null"/>; a rule without any allows everything.</summary>
internal sealed class SchemaRule
{
    /// <summary>Whether nothing is allowed: the schema <c>false</c>.</summary>
    public bool IsNever { get; set; }

    /// <summary>Whether the schema says more than the rule does, so that a value that the rule allows may not match the schema.</summary>
    public bool IsPartial { get; set; }

    /// <summary>Whether <c>null</c> is allowed whatever else the schema says: <c>nullable</c>, as OpenAPI 3.0 has it.</summary>
    public bool IsNullable { get; set; }

    /// <summary>What <c>$ref</c> refers to.</summary>
    public SchemaRule? Reference { get; set; }

    public string[]? Types { get; set; }

    public JsonElement[]? Values { get; set; }

    public JsonElement? Only { get; set; }

    public string[]? Required { get; set; }

    public SchemaProperties? Properties { get; set; }

    /// <summary>The rule of members without one of their own; not checked where the schema has patterns, which are not understood.</summary>
    public SchemaRule? Additional { get; set; }

    public SchemaRule[]? Prefix { get; set; }

    public SchemaRule? Items { get; set; }

    public SchemaRule[]? AllOf { get; set; }

    public SchemaRule[]? AnyOf { get; set; }

    public SchemaRule[]? OneOf { get; set; }

    public (SchemaBound? Least, SchemaBound? Most) Length { get; set; }

    public (SchemaBound? Least, SchemaBound? Most) ItemCount { get; set; }

    public (SchemaBound? Least, SchemaBound? Most) MemberCount { get; set; }

    public (SchemaBound? Least, SchemaBound? Most) Range { get; set; }

    /// <summary>The range whose ends do not belong to it.</summary>
    public (SchemaBound? Least, SchemaBound? Most) OpenRange { get; set; }
}

/// <summary>A bound, and how the schema writes it.</summary>
internal sealed record SchemaBound(double Value, string Text);
