using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streamline.Tests.Structured;

/// <summary>An enumeration of which every value, also the first, is a real one.</summary>
internal enum Priority
{
    Low,

    [JsonStringEnumMemberName("top")]
    High,
}

[Flags]
internal enum Days
{
    Monday = 1,
    Tuesday = 2,
}

[Description("A plan.")]
internal sealed record Plan(
    [property: Description("What it is for.")][property: StringLength(40, MinimumLength = 3)] string Goal,
    [property: Range(1, 10)] int Effort,
    Priority Priority,
    IReadOnlyList<PlanStep> Steps,
    [property: MinLength(1)] List<string> Tags,
    Uri Link,
    DateTimeOffset Due,
    Owner Owner,
    string Currency = "EUR")
{
    [RegularExpression("^[a-z]+$")]
    public string? Slug { get; init; }

    public ImmutableArray<int> Codes { get; init; }

    public JsonElement Extra { get; init; }

    public Days Days { get; init; }

    public Dictionary<string, int> Counts { get; set; } = new() { ["default"] = 1 };

    [JsonConverter(typeof(JsonStringEnumConverter<Priority>))]
    public Priority Fallback { get; set; }
}

internal sealed record PlanStep(string Title, Priority Priority)
{
    public string? Note { get; init; }

    [JsonPropertyName("sub-steps")]
    public IReadOnlyList<PlanStep>? Steps { get; init; }
}

internal sealed record Owner(string Name, Address Home);

internal sealed record Address(string City, string[] Lines);

/// <summary>An object that holds another one which cannot be made of nothing.</summary>
internal sealed record Journey(string Name, Transport By);

internal sealed record Ticket([property: RequiredToShow] string Id, [property: ShowWhenComplete] string File, [RequiredToShow][ShowWhenComplete] string Code, string Text);

[ShowWhenComplete]
internal sealed record Snippet(string Language, string Code);

internal sealed record Notes(List<Ticket> Tickets, Snippet? Snippet, string Text);

internal sealed record Log(IReadOnlyList<LogEntry> Entries, string Summary);

internal sealed record LogOf<TEntries>(TEntries Entries, string Summary);

internal sealed record LogEntry(int Id, string Text);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(Journey))]
[JsonSerializable(typeof(Notes))]
[JsonSerializable(typeof(Log))]
[JsonSerializable(typeof(LogOf<List<LogEntry>>))]
[JsonSerializable(typeof(LogOf<LogEntry[]>))]
[JsonSerializable(typeof(LogOf<Dictionary<string, LogEntry>>))]
[JsonSerializable(typeof(Priority))]
[JsonSerializable(typeof(Priority[]))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(List<PlanStep>))]
[JsonSerializable(typeof(Transport))]
internal sealed partial class PlanContext : JsonSerializerContext;
