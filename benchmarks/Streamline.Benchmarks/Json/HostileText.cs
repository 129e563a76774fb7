using System.Text;
using System.Text.Json;
using Streamline.TestSupport;
using Streamline.TestSupport.Json;

namespace Streamline.Benchmarks.Json;

/// <summary>A text that is repeated until it has a given length.</summary>
/// <param name="Kind">How it is repeated.</param>
/// <param name="Name">Where it comes from.</param>
/// <param name="Start">What comes first, once.</param>
/// <param name="Repeated">What follows, again and again.</param>
internal sealed record HostileText(string Kind, string Name, byte[] Start, byte[] Repeated)
{
    private const string RealOutputs = "tests/Streamline.Core.Tests/Json/Repair/RealOutputs.txt";

    private static readonly string[] Sets = ["JSONTestSuite", "anthropic-partialParse", "jiter", "jsonrepair", "partial-json", "vercel-fixJson"];

    /// <summary>All texts of the corpora, of the real outputs and of the tests, each by itself and as the elements of a list.</summary>
    public static IEnumerable<HostileText> ReadAll()
    {
        foreach (var (start, repeated) in HostileJson.Texts)
        {
            yield return new HostileText("made to be hard", "tests", Encoding.UTF8.GetBytes(start), Encoding.UTF8.GetBytes(repeated));
        }

        foreach (var (name, text) in Sets.SelectMany(ReadSet).Concat(ReadRealOutputs()).Where(found => found.Text.Length > 0).DistinctBy(found => Convert.ToBase64String(found.Text)))
        {
            yield return new HostileText("one after the other", name, [], text);
            yield return new HostileText("in a list", name, "["u8.ToArray(), [.. text, (byte)',']);
        }
    }

    public byte[] Create(int length)
    {
        var text = new byte[length];
        Start.CopyTo(text, 0);
        for (var offset = Start.Length; offset < length; offset += Repeated.Length)
        {
            Repeated.AsSpan(0, Math.Min(Repeated.Length, length - offset)).CopyTo(text.AsSpan(offset));
        }

        return text;
    }

    private static IEnumerable<(string Name, byte[] Text)> ReadSet(string set)
    {
        foreach (var file in Corpora.Files(set, "*.json"))
        {
            yield return (set, Corpora.ReadBytes(file));
        }

        foreach (var line in Corpora.Files(set, "*cases.jsonl").SelectMany(file => Encoding.UTF8.GetString(Corpora.ReadBytes(file)).Split('\n', StringSplitOptions.RemoveEmptyEntries)))
        {
            var test = JsonElement.Parse(line);
            yield return (set, test.TryGetProperty("inputBase64", out var bytes) ? bytes.GetBytesFromBase64() : Encoding.UTF8.GetBytes(test.GetProperty("input").GetString()!));
        }
    }

    private static IEnumerable<(string Name, byte[] Text)> ReadRealOutputs() =>
        File.ReadAllText(Path.Combine(Repository.Root, RealOutputs)).Split("\n@ ")[1..]
            .Select(test => test[(test.IndexOf('\n', StringComparison.Ordinal) + 1)..test.IndexOf("\n--> ", StringComparison.Ordinal)])
            .Select(text => ("real outputs", Encoding.UTF8.GetBytes(text)));
}
