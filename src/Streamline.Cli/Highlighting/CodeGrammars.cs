using TextMateSharp.Grammars;
using TextMateSharp.Registry;
using TextMateSharp.Themes;

namespace Streamline.Cli.Highlighting;

/// <summary>The grammars of TextMate, by the names that fences use. Loaded when first needed; one thread at a time.</summary>
internal static class CodeGrammars
{
    // For a line that is made to keep a grammar busy; what was found by then is shown.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(1);

    private static readonly Lock Lock = new();
    private static readonly Dictionary<string, Colors> ByTheme = new(StringComparer.Ordinal);

    public static (IGrammar? Grammar, Theme Theme) Find(string language, string theme)
    {
        lock (Lock)
        {
            if (!ByTheme.TryGetValue(theme, out var colors))
            {
                ByTheme.Add(theme, colors = new Colors(theme == "light" ? ThemeName.LightPlus : ThemeName.DarkPlus));
            }

            return (colors.Find(language), colors.Theme);
        }
    }

    public static ITokenizeLineResult Tokenize(IGrammar grammar, string line, IStateStack? state)
    {
        lock (Lock)
        {
            return grammar.TokenizeLine(line, state, TimeLimit);
        }
    }

    private sealed class Colors
    {
        private readonly RegistryOptions _options;
        private readonly Registry _registry;
        private readonly Dictionary<string, string> _ids = new(StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<string, IGrammar?> _grammars = new(StringComparer.Ordinal);

        public Colors(ThemeName theme)
        {
            _options = new RegistryOptions(theme);
            _registry = new Registry(_options);
            Theme = _registry.GetTheme();
            foreach (var language in _options.GetAvailableLanguages())
            {
                foreach (var name in new[] { language.Id }.Concat(language.Aliases ?? []).Concat((language.Extensions ?? []).Select(extension => extension.TrimStart('.'))))
                {
                    _ids.TryAdd(name, language.Id);
                }
            }

            // Names that fences use and the grammars do not.
            foreach (var (name, id) in new[] { ("bash", "shellscript"), ("sh", "shellscript"), ("shell", "shellscript"), ("zsh", "shellscript"), ("console", "shellscript"), ("c#", "csharp"), ("f#", "fsharp"), ("c++", "cpp"), ("golang", "go"), ("ps1", "powershell"), ("pwsh", "powershell"), ("jsonl", "json") })
            {
                _ids[name] = id;
            }
        }

        public Theme Theme { get; }

        public IGrammar? Find(string language)
        {
            if (!_ids.TryGetValue(language, out var id))
            {
                return null;
            }

            if (!_grammars.TryGetValue(id, out var grammar))
            {
                _grammars.Add(id, grammar = _options.GetScopeByLanguageId(id) is { Length: > 0 } scope ? _registry.LoadGrammar(scope) : null);
            }

            return grammar;
        }
    }
}
