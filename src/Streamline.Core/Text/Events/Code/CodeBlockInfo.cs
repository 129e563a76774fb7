using System.Buffers;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Streamline.Text;

/// <summary>The language and file name in the info string of fenced code.</summary>
/// <remarks>
/// <para>These forms are understood; <c>Info</c> keeps the whole string in any case:</para>
/// <list type="bullet">
/// <item><description><c>cs</c>, also <c>.cs</c>, <c>{.cs}</c> and <c>language-cs</c>: the language.</description></item>
/// <item><description><c>cs title=Foo.cs</c>, with <c>title</c>, <c>file</c>, <c>filename</c>, <c>path</c> or <c>name</c>, and the value in quotes or not: the file. A <c>title</c> or <c>name</c> is a file when it looks like a path, begins with a dot, or is the name of a file that has no extension, such as <c>Makefile</c>.</description></item>
/// <item><description><c>cs src/Foo.cs</c>, also <c>cs // Foo.cs</c>: a later word that looks like a path is the file.</description></item>
/// <item><description><c>src/Foo.cs</c>: a first word that looks like a path is the file, and its extension the language.</description></item>
/// <item><description><c>cs:Foo.cs</c>: language and file; <c>12:30:src/Foo.cs</c> and <c>src/Foo.cs#L1-L5</c>: lines of a file.</description></item>
/// </list>
/// <para>
/// A word looks like a path when it has a slash, a backslash, or a dot between other characters. A web address, a directory (with a slash at its end) and marks alone (<c>//</c>) do not, nor do names of languages: those that end with
/// a version (<c>python3.11</c>) or <c>.net</c>, and libraries such as <c>node.js</c>. The file name is what the model wrote: it may lead anywhere. Check it before you write.
/// </para>
/// </remarks>
[JsonConverter(typeof(CodeBlockInfoConverter))]
public sealed class CodeBlockInfo
{
    private static readonly SearchValues<char> LineChars = SearchValues.Create("0123456789L-");
    private static readonly string[] FileKeys = ["file", "filename", "path", "title", "name"];

    private static readonly HashSet<string> NamesWithoutExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        "Dockerfile", "Containerfile", "Makefile", "GNUmakefile", "Rakefile", "Gemfile", "Podfile", "Procfile", "Jenkinsfile", "Vagrantfile", "Brewfile", "Justfile", "Caddyfile", "Tiltfile", "Earthfile", "Pipfile",
        "BUILD", "WORKSPACE", "LICENSE", "README", "CHANGELOG", "NOTICE", "AUTHORS", "CODEOWNERS", "VERSION",
    };

    private static readonly HashSet<string> Libraries = new(StringComparer.OrdinalIgnoreCase)
    {
        "node.js", "vue.js", "next.js", "nuxt.js", "react.js", "angular.js", "express.js", "ember.js", "backbone.js", "three.js", "d3.js", "chart.js", "socket.io",
    };

    private CodeBlockInfo(string info) => Info = info;

    /// <summary>Gets the whole info string, without escapes and character references; empty when there is none.</summary>
    public string Info { get; }

    /// <summary>Gets the language as it is written; <see langword="null"/> when none is given.</summary>
    public string? Language { get; private init; }

    /// <summary>Gets the name or path of the file as it is written; <see langword="null"/> when none is given.</summary>
    public string? FileName { get; private init; }

    /// <summary>Reads an info string.</summary>
    /// <param name="info">The string after the opening fence.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="info"/> is <see langword="null"/>.</exception>
    public static CodeBlockInfo Parse(string info)
    {
        ArgumentNullException.ThrowIfNull(info);
        var words = Split(info.Trim());
        if (words.Count == 0)
        {
            return new CodeBlockInfo(info);
        }

        var (language, file) = ReadFirst(words[0]);
        var named = words.Select(FileOf).FirstOrDefault(name => name is not null);
        file = named ?? file ?? words.Skip(1).Where(word => !word.Contains('=')).Select(WithoutLines).FirstOrDefault(LooksLikePath);
        return new CodeBlockInfo(info) { Language = language ?? ExtensionOf(file), FileName = file };
    }

    private static (string? Language, string? File) ReadFirst(string word)
    {
        if (word.Contains('=') || word.StartsWith('{'))
        {
            return (null, null);
        }

        word = WithoutLines(word);
        if (word.Contains("://", StringComparison.Ordinal))
        {
            return (null, null);
        }

        var colon = word.IndexOf(':');
        if (colon > 1 && colon < word.Length - 1)
        {
            var (before, after) = (word[..colon], word[(colon + 1)..]);
            if (int.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                return (null, after[(after.IndexOf(':') + 1)..]);
            }

            return LooksLikePath(before) ? (null, before) : (before, after);
        }

        const string Prefix = "language-";
        return LooksLikePath(word) && !IsLanguage(word) ? (null, word)
            : (word.StartsWith(Prefix, StringComparison.Ordinal) ? word[Prefix.Length..] : word.TrimStart('.'), null);
    }

    private static string? FileOf(string word)
    {
        var equals = word.IndexOf('=');
        if (equals <= 0 || !FileKeys.Contains(word[..equals], StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        var value = WithoutLines(word[(equals + 1)..]);
        var mayBeText = word[0] is 't' or 'T' or 'n' or 'N';
        var isFile = !mayBeText || LooksLikePath(value) || NamesWithoutExtension.Contains(value) || (value.StartsWith('.') && !value.Contains(' ') && value.Any(char.IsLetterOrDigit));
        return isFile && value.Length > 0 ? value : null;
    }

    private static string? ExtensionOf(string? file) => Path.GetExtension(file) is { Length: > 1 } extension ? extension[1..] : null;

    private static bool LooksLikePath(string word) =>
        !word.Contains(' ') && !word.Contains("://", StringComparison.Ordinal) && !word.EndsWith('/') && !word.EndsWith('\\') && word.Any(char.IsLetterOrDigit)
        && (word.AsSpan().ContainsAny('/', '\\') || word.AsSpan(0, Math.Max(0, word.Length - 1)).LastIndexOf('.') > 0);

    private static bool IsLanguage(string word)
    {
        var dot = word.LastIndexOf('.');
        var isVersion = dot > 0 && char.IsAsciiDigit(word[dot - 1]) && !word.AsSpan(dot + 1).ContainsAnyExceptInRange('0', '9');
        return !word.AsSpan().ContainsAny('/', '\\') && (isVersion || word.EndsWith(".net", StringComparison.OrdinalIgnoreCase) || Libraries.Contains(word));
    }

    // Leaves out lines of the file, as in src/Foo.cs#L1-L5.
    private static string WithoutLines(string word)
    {
        var lines = word.LastIndexOf("#L", StringComparison.Ordinal);
        return lines > 0 && lines + 2 < word.Length && !word.AsSpan(lines + 2).ContainsAnyExcept(LineChars) ? word[..lines] : word;
    }

    // Words end at blanks, but not within quotes. The quotes of a value, and the braces around attributes, are left out.
    private static List<string> Split(string info)
    {
        List<string> words = [];
        var word = new System.Text.StringBuilder();
        var quote = '\0';
        foreach (var next in info.StartsWith('{') && info.EndsWith('}') ? info[1..^1] : info)
        {
            if (next == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && next is '"' or '\'')
            {
                quote = next;
            }
            else if (quote == '\0' && char.IsWhiteSpace(next))
            {
                Add();
            }
            else
            {
                word.Append(next);
            }
        }

        Add();
        return words;

        void Add()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }
}
