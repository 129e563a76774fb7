namespace Streamline.Protocols.GeminiInteractions;

/// <summary>A step that is one block and goes back whole: the result of a tool that the provider ran, or a step of an unknown type.</summary>
internal sealed class InteractionsWholeStep : InteractionsStep
{
    private readonly string _type;
    private readonly ContentBlock _block;
    private readonly MergedObject _step;

    /// <summary>Opens the block.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="type">The type of the step.</param>
    /// <param name="step">The step as it began.</param>
    public InteractionsWholeStep(DecoderOutput output, string type, JsonElement step)
    {
        _type = type;
        _step = InteractionsEnvelope.Begin(output.Options, step);
        _block = new ContentBlock(output, InteractionsStepTypes.IsResult(type) ? ContentKind.ServerToolResult : ContentKind.Other, providerData: step);
    }

    public override int? BlockIndex => _block.Index;

    public override InteractionsOpenStep? Snapshot => new(_step.Value!.Value, Arguments: null);

    public override bool TryAppend(in Payload payload, string kind, PayloadValue delta)
    {
        if (kind != _type && kind != "thought_signature")
        {
            return false;
        }

        _step.Add(InteractionsEnvelope.OfDelta(delta));
        return true;
    }

    public override void Complete()
    {
        _block.Raw = _step.Value;
        _block.Complete();
    }

    // It was cut: what there is of it must not go back.
    public override void Abandon() => _block.Complete();
}
