using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>
/// Starts a response. Chunks that come before any content are held as long as the id or the model is missing: Azure and GitHub Copilot
/// send the verdict of their filter first, some servers the role, and the next chunk has both.
/// </summary>
/// <param name="output">Where events go.</param>
/// <param name="provider">The name of the provider.</param>
/// <param name="protocol">The name of the protocol where it differs from the provider's.</param>
/// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
internal sealed class OpenAIChatStart(DecoderOutput output, string provider, string? protocol, string? requestId)
{
    private const int MaxHeld = 8;

    private List<byte[]> _held = [];
    private string? _id;
    private string? _model;
    private DateTimeOffset? _createdAt;
    private bool _isStarted;

    /// <summary>Reads what a chunk says of the response, and starts it as soon as enough is known.</summary>
    /// <param name="root">The chunk.</param>
    /// <param name="data">Its bytes.</param>
    /// <returns><see langword="true"/> when the chunk waits for the start.</returns>
    public bool IsHeld(PayloadValue root, ReadOnlySpan<byte> data)
    {
        if (_isStarted)
        {
            return false;
        }

        _id ??= root.NonEmptyText("id"u8);
        _model ??= root.NonEmptyText("model"u8);
        _createdAt ??= UnixTime.Read(root.Member("created"u8));
        if ((_id is null || _model is null) && _held.Count < MaxHeld && !HasContent(root))
        {
            _held.Add(data.ToArray());
            return true;
        }

        Start();
        return false;
    }

    /// <summary>Starts the response when all that is left of it are held chunks.</summary>
    /// <returns>Whether there are any.</returns>
    public bool TryStart()
    {
        if (_isStarted || _held.Count == 0)
        {
            return false;
        }

        Start();
        return true;
    }

    private void Start()
    {
        _isStarted = true;
        output.ResponseId = _id;
        output.Emit(new ResponseStarted
        {
            Provider = provider,
            Wire = protocol,
            ResponseId = _id,
            Model = _model,
            RequestId = requestId,
            CreatedAt = _createdAt,
        });
    }

    /// <summary>Takes the chunks that waited for the start.</summary>
    public List<byte[]> TakeHeld()
    {
        var held = _held;
        if (held.Count > 0)
        {
            _held = [];
        }

        return held;
    }

    private static bool HasContent(PayloadValue root)
    {
        foreach (var choice in root.Array("choices"u8).Items)
        {
            if (!choice.Member("finish_reason"u8).IsMissing || choice.Has("message"u8))
            {
                return true;
            }

            foreach (var member in choice.Object("delta"u8).Members)
            {
                if (!member.NameEquals("role"u8) && !member.Value.IsEmpty())
                {
                    return true;
                }
            }
        }

        return root.Object("usage"u8).Exists;
    }
}
