namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Takes from steps what their blocks do not hold already: a step goes back as its envelope with the blocks put into it.</summary>
internal static class InteractionsEnvelope
{
    private const string Type = "type";

    /// <summary>The envelope of a thought that says nothing more.</summary>
    public static readonly JsonElement Thought = JsonElement.Parse("""{"type":"thought"}"""u8);

    /// <summary>Gets what an output step says besides its contents; <see langword="null"/> for nothing.</summary>
    public static JsonElement? OfOutput(PayloadValue step) => OfOutput(step.ToElement());

    /// <inheritdoc cref="OfOutput(PayloadValue)"/>
    public static JsonElement? OfOutput(JsonElement step) => HasMoreThan(step, "content") ? Without(step, "content") : null;

    /// <summary>Gets a thought without its summary and signature.</summary>
    public static JsonElement OfThought(JsonElement step) => HasMoreThan(step, "summary", "signature") ? Without(step, "summary", "signature") : Thought;

    /// <summary>Gets what the call of a function says besides its id, name and arguments; <see langword="null"/> for nothing. A signature that is empty says nothing.</summary>
    public static JsonElement? OfCall(JsonElement step)
    {
        string[] known = step.Text("signature"u8) == "" ? ["id", "name", "arguments", "signature"] : ["id", "name", "arguments"];
        return HasMoreThan(step, known) ? Without(step, known) : null;
    }

    /// <summary>Begins a step, to which its deltas add.</summary>
    public static MergedObject Begin(StreamReadOptions options, JsonElement step)
    {
        var begun = new MergedObject(options, mergesInner: false);
        begun.Add(step);
        return begun;
    }

    /// <summary>Gets what a delta says of its step. The type of the delta is its own.</summary>
    public static JsonElement OfDelta(PayloadValue delta)
    {
        var more = delta.ToElement();
        return JsonWriting.ToElement(writer =>
        {
            foreach (var member in more.EnumerateObject().Where(member => member.Name != Type && member.Value.ValueKind != JsonValueKind.Null))
            {
                writer.WriteMember(member.Name, member.Value);
            }
        });
    }

    /// <summary>Adds a text to an object.</summary>
    public static JsonElement With(JsonElement step, string name, string text) => JsonWriting.ToElement(writer =>
    {
        writer.WriteMembers(step);
        writer.WriteString(name, text);
    });

    private static bool HasMoreThan(JsonElement step, params string[] names) =>
        step.EnumerateObject().Any(member => member.Name != Type && !names.Contains(member.Name));

    private static JsonElement Without(JsonElement step, params string[] names) => JsonWriting.ToElement(writer => writer.WriteMembers(step, names));
}
