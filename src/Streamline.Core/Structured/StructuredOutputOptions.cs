using Microsoft.Extensions.AI;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Settings of a structured answer.</summary>
public sealed class StructuredOutputOptions
{
    /// <summary>Gets or sets the options of the request, such as the model, limits and tools.</summary>
    /// <value>The default is <see langword="null"/>: the client's defaults. They are copied; the response format, or with a tool call the tool and its mode, are set in the copy.</value>
    public ChatOptions? Chat { get; set; }

    /// <summary>Gets or sets how the model is told the form of the answer.</summary>
    /// <value>The default is <see cref="StructuredOutputMode.Auto"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the modes.</exception>
    public StructuredOutputMode Mode
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, (uint)StructuredOutputMode.ToolCall, nameof(Mode));
            field = value;
        }
    }

    /// <summary>Gets or sets the name of the schema, or of the tool: letters, digits, <c>_</c> and <c>-</c>, at most 64.</summary>
    /// <value>The default is <see langword="null"/>: made of the name of the type.</value>
    public string? SchemaName { get; set; }

    /// <summary>Gets or sets what the value is, in words for the model.</summary>
    /// <value>The default is <see langword="null"/>: none.</value>
    public string? SchemaDescription { get; set; }

    /// <summary>Gets how the JSON text is read: what is repaired in it, and limits. To change it, write <c>Json = { Repair = PartialJsonRepairMode.Guess }</c>.</summary>
    /// <value>
    /// By default, a Markdown fence, prose and <c>&lt;think&gt;</c> blocks around the value are skipped, slips that have one reading only are repaired
    /// (<see cref="PartialJsonRepairMode.Safe"/>), all of it is reported in <see cref="Partial{T}.Repairs"/>, and the limits are those of <see cref="PartialJsonOptions"/>. With
    /// <see cref="PartialJsonRepairMode.Guess"/>, repairs prefer what fits the schema of the type, unless <see cref="PartialJsonOptions.Schema"/> says otherwise.
    /// </value>
    public PartialJsonOptions Json { get; private set; } = new() { Repair = PartialJsonRepairMode.Safe };

    /// <summary>Gets what previews show, and when, for types that cannot have <see cref="ShowWhenCompleteAttribute"/> and <see cref="RequiredToShowAttribute"/>.</summary>
    /// <value>Empty by default: what the attributes say.</value>
    public PreviewRules Previews { get; private set; } = new();

    internal StructuredOutputOptions Copy()
    {
        var copy = (StructuredOutputOptions)MemberwiseClone();
        copy.Chat = Chat?.Clone();
        copy.Json = Json.Copy();
        copy.Previews = Previews.Copy();
        return copy;
    }
}
