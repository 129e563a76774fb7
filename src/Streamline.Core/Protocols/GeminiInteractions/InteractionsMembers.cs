namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Reports the members of events and of the interaction that have no event of their own, such as the tier or the environment.</summary>
internal sealed class InteractionsMembers(DecoderOutput output)
{
    // What an interaction repeats of its request, and what has events of its own.
    private static readonly PayloadNames OfInteraction = new(
        "id object status model agent created updated usage steps outputs role error errors "
        + "input output_text output_image output_audio output_video previous_interaction_id system_instruction tools generation_config agent_config "
        + "response_format response_mime_type response_modalities safety_settings environment webhook_config store background stream");

    private static readonly PayloadNames OfEvent = new("event_type event_id index step content delta metadata interaction interaction_id status usage error");
    private static readonly PayloadNames OfMetadata = new("total_usage");
    private static readonly PayloadNames OfDelta = new("type text annotations arguments partial_arguments content signature id");

    private readonly MetadataReporter _metadata = new(output);

    private enum Place
    {
        Interaction,
        Event,
        Delta,
        Metadata,
    }

    /// <summary>Reports what an interaction says of itself.</summary>
    public void ReportInteraction(PayloadValue interaction) => Report(interaction, OfInteraction, Place.Interaction, index: null);

    /// <summary>Reports what an event says beyond its kind.</summary>
    /// <param name="root">The event.</param>
    /// <param name="block">The block that it is about; <see langword="null"/> for none.</param>
    public void ReportEvent(PayloadValue root, int? block)
    {
        Report(root, OfEvent, Place.Event, block);
        Report(root.Object("metadata"u8), OfMetadata, Place.Metadata, block);
    }

    /// <summary>Reports what a growing delta says besides its text.</summary>
    public void ReportDelta(PayloadValue delta, int? block)
    {
        if (delta.Text("type"u8) is "text" or "thought_summary" or "thought_signature" or "arguments_delta" or "text_annotation_delta" or "text_annotation")
        {
            Report(delta, OfDelta, Place.Delta, block);
        }
    }

    /// <summary>Reports a status that is not the end.</summary>
    public void ReportStatus(PayloadValue status) => _metadata.Report("status", status);

    // Members of one name are compared with what the same place said before.
    private void Report(PayloadValue value, PayloadNames known, Place place, int? index) =>
        _metadata.ReportOthers("", value, known, index, ((long)place << 32) + (place == Place.Metadata ? -1 : index ?? -1));
}
