using System.Text;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;
using Streamline;
using Streamline.Json;

namespace ChatSample;

/// <summary>A tool call on the screen: its arguments while the model writes them, the question whether it may run, its progress and its result.</summary>
internal sealed class ToolLine(string callId, string name)
{
    private const int MaxResult = 160;

    private static readonly Style Name = Style.Parse("bold dodgerblue1");
    private static readonly Style Dim = Style.Parse("grey");
    private static readonly Style Question = Style.Parse("bold magenta1");

    private readonly StringBuilder _arguments = new();
    private string _shown = "…";
    private (string Text, Style Style) _status = ("", Dim);

    public string CallId { get; } = callId;

    /// <summary>Shows the arguments that the model is still writing. They are a preview: the tool gets them only when they are whole.</summary>
    public void Append(ToolInputDelta delta)
    {
        _arguments.Append(delta.Fragment);
        _shown = delta.Input.ValueKind == JsonValueKind.Object ? Preview(delta.Input) : CleanText.OneLine(_arguments.ToString(), MaxResult);
    }

    public void Show(ToolCallCompleted call) => _shown = call.Arguments is { ValueKind: JsonValueKind.Object } arguments
        ? string.Join(", ", arguments.EnumerateObject().Select(member => $"{member.Name}: {member.Value.GetRawText()}"))
        : call.ArgumentsText;

    public void Show(ToolExecutionStarted _) => _status = ("running…", Dim);

    public void Show(ToolWaiting waiting) => _status = (waiting.Resource is { } resource ? $"waits for {resource}" : "waits", Dim);

    public void Show(ToolProgress progress) => _status = (TextOf(progress.Progress), Dim);

    public void Show(ApprovalRequested _) => _status = ("May it run?  y yes   n no", Question);

    public void Show(ApprovalResolved resolved) => _status = (resolved.Decision == ApprovalDecision.Approved ? "approved" : "denied", Dim);

    public void Show(ToolResult result) => _status = result.IsError
        ? ($"✗ {TextOf(result.Result)}", Style.Parse("red"))
        : ($"✓ {Figures.Milliseconds(result.Duration)}  {TextOf(result.Result)}", Style.Parse("green"));

    public IRenderable Render()
    {
        var line = new Paragraph()
            .Append("▸ ", Dim).Append(CleanText.Of(name), Name)
            .Append($"({CleanText.OneLine(_shown, MaxResult)})", Style.Plain);
        return _status.Text.Length == 0 ? line : new Rows(line, new Padder(new Text(CleanText.OneLine(_status.Text, MaxResult), _status.Style), new Padding(2, 0, 0, 0)));
    }

    private static string Preview(PartialJsonElement input)
    {
        var members = new List<string>();
        foreach (var member in input.EnumerateObject())
        {
            members.Add($"{member.Name}: {member.Value.GetRawText()}");
        }

        return string.Join(", ", members) + (input.IsComplete ? "" : "…");
    }

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
