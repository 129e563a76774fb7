using System.Text.Json;
using Streamline.Protocols.Bedrock;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>An open block of text, reasoning or refusal.</summary>
internal sealed class OpenAIChatContentBlock : GrowingText
{
    private readonly DecoderOutput _output;

    public OpenAIChatContentBlock(DecoderOutput output, int choice, ContentKind kind, OpenAIChatReasoningForm? reasoning)
    {
        _output = output;
        Index = output.OpenBlock();
        Kind = kind;
        Reasoning = reasoning;
        output.Emit(new ContentStarted { Index = Index, Kind = kind, Choice = choice });
    }

    public int Index { get; }

    public ContentKind Kind { get; }

    /// <summary>Gets or sets the form in which reasoning came; <see langword="null"/> for other blocks.</summary>
    public OpenAIChatReasoningForm? Reasoning { get; set; }

    public string? Signature { get; set; }

    public void Complete(JsonElement? raw = null)
    {
        EndText();
        _output.Emit(new ContentCompleted { Index = Index, Kind = Kind, Signature = Signature, Raw = raw ?? Reasoning?.Raw });
        _output.CloseBlock();
    }

    protected override void Show(string text) => _output.Emit(Kind switch
    {
        ContentKind.Reasoning => new ReasoningDelta { Index = Index, Text = text },
        ContentKind.Refusal => new RefusalDelta { Index = Index, Text = text },
        _ => new TextDelta { Index = Index, Text = text },
    });
}
