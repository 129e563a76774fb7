namespace Streamline.Protocols.Shared;

/// <summary>
/// Starts a response once its id and its model are known. Chunks without content are held as long as either is missing: Azure and GitHub
/// Copilot send the verdict of their filter first, some servers the role or the counts, and the next chunk has both.
/// </summary>
/// <param name="output">Where events go.</param>
/// <param name="provider">The name of the provider.</param>
/// <param name="protocol">The name of the protocol where it differs from the provider's.</param>
/// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
internal sealed class ResponseStart(DecoderOutput output, string provider, string? protocol, string? requestId)
{
    private const int MaxHeld = 8;

    private List<byte[]>? _held;
    private string? _id;
    private string? _model;
    private DateTimeOffset? _createdAt;

    /// <summary>Gets a value indicating whether the response has started.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>Gets a value indicating whether there are chunks that waited for the start.</summary>
    public bool HasHeld => _held is not null;

    /// <summary>Takes note of what a chunk says of the response. What an earlier one said stands.</summary>
    /// <returns>Whether both the id and the model are known.</returns>
    public bool Identify(string? id, string? model, DateTimeOffset? createdAt)
    {
        _id ??= id;
        _model ??= model is { Length: > 0 } ? model : null;
        _createdAt ??= createdAt;
        return _id is not null && _model is not null;
    }

    /// <summary>Keeps a chunk until the response starts.</summary>
    /// <returns><see langword="false"/> when too many are held.</returns>
    public bool TryHold(ReadOnlySpan<byte> data)
    {
        if (_held?.Count >= MaxHeld)
        {
            return false;
        }

        (_held ??= []).Add(data.ToArray());
        return true;
    }

    /// <summary>Starts the response.</summary>
    public void Start()
    {
        IsStarted = true;
        output.ResponseId = _id;
        output.Emit(new ResponseStarted
        {
            Provider = provider,
            Protocol = protocol,
            ResponseId = _id,
            Model = _model,
            RequestId = requestId,
            CreatedAt = _createdAt,
        });
    }

    /// <summary>Takes the chunks that waited for the start.</summary>
    public IReadOnlyList<byte[]> TakeHeld()
    {
        var held = _held;
        _held = null;
        return held ?? [];
    }
}
