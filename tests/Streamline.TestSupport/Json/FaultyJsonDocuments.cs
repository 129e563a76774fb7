using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streamline.TestSupport.Json;

/// <summary>The valid documents that <see cref="FaultyJson"/> damages: what models write as tool arguments and as structured answers.</summary>
public static class FaultyJsonDocuments
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    private static readonly (string Name, string Text)[] Sources =
    [
        ("code edit", """{"path":"src/App.cs","old_text":"return \"no\";\n","new_text":"if (ready)\n{\n    return \"yes\";\n}\n","replace_all":false}"""),
        ("several edits", """{"edits":[{"file":"a.ts","line":12,"text":"const a = { b: 1 };"},{"file":"b.ts","line":7,"text":"foo(\"x\", [1, 2]);"}],"summary":"Rename b, and call foo","dry_run":true}"""),
        ("shell command", """{"command":"grep -rn \"NOTE: fix\" src | sort -u","cwd":"/home/me/app","timeout":120,"env":{"LANG":"C","DEBUG":"1"}}"""),
        ("paths and patterns", """{"file":"C:\\Users\\me\\notes.txt","pattern":"^\\s*\"(\\w+)\":\\s*[\\d,]+$","url":"https://example.org/a?b=1,2&c=[3]","flags":["i","m"]}"""),
        ("read", """{"path":"lib/parser.py","offset":600,"limit":20}"""),
        ("search", """{"query":"weather in Paris, tomorrow","filters":[{"field":"lang","in":["fr","en"]},{"field":"year","from":2020}],"top":5}"""),
        ("prose", """{"title":"Notes: part 1","body":"He said: \"see [1], or {x: 2}\", and left. It's late, isn't it?","tags":["a, b","c: d"],"rating":4.5}"""),
        ("list of objects", """[{"id":1,"name":"Ada","admin":true},{"id":2,"name":"Bob","admin":false},{"id":3,"name":"Eve","admin":null}]"""),
        ("nested lists", """{"matrix":[[1,2,3],[4,5,6]],"names":[["a","b"],[],["c"]],"size":[2,3]}"""),
        ("numbers", """{"int":42,"negative":-7,"fraction":0.125,"exponent":6.02e23,"small":-1.5E-9,"big":12345678901234567890,"zero":0}"""),
        ("literals", """{"on":true,"off":false,"none":null,"list":[true,false,null],"text":"true"}"""),
        ("empty parts", """{"a":{},"b":[],"c":"","d":[{}],"e":[[]],"f":0}"""),
        ("deep", """{"a":{"b":{"c":[{"d":{"e":[1,{"f":"g"}]}}],"h":"i"}},"j":"k"}"""),
        ("unicode", """{"city":"Zürich","greeting":"こんにちは、世界","emoji":"👍🏽 done","escaped":"caf\u00e9 \ud83d\ude00","quote":"« oui »"}"""),
        ("markup", """{"html":"<a href=\"/x?y=1\" class='b'>go</a>","markdown":"# Hi\n\n- `a`\n- **b**\n","css":"p { margin: 0; }"}"""),
        ("plan", """{"goal":"Ship it","steps":[{"title":"Build","done":true,"notes":["fast","green"]},{"title":"Test","done":false,"notes":[]}],"owner":{"name":"Kim","team":"core"}}"""),
        ("table", """{"columns":["name","qty","price"],"rows":[["apple",3,1.25],["pear",0,0.8]],"total":3.75}"""),
        ("message", """{"role":"assistant","content":[{"type":"text","text":"Done."},{"type":"tool_use","id":"t1","name":"run","input":{"cmd":"ls -la"}}]}"""),
    ];

    /// <summary>Every document, each in three layouts.</summary>
    public static IReadOnlyList<FaultyJsonDocument> All { get; } = [.. Sources.SelectMany(source => Lay(source.Name, source.Text))];

    private static IEnumerable<FaultyJsonDocument> Lay(string name, string text)
    {
        var value = JsonNode.Parse(text)!;
        yield return new FaultyJsonDocument(name, "compact", text);
        yield return new FaultyJsonDocument(name, "spaced", Space(text));
        yield return new FaultyJsonDocument(name, "pretty", value.ToJsonString(Indented));
    }

    // One line, with a space after every colon and comma, as Python and most models write it.
    private static string Space(string text)
    {
        var spaced = new StringBuilder();
        var structure = FaultyJson.FindStructure(text).ToHashSet();
        for (var index = 0; index < text.Length; index++)
        {
            spaced.Append(text[index]);
            if (text[index] is ':' or ',' && structure.Contains(index))
            {
                spaced.Append(' ');
            }
        }

        return spaced.ToString();
    }
}

/// <summary>A valid document.</summary>
/// <param name="Name">What it stands for.</param>
/// <param name="Layout"><c>compact</c>, <c>spaced</c> or <c>pretty</c>.</param>
/// <param name="Text">Its text.</param>
public sealed record FaultyJsonDocument(string Name, string Layout, string Text);
