using System.Text;
using Streamline.Sse;

namespace Streamline.TestSupport.Sse;

/// <summary>Server-sent event streams written for this repository, with what must be read from them.</summary>
public static class SseFixtures
{
    private const string ByteOrderMark = "\uFEFF";

    /// <summary>The shapes of the examples in the specification's section.</summary>
    public static IReadOnlyList<SseFixture> Specification { get; } =
    [
        Of("stock ticker: data lines are joined", "data: ACME\ndata: +3\ndata: 12\n\n", Message("ACME\n+3\n12")),
        Of(
            "four blocks: a comment, an id, an id reset by a line without a colon, and one cut off",
            ": probe stream\n\ndata: one\nid: 1\n\ndata:two\nid\n\ndata:  three",
            Message("one", id: "1"),
            Message("two")),
        Of("empty data is data", "data\n\ndata\ndata\n\ndata:", Message(""), Message("\n")),
        Of("the space after the colon is optional", "data:same\n\ndata: same\n\n", Message("same"), Message("same")),
        Of(
            "named events",
            "event: join\ndata: 4711\n\nevent: leave\ndata: 12\n\nevent: join\ndata: 815\n\n",
            Message("4711", "join"),
            Message("12", "leave"),
            Message("815", "join")),
        Of(
            "unnamed events, the last of two lines",
            "data: The first.\n\ndata: The second, which\ndata: has two lines.\n\n",
            Message("The first."),
            Message("The second, which\nhas two lines.")),
        Of("data that ends with an empty line", "data: line\ndata:\n\n", Message("line\n")),
    ];

    /// <summary>One rule each.</summary>
    public static IReadOnlyList<SseFixture> Rules { get; } =
    [
        Of("no bytes", ""),
        Of("only blank lines", "\n\r\n\r\r\n\n"),
        Of("data field without colon", "data\n\n", Message("")),
        Of("data field with empty value", "data:\n\n", Message("")),
        Of("two data fields without colon", "data\ndata\n\n", Message("\n")),
        Of("one space is removed, not two", "data:  a\n\n", Message(" a")),
        Of("a tab is not removed", "data:\ta\n\n", Message("\ta")),
        Of("only a space", "data: \n\n", Message("")),
        Of("the value keeps its colons", "data: a:b: c\n\n", Message("a:b: c")),
        Of("an event name without data leads to nothing, and does not leak", "event: x\n\ndata: 1\n\n", Message("1")),
        Of("an empty event name is message", "event:\ndata: 1\n\n", Message("1")),
        Of("an event field without colon resets the name", "event: x\nevent\ndata: 1\n\n", Message("1")),
        Of("the last event name wins", "event: x\nevent: yy\ndata: 1\n\n", Message("1", "yy")),
        Of("the event name may follow the data", "data: 1\nevent: late\n\ndata: 2\n\n", Message("1", "late"), Message("2")),
        Of("an id without data counts", "id: 7\n\ndata: 1\n\n", Message("1", id: "7")),
        Of("an id stays", "id: 7\ndata: 1\n\ndata: 2\n\n", Message("1", id: "7"), Message("2", id: "7")),
        Of("an empty id resets", "id: 7\ndata: 1\n\nid:\ndata: 2\n\n", Message("1", id: "7"), Message("2")),
        Of("an id with NUL is ignored", "id: 7\nid: x\0y\ndata: 1\n\n", Message("1", id: "7")),
        Of("NUL in data stays", "data: a\0b\n\n", Message("a\0b")),
        Of("data without a blank line at the end", "data: 1"),
        Of("data with one line end at the end", "data: 1\n"),
        Of("[DONE] without a blank line is dropped like anything", "data: [DONE]"),
        Of("[DONE] is ordinary data", "data:[DONE]\n\n", Message("[DONE]")),
        Of("a comment", ":hi\n\n"),
        Of("a comment within an event", "data: 1\n: still here\ndata: 2\n\n", Message("1\n2")),
        Of("a comment that looks like a field", ":data: 1\n\ndata: 2\n\n", Message("2")),
        Of("one byte order mark is dropped", ByteOrderMark + "data:a\n\n", Message("a")),
        Of("the second byte order mark is text", ByteOrderMark + ByteOrderMark + "data: 1\n\n"),
        Of("a byte order mark later on is text", "data: 1\n\n" + ByteOrderMark + "data: 2\n\ndata: 3\n\n", Message("1"), Message("3")),
        Of("a byte order mark within data is text", "data: " + ByteOrderMark + "\n\n", Message(ByteOrderMark)),
        Of("only a byte order mark", ByteOrderMark),
        Of("a byte order mark before a blank line", ByteOrderMark + "\ndata: 1\n\n", Message("1")),
        Of("half a byte order mark is text", [0xEF, 0xBB, .. "data: 1\n\ndata: 2\n\n"u8], Message("2")),
        Of("a third of a byte order mark is a line", [0xEF, .. "\ndata: 2\n\n"u8], Message("2")),
        Of("field names are case-sensitive", "DATA:a\n\nData:b\ndata:c\n\n", Message("c")),
        Of("a space before the colon belongs to the name", "data :a\n\n"),
        Of("a space before the name belongs to the name", " data:a\n\n"),
        Of("an unknown field", "speed: 9\ndata: 1\n\n", Message("1")),
        Of("names that begin with a field's name", "database: 1\nid2: 3\ndat: 1\neventually: x\nretry!\ndata: 1\n\n", Message("1")),
        Of("CR ends lines", "data:a\r\rdata:b\r\r", Message("a"), Message("b")),
        Of("CRLF ends lines", "event: t\r\ndata:a\r\n\r\ndata:b\r\n\r\n", Message("a", "t"), Message("b")),
        Of("LF then CRLF", "data:a\n\r\n", Message("a")),
        Of("CRLF then CR", "data:a\r\n\rdata:b\r\n\r", Message("a"), Message("b")),
        Of("CR then LF is one line end", "data:a\r\ndata:b\r\r\n", Message("a\nb")),
        Of("LF CR is two line ends", "data:a\n\rdata:b\n\r", Message("a"), Message("b")),
        Of("other newlines of Unicode and ASCII are text", "data:a\u2028b\u2029c\u0085d\ve\ff\n\n", Message("a\u2028b\u2029c\u0085d\ve\ff")),
        Of("characters of two, three and four bytes", "event: ü\nid: €\ndata: ü€🙂\n\n", Message("ü€🙂", "ü", "€")),
        Of("malformed UTF-8 is replaced", [.. "data: a"u8, 0xFF, .. "b\n\n"u8], Message("a\uFFFDb")),
        Of("a retry field is no event", "retry: 50\n\ndata: 1\n\n", Message("1")),
    ];

    /// <summary>Whole streams.</summary>
    public static IReadOnlyList<SseFixture> Streams { get; } =
    [
        Of(
            "mixed: comment, retry, id, name, unknown field, joined data, a truncated end",
            ": warm-up\nretry: 1500\r\nid: 41\revent: tick\ndata: {\"n\":1}\nspeed: 9\n\r\ndata: {\"n\":\ndata: 2}\n\ndata: {\"n\":3}\n",
            Message("{\"n\":1}", "tick", "41"),
            Message("{\"n\":\n2}", id: "41")),
        Of(
            "a proxy with keep-alives and a late error",
            ": PROXY PROCESSING\n\ndata: {\"id\":\"g1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hal\"}}]}\n\n: PROXY PROCESSING\n\n"
                + "data: {\"error\":{\"code\":502,\"message\":\"upstream went away\"}}\n\ndata: [DONE]\n\n",
            Message("{\"id\":\"g1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hal\"}}]}"),
            Message("{\"error\":{\"code\":502,\"message\":\"upstream went away\"}}"),
            Message("[DONE]")),
    ];

    public static IEnumerable<SseFixture> All => [.. Specification, .. Rules, .. Streams];

    private static SseItem Message(string data, string eventType = "message", string id = "") => new(eventType, data, id);

    private static SseFixture Of(string name, string text, params SseItem[] events) => Of(name, Encoding.UTF8.GetBytes(text), events);

    private static SseFixture Of(string name, byte[] bytes, params SseItem[] events) => new(name, bytes, events);
}
