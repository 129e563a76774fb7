using Streamline.TestSupport;

namespace Streamline.Tests.Json;

/// <summary>Valid texts for the laws: fixed ones that stop in every state, random ones, and those of the corpus when it is there.</summary>
internal static class JsonSamples
{
    public static readonly string[] Fixed =
    [
        """{"location":"Paris","days":[1,20,-3.5e+7],"units":null,"ok":true,"no":false}""",
        """ [ { } , [ ] , "" , { "" : [ [ ] ] } , 0 , -0 , 1E9 , 0.10 ] """,
        """{"a":1,"a":{"b":2},"a":"three"}""",
        """["\"\\\/\b\f\n\r\t","\u0041\u00e9\u20AC","\uD83D\uDE00!","é€😀","a\u0000b"]""",
        """["\uD83D","\uD83Dx","\uD83D\n","\uD83D\uD83D\uDE00","\uDE00\uD83D","\uD83Dé","\uD83D\u0041","\uD83D😀"]""",
        """{"\u006eame":{"n\"":"x","é":[{"deep":[[[["end"]]]]}]}}""",
        "\t\r\n{\"k\"\n:\r[\ttrue ,false\n,null ]}\n\n",
        "123456789012345678901234567890",
        "-12.5e-3 ",
        "\"text at the root\"",
        "true",
        "{}",
    ];

    public static IEnumerable<(string Name, byte[] Text)> All()
    {
        foreach (var (index, text) in Fixed.Index())
        {
            yield return ($"fixed {index}", JsonFeed.Utf8(text));
        }

        for (var seed = 0; seed < 60; seed++)
        {
            yield return ($"seed {seed}", JsonFeed.Utf8(RandomJson.Create(seed)));
        }

        foreach (var file in Corpora.Files("JSONTestSuite", "*.json").Where(file => !file.Contains("/n_", StringComparison.Ordinal)))
        {
            var text = Corpora.ReadBytes(file);
            if (JsonFeed.Whole(text).TryComplete())
            {
                yield return (file, text);
            }
        }
    }
}
