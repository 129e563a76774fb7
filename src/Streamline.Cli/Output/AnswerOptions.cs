using System.CommandLine;

namespace Streamline.Cli.Output;

/// <summary>The options that say how an answer is shown.</summary>
internal sealed class AnswerOptions
{
    private readonly Option<bool> _markdown = new("--markdown") { Description = "Draw Markdown while it streams: headings, lists, quotes, tables, code." };
    private readonly Option<bool> _highlight = new("--highlight") { Description = "Colour the code blocks too. Draws Markdown as --markdown does." };
    private readonly Option<bool> _sentences = new("--sentences") { Description = "One sentence per line, without Markdown, code and addresses, as for speech." };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON event per line." };
    private readonly Option<bool> _smooth = new("--smooth") { Description = "Even out bursts, at most 150 ms late." };
    private readonly Option<bool> _reasoning = new("--reasoning") { Description = "Show reasoning, beside the output." };
    private readonly Option<string> _color = new("--color") { Description = "auto, always or never. auto: on a terminal, unless NO_COLOR is set.", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> _theme = new("--theme") { Description = "The colours of code: dark or light.", DefaultValueFactory = _ => "dark" };

    public AnswerOptions()
    {
        _color.AcceptOnlyFromAmong("auto", "always", "never");
        _theme.AcceptOnlyFromAmong("dark", "light");
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _markdown, _highlight, _sentences, _json, _smooth, _reasoning, _color, _theme })
        {
            command.Options.Add(option);
        }
    }

    public bool IsSmooth(ParseResult parsed) => parsed.GetValue(_smooth);

    public bool ShowsReasoning(ParseResult parsed) => parsed.GetValue(_reasoning);

    /// <summary>Makes what shows the answers.</summary>
    /// <exception cref="UsageException">Two ways of showing an answer are asked for.</exception>
    public AnswerView CreateView(ParseResult parsed, CliHost host)
    {
        var isHighlighted = parsed.GetValue(_highlight);
        var isMarkdown = parsed.GetValue(_markdown) || isHighlighted;
        var (isJson, isSentences) = (parsed.GetValue(_json), parsed.GetValue(_sentences));
        if ((isMarkdown ? 1 : 0) + (isJson ? 1 : 0) + (isSentences ? 1 : 0) > 1)
        {
            throw new UsageException("Only one of --markdown (or --highlight), --sentences and --json can be given.");
        }

        var isColored = parsed.GetValue(_color) switch { "always" => true, "never" => false, _ => host.IsOutputTerminal && host.Variable("NO_COLOR") is null };
        return isJson ? new JsonView(host)
            : isSentences ? new SentenceView(host)
            : isMarkdown ? new MarkdownView(host, isColored ? new Ansi(host.Variable("COLORTERM") is "truecolor" or "24bit") : null, isHighlighted ? parsed.GetValue(_theme) : null)
            : new PlainView(host);
    }
}
