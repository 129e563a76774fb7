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

    private static readonly (string Name, string Text, string Schema)[] Sources =
    [
        ("code edit", """{"path":"src/App.cs","old_text":"return \"no\";\n","new_text":"if (ready)\n{\n    return \"yes\";\n}\n","replace_all":false}""",
            """{"type":"object","additionalProperties":false,"properties":{"path":{"type":"string"},"old_text":{"type":"string"},"new_text":{"type":"string"},"replace_all":{"type":"boolean"}}}"""),
        ("several edits", """{"edits":[{"file":"a.ts","line":12,"text":"const a = { b: 1 };"},{"file":"b.ts","line":7,"text":"foo(\"x\", [1, 2]);"}],"summary":"Rename b, and call foo","dry_run":true}""",
            """{"type":"object","additionalProperties":false,"properties":{"edits":{"type":"array","items":{"type":"object","additionalProperties":false,"properties":{"file":{"type":"string"},"line":{"type":"integer"},"text":{"type":"string"}}}},"summary":{"type":"string"},"dry_run":{"type":"boolean"}}}"""),
        ("shell command", """{"command":"grep -rn \"NOTE: fix\" src | sort -u","cwd":"/home/me/app","timeout":120,"env":{"LANG":"C","DEBUG":"1"}}""",
            """{"type":"object","additionalProperties":false,"properties":{"command":{"type":"string"},"cwd":{"type":"string"},"timeout":{"type":"integer"},"env":{"type":"object","additionalProperties":{"type":"string"}}}}"""),
        ("paths and patterns", """{"file":"C:\\Users\\me\\notes.txt","pattern":"^\\s*\"(\\w+)\":\\s*[\\d,]+$","url":"https://example.org/a?b=1,2&c=[3]","flags":["i","m"]}""",
            """{"type":"object","additionalProperties":false,"properties":{"file":{"type":"string"},"pattern":{"type":"string"},"url":{"type":"string"},"flags":{"type":"array","items":{"enum":["i","m","s"]}}}}"""),
        ("read", """{"path":"lib/parser.py","offset":600,"limit":20}""",
            """{"type":"object","additionalProperties":false,"properties":{"path":{"type":"string"},"offset":{"type":"integer"},"limit":{"type":"integer"}}}"""),
        ("search", """{"query":"weather in Paris, tomorrow","filters":[{"field":"lang","in":["fr","en"]},{"field":"year","from":2020}],"top":5}""",
            """{"type":"object","additionalProperties":false,"properties":{"query":{"type":"string"},"filters":{"type":"array","items":{"type":"object","additionalProperties":false,"properties":{"field":{"enum":["lang","year","site"]},"in":{"type":"array","items":{"type":"string"}},"from":{"type":"integer"}}}},"top":{"type":"integer"}}}"""),
        ("prose", """{"title":"Notes: part 1","body":"He said: \"see [1], or {x: 2}\", and left. It's late, isn't it?","tags":["a, b","c: d"],"rating":4.5}""",
            """{"type":"object","additionalProperties":false,"properties":{"title":{"type":"string"},"body":{"type":"string"},"tags":{"type":"array","items":{"type":"string"}},"rating":{"type":"number"}}}"""),
        ("list of objects", """[{"id":1,"name":"Ada","admin":true},{"id":2,"name":"Bob","admin":false},{"id":3,"name":"Eve","admin":null}]""",
            """{"type":"array","items":{"type":"object","additionalProperties":false,"properties":{"id":{"type":"integer"},"name":{"type":"string"},"admin":{"type":["boolean","null"]}}}}"""),
        ("nested lists", """{"matrix":[[1,2,3],[4,5,6]],"names":[["a","b"],[],["c"]],"size":[2,3]}""",
            """{"type":"object","additionalProperties":false,"properties":{"matrix":{"type":"array","items":{"type":"array","items":{"type":"integer"}}},"names":{"type":"array","items":{"type":"array","items":{"type":"string"}}},"size":{"type":"array","items":{"type":"integer"}}}}"""),
        ("numbers", """{"int":42,"negative":-7,"fraction":0.125,"exponent":6.02e23,"small":-1.5E-9,"big":12345678901234567890,"zero":0}""",
            """{"type":"object","additionalProperties":false,"properties":{"int":{"type":"integer"},"negative":{"type":"integer"},"fraction":{"type":"number"},"exponent":{"type":"number"},"small":{"type":"number"},"big":{"type":"number"},"zero":{"type":"integer"}}}"""),
        ("literals", """{"on":true,"off":false,"none":null,"list":[true,false,null],"text":"true"}""",
            """{"type":"object","additionalProperties":false,"properties":{"on":{"type":"boolean"},"off":{"type":"boolean"},"none":{"type":["string","null"]},"list":{"type":"array","items":{"type":["boolean","null"]}},"text":{"type":"string"}}}"""),
        ("empty parts", """{"a":{},"b":[],"c":"","d":[{}],"e":[[]],"f":0}""",
            """{"type":"object","additionalProperties":false,"properties":{"a":{"type":"object"},"b":{"type":"array"},"c":{"type":"string"},"d":{"type":"array","items":{"type":"object"}},"e":{"type":"array","items":{"type":"array"}},"f":{"type":"number"}}}"""),
        ("deep", """{"a":{"b":{"c":[{"d":{"e":[1,{"f":"g"}]}}],"h":"i"}},"j":"k"}""",
            """{"type":"object","additionalProperties":false,"properties":{"a":{"type":"object","additionalProperties":false,"properties":{"b":{"type":"object","additionalProperties":false,"properties":{"c":{"type":"array","items":{"type":"object","additionalProperties":false,"properties":{"d":{"type":"object","additionalProperties":false,"properties":{"e":{"type":"array","items":{"anyOf":[{"type":"integer"},{"type":"object","additionalProperties":false,"properties":{"f":{"type":"string"}}}]}}}}}}},"h":{"type":"string"}}}}},"j":{"type":"string"}}}"""),
        ("unicode", """{"city":"Zürich","greeting":"こんにちは、世界","emoji":"👍🏽 done","escaped":"caf\u00e9 \ud83d\ude00","quote":"« oui »"}""",
            """{"type":"object","additionalProperties":false,"properties":{"city":{"type":"string"},"greeting":{"type":"string"},"emoji":{"type":"string"},"escaped":{"type":"string"},"quote":{"type":"string"}}}"""),
        ("markup", """{"html":"<a href=\"/x?y=1\" class='b'>go</a>","markdown":"# Hi\n\n- `a`\n- **b**\n","css":"p { margin: 0; }"}""",
            """{"type":"object","additionalProperties":false,"properties":{"html":{"type":"string"},"markdown":{"type":"string"},"css":{"type":"string"}}}"""),
        ("plan", """{"goal":"Ship it","steps":[{"title":"Build","done":true,"notes":["fast","green"]},{"title":"Test","done":false,"notes":[]}],"owner":{"name":"Kim","team":"core"}}""",
            """{"type":"object","additionalProperties":false,"properties":{"goal":{"type":"string"},"steps":{"type":"array","items":{"type":"object","additionalProperties":false,"properties":{"title":{"type":"string"},"done":{"type":"boolean"},"notes":{"type":"array","items":{"type":"string"}}}}},"owner":{"type":"object","additionalProperties":false,"properties":{"name":{"type":"string"},"team":{"type":"string"}}}}}"""),
        ("table", """{"columns":["name","qty","price"],"rows":[["apple",3,1.25],["pear",0,0.8]],"total":3.75}""",
            """{"type":"object","additionalProperties":false,"properties":{"columns":{"type":"array","items":{"type":"string"}},"rows":{"type":"array","items":{"type":"array","items":{"type":["string","number"]}}},"total":{"type":"number"}}}"""),
        ("message", """{"role":"assistant","content":[{"type":"text","text":"Done."},{"type":"tool_use","id":"t1","name":"run","input":{"cmd":"ls -la"}}]}""",
            """{"type":"object","additionalProperties":false,"properties":{"role":{"enum":["system","user","assistant"]},"content":{"type":"array","items":{"anyOf":[{"type":"object","additionalProperties":false,"properties":{"type":{"const":"text"},"text":{"type":"string"}}},{"type":"object","additionalProperties":false,"properties":{"type":{"const":"tool_use"},"id":{"type":"string"},"name":{"type":"string"},"input":{"type":"object"}}}]}}}}"""),
    ];

    /// <summary>Every document, each in three layouts.</summary>
    public static IReadOnlyList<FaultyJsonDocument> All { get; } = [.. Sources.SelectMany(source => Lay(source.Name, source.Text, source.Schema))];

    private static IEnumerable<FaultyJsonDocument> Lay(string name, string text, string schema)
    {
        var value = JsonNode.Parse(text)!;
        yield return new FaultyJsonDocument(name, "compact", text, schema);
        yield return new FaultyJsonDocument(name, "spaced", Space(text), schema);
        yield return new FaultyJsonDocument(name, "pretty", value.ToJsonString(Indented), schema);
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
/// <param name="Schema">The JSON schema that an application would have for it.</param>
public sealed record FaultyJsonDocument(string Name, string Layout, string Text, string Schema);
