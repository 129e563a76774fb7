using System.Runtime.InteropServices;

namespace Streamline.Protocols.GeminiInteractions;

/// <summary>The steps of an interaction: which one an event belongs to. Steps may overlap. What has ended is not told again.</summary>
/// <param name="output">Where events go.</param>
internal sealed class InteractionsSteps(DecoderOutput output)
{
    private readonly BlockTable<InteractionsStep> _table = new(output.Options);

    /// <summary>Gets a value indicating whether the model waits for the application's answer to a call.</summary>
    public bool IsAwaitingAnswers { get; private set; }

    public bool IsEmpty => _table.Entries.Count == 0;

    /// <summary>Gets the provider's index of the first open step; <see langword="null"/> when none is open.</summary>
    public long? OpenIndex => _table.OpenIndex;

    /// <summary>Gets the open steps that a new stream must know to continue them.</summary>
    public IReadOnlyList<InteractionsOpenStep> Snapshot() =>
        [.. _table.Entries.Where(entry => !entry.IsEnded && entry.Value.Snapshot is not null).Select(entry => entry.Value.Snapshot! with { Index = entry.Index })];

    /// <summary>Opens the steps that were open when another stream was left.</summary>
    public void Restore(IReadOnlyList<InteractionsOpenStep> steps)
    {
        foreach (var open in steps)
        {
            using var payload = Payload.Parse(JsonMarshal.GetRawUtf8Value(open.Step), "a step", byteOffset: 0);
            var entry = Open(payload, open.Index, payload.Root);
            if (open.Arguments is { } arguments && entry.Value is InteractionsCallStep call)
            {
                call.AppendEarlier(arguments);
            }
        }
    }

    /// <summary>Begins a step by its own event.</summary>
    /// <param name="payload">The event.</param>
    /// <param name="step">The step, or a content where an older server begins one.</param>
    /// <returns><see langword="false"/> when the event is to be passed through: what the user said is not a part of the answer.</returns>
    public bool TryBegin(in Payload payload, PayloadValue step)
    {
        var index = IndexOf(payload.Root);
        var type = TypeOf(step);
        if (type == InteractionsStepTypes.UserInput)
        {
            return false;
        }

        if (_table.FindOpen(index) is { } open && index is not null)
        {
            var id = step.NonEmptyText("id"u8);
            if (open.Type == type && (id is null || open.Id == id))
            {
                return true;
            }

            End(open, isWhole: true);
        }

        Open(payload, index, step);
        return true;
    }

    /// <summary>Appends a delta to its step, or to a new one whose beginning a server left out.</summary>
    /// <returns><see langword="false"/> when no step has a use for it.</returns>
    public bool TryAppend(in Payload payload, PayloadValue delta)
    {
        var index = IndexOf(payload.Root);
        var kind = delta.Text("type"u8) ?? KindOf(delta);
        if (_table.FindOpen(index) is { } open)
        {
            return open.Value.TryAppend(payload, kind, delta);
        }

        if (index is { } place && _table.FindByIndex(place) is not null)
        {
            return false;
        }

        var type = kind switch
        {
            "text" or "text_annotation" or "text_annotation_delta" => InteractionsStepTypes.ModelOutput,
            "thought_summary" or "thought_signature" or InteractionsStepTypes.Thought => InteractionsStepTypes.Thought,
            _ when InteractionsStepTypes.IsMedia(kind) => InteractionsStepTypes.ModelOutput,
            InteractionsStepTypes.FunctionCall => kind,
            _ when InteractionsStepTypes.IsProviderCall(kind) || InteractionsStepTypes.IsResult(kind) => kind,
            _ => null,
        };
        if (type is null)
        {
            return false;
        }

        var isWhole = type == kind && type != InteractionsStepTypes.Thought;
        var begun = isWhole ? Open(payload, index, delta) : OpenGrowing(index, type);
        return isWhole || begun.Value.TryAppend(payload, kind, delta);
    }

    /// <summary>Ends a step by its own event.</summary>
    public void End(PayloadValue root)
    {
        if (_table.FindOpen(IndexOf(root)) is { } open)
        {
            End(open, isWhole: true);
        }
    }

    /// <summary>Adds the steps of an interaction that came only whole, at its end.</summary>
    public void AddAll(in Payload payload, PayloadValue steps)
    {
        foreach (var step in steps.Items)
        {
            if (step.IsObject && TypeOf(step) != InteractionsStepTypes.UserInput)
            {
                End(Open(payload, index: null, step), isWhole: true);
            }
        }
    }

    /// <summary>Ends what is open at the end of the interaction. A call whose end never came is not sealed.</summary>
    public void EndAll()
    {
        while (_table.FirstOpen is { } entry)
        {
            End(entry, isWhole: false);
        }
    }

    /// <summary>Gets the block of the step that an event belongs to; <see langword="null"/> when there is none.</summary>
    public int? BlockOf(PayloadValue root) => _table.FindOpen(IndexOf(root))?.Value.BlockIndex;

    // An older server begins contents in place of steps.
    private static string TypeOf(PayloadValue step) => step.Text("type"u8) switch
    {
        null or "" => InteractionsStepTypes.ModelOutput,
        "text" => InteractionsStepTypes.ModelOutput,
        var type when InteractionsStepTypes.IsMedia(type) => InteractionsStepTypes.ModelOutput,
        var type => type,
    };

    // A delta without a type is known by its text.
    private static string KindOf(PayloadValue delta) => delta.Member("text"u8).IsString ? "text" : "";

    private static long? IndexOf(PayloadValue root) => root.Member("index"u8).GetCount();

    private BlockEntry<InteractionsStep> Open(in Payload payload, long? index, PayloadValue step)
    {
        var type = TypeOf(step);
        var entry = _table.Add(index, step.NonEmptyText("id"u8), type, Create(type, step));
        switch (entry.Value)
        {
            case InteractionsThoughtStep thought:
                AppendSummary(thought, payload, step.Member("summary"u8));
                break;
            case InteractionsOutputStep said when step.Text("type"u8) is { } kind && kind != InteractionsStepTypes.ModelOutput:
                said.TryAppend(payload, kind, step);
                break;
            case InteractionsOutputStep said:
                AppendContents(said, payload, step.Member("content"u8));
                break;
            default:
                break;
        }

        return entry;
    }

    private BlockEntry<InteractionsStep> OpenGrowing(long? index, string type) => _table.Add(
        index,
        id: null,
        type,
        type == InteractionsStepTypes.Thought ? new InteractionsThoughtStep(output, InteractionsEnvelope.Thought, signature: null) : new InteractionsOutputStep(output, envelope: null));

    private InteractionsStep Create(string type, PayloadValue step)
    {
        if (type == InteractionsStepTypes.ModelOutput)
        {
            return new InteractionsOutputStep(output, step.TextEquals("type"u8, "model_output"u8) ? InteractionsEnvelope.OfOutput(step) : null);
        }

        if (type == InteractionsStepTypes.Thought)
        {
            return new InteractionsThoughtStep(output, InteractionsEnvelope.OfThought(step.ToElement()), step.NonEmptyText("signature"u8));
        }

        return type == InteractionsStepTypes.FunctionCall || InteractionsStepTypes.IsProviderCall(type)
            ? new InteractionsCallStep(output, type, step)
            : new InteractionsWholeStep(output, type, step.ToElement());
    }

    private void AppendSummary(InteractionsThoughtStep thought, in Payload payload, PayloadValue summary)
    {
        foreach (var item in summary.Items)
        {
            if (!thought.TryAppendSummary(payload, item))
            {
                output.Emit(new ProviderEvent { Name = "summary", Data = item.RawText() });
            }
        }
    }

    private void AppendContents(InteractionsOutputStep said, in Payload payload, PayloadValue contents)
    {
        foreach (var content in contents.Items)
        {
            if (!said.TryAppend(payload, content.Text("type"u8) ?? KindOf(content), content))
            {
                output.Emit(new ProviderEvent { Name = "content", Data = content.RawText() });
            }
        }
    }

    private void End(BlockEntry<InteractionsStep> entry, bool isWhole)
    {
        _table.End(entry);
        if (isWhole)
        {
            entry.Value.Complete();
            IsAwaitingAnswers |= entry.Value.IsAwaitingAnswer;
        }
        else
        {
            entry.Value.Abandon();
        }
    }
}
