using Streamline;
using Streamline.Testing;
using TextSample;

// A scripted provider answers each request, in small pieces and with no network.
const string Answer = """
    ## Paris

    It will be **rainy**. Dr. Dupont says: take a *light* raincoat! See [the forecast](https://example.com/paris).

    ```py
    print("umbrella. Or not?")
    ```

    I am so happy for you. Mail ann@example.com for more.
    """;

using var http = new HttpClient(new ScriptedProvider([.. Enumerable.Repeat(ScriptedReply.Text(Answer), 7)]).CreateHandler());
var source = StreamProtocols.Anthropic.CreateClient(http, "none", "any");

foreach (var (name, run) in Transforms.All)
{
    Console.WriteLine($"{name}:");
    await run(source, Console.Out);
}
