namespace Streamline.Workflows;

/// <summary>In which order the events of several streams are given.</summary>
public enum StreamMergeOrder
{
    /// <summary>As they come, those of different streams mixed. Within a stream the order is kept.</summary>
    AsTheyCome,

    /// <summary>In the order of the inputs: all events of the first stream, then those of the second, and so on. Later streams run meanwhile, as far as their buffers hold.</summary>
    InOrder,
}
