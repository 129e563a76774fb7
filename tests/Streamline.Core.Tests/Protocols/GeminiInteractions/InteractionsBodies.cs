using System.Text;
using static Streamline.Tests.Protocols.GeminiInteractions.InteractionsEvents;

namespace Streamline.Tests.Protocols.GeminiInteractions;

/// <summary>Whole responses of each kind, as the provider sends them.</summary>
internal static class InteractionsBodies
{
    private const string Done = "event: done\ndata: [DONE]\n\n";

    public static IReadOnlyList<byte[]> All { get; } =
    [
        Whole(
            Created,
            """{"interaction_id":"v1_a","status":"in_progress","event_id":"e1","event_type":"interaction.status_update"}""",
            Start(0, """{"type":"thought"}"""),
            Delta(0, """{"content":{"text":"Hm","type":"text"},"type":"thought_summary"}"""),
            Delta(0, """{"signature":"c2ln","type":"thought_signature"}"""),
            Stop(0),
            Start(1, """{"type":"model_output"}"""),
            WithId(Words(1, "Grüße "), "e2"),
            Words(1, "😀"),
            Delta(1, """{"annotations":[{"type":"url_citation","url":"https://e.org/","start_index":0,"end_index":2}],"type":"text_annotation_delta"}"""),
            Stop(1),
            """{"interaction":{"id":"v1_a","status":"completed","usage":{"total_tokens":9,"total_input_tokens":4,"input_tokens_by_modality":[{"modality":"text","tokens":4}],"total_cached_tokens":0,"total_output_tokens":3,"total_tool_use_tokens":0,"total_thought_tokens":2},"created":"2026-05-15T18:52:03Z","updated":"2026-05-15T18:52:04Z","service_tier":"standard","object":"interaction","model":"g"},"event_type":"interaction.completed"}"""),
        Whole(
            Created,
            Start(0, """{"id":"c","type":"function_call","name":"f","arguments":{},"signature":"s"}"""),
            Arguments(0, "{\"city\":\"Zür"),
            Arguments(0, "ich\"}"),
            Stop(0),
            Start(1, """{"id":"d","type":"function_call","name":"g","arguments":{"a":[1,{"b":null}]}}"""),
            Stop(1),
            """{"interaction":{"id":"v1_a","status":"requires_action","usage":{"total_tokens":9,"total_input_tokens":4,"total_output_tokens":5},"object":"interaction","model":"g"},"event_type":"interaction.completed"}"""),
        Whole(
            Created,
            Start(0, """{"id":"s","type":"google_search_call","arguments":{"queries":["x"]},"signature":"s"}"""),
            Stop(0),
            Start(1, """{"call_id":"s","type":"google_search_result","result":[{"search_suggestions":"<div>"}],"signature":"s"}"""),
            Stop(1),
            Start(2, """{"type":"model_output","content":[{"type":"text","text":"Hi"}]}"""),
            Delta(2, """{"type":"image","mime_type":"image/png","data":"QUJD"}"""),
            Stop(2),
            Completed),
        Encoding.UTF8.GetBytes(Body(Created, Words(0, "a"), """{"error":{"code":"gateway_timeout","message":"Deadline expired."},"event_type":"error"}""")),
    ];

    private static byte[] Whole(params string[] payloads) => Encoding.UTF8.GetBytes(Body(payloads) + Done);
}
