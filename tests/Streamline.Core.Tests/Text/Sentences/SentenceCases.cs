namespace Streamline.Tests.Sentences;

/// <summary>Texts with the ends of their sentences marked by <c>¶</c>.</summary>
internal static class SentenceCases
{
    public static IReadOnlyList<string> English { get; } =
    [
        "Hello there.¶ How are you?¶ Fine!¶",
        "Dr. Smith met Mrs. Jones at 5 p.m. on Monday.¶ They talked.¶",
        "He arrived at 5 p.m. Then he left.¶".Replace("p.m. Then", "p.m.¶ Then", StringComparison.Ordinal),
        "J. R. R. Tolkien wrote it.¶ George W. Bush did not.¶",
        "The U.S. Government said so.¶ He lives in the U.S.¶ She does too.¶",
        "Pi is 3.14159 and e is 2.71828.¶ Version 1.2.3 is out.¶",
        "See https://example.com/a.b?c=d. It helps.¶".Replace("d. It", "d.¶ It", StringComparison.Ordinal),
        "Mail me at j.doe@example.com or visit www.example.com.¶ Thanks!¶",
        "Use e.g. a list, i.e. several items, etc. and so on.¶",
        "We sell apples, pears, etc. The shop opens at nine.¶".Replace("etc. The", "etc.¶ The", StringComparison.Ordinal),
        "Well... maybe.¶ I wonder…¶ Yes.¶",
        "\"Stop!\" he said.¶ \"Why?\" she asked.¶",
        "He said \"Go.\" Then he went.¶".Replace("Go.\" Then", "Go.\"¶ Then", StringComparison.Ordinal),
        "(This is an aside.)¶ This is not.¶",
        "What?!¶ No way!!!¶ Really??¶",
        "See Fig. 3 and No. 5 on p. 12.¶ Is it No?¶ No.¶ It is not.¶",
        "It costs $3.50.¶ That is 5.5% more.¶",
        "He was born on Jan. 5 and works at Acme Inc. in Ohio.¶",
        "I work at Acme Inc. We make things.¶".Replace("Inc. We", "Inc.¶ We", StringComparison.Ordinal),
        "So do I. The end is near.¶".Replace("I. The", "I.¶ The", StringComparison.Ordinal),
        "Install Node.js and the .NET SDK.¶ Then run app.exe.¶",
        "**Bold sentence.**¶ Another one.¶",
        "A fact.[1]¶ Another fact.[12]¶ The end.¶",
        "1. First item\n¶2. Second item\n¶3. Third item¶".Replace("\n¶", "¶\n", StringComparison.Ordinal),
        "# A heading¶\nSome text here¶\n\nA paragraph¶\n- an item¶\n- another item¶",
        "One line\ngoes on here.¶ Done.¶",
        "Yahoo! is a company.¶ Jeopardy! is a show.¶",
        "It happened in 1999. 2000 was better.¶".Replace("1999. 2000", "1999.¶ 2000", StringComparison.Ordinal),
        "Wait—what?¶ OK.¶",
        "Prof. Lee vs. Dr. Who at St. Mary's.¶ Fun.¶",
        "He has a Ph.D. in physics.¶ She got her Ph.D. It took years.¶".Replace("D. It", "D.¶ It", StringComparison.Ordinal),
        "Is it 3 p.m.?¶ Yes.¶",
        "Great! 🎉 Let's go.¶".Replace("Great! ", "Great!¶ ", StringComparison.Ordinal),
        "The end¶",
    ];

    public static IReadOnlyList<string> German { get; } =
    [
        "Das ist gut.¶ Ist es das?¶ Ja!¶",
        "Am 3. Oktober ist frei.¶ Der 2. Weltkrieg endete 1945.¶ Danach kam Frieden.¶",
        "Wir nehmen z. B. Äpfel, d. h. Obst, u. a. Birnen.¶",
        "Es gibt z.B. Brot bzw. Kuchen ca. 5 km von hier.¶",
        "Herr Dr. Müller und Fr. Prof. Schmidt kamen.¶ Sie blieben.¶",
        "Das kostet 3,50 Euro.¶ Es sind 1.234 Stück.¶",
        "»Hallo.«¶ »Wer da?«¶ »Ich.«¶",
        "„Komm her!“, rief er.¶ „Nein.“¶ Sie ging.¶",
        "Siehe Abb. 3 auf S. 12 in Nr. 4.¶ Fertig.¶",
        "Äpfel, Birnen usw. Die Liste ist lang.¶".Replace("usw. Die", "usw.¶ Die", StringComparison.Ordinal),
        "Ludwig XIV. war König.¶ Er lebte lange.¶",
    ];

    public static IReadOnlyList<string> French { get; } =
    [
        "Bonjour.¶ Ça va ?¶ Oui !¶",
        "« Bonjour. »¶ Elle sourit.¶",
        "« Quoi ? » dit-il.¶ « Rien. »¶",
        "M. Dupont et Mme Martin, c.-à-d. les voisins, sont là.¶ Ils attendent.¶",
        "Il pèse 3,5 kg.¶ C'est peu.¶",
        "Voir art. 5 et p. 12.¶ Merci.¶",
        "Ah ! oui, bien sûr.¶ Et alors ?¶",
        "J.-C. Petit habite à Paris.¶ L'adresse est connue.¶",
    ];

    public static IReadOnlyList<string> Chinese { get; } =
    [
        "你好。¶今天天气很好！¶你去哪里？¶",
        "他说：“我来了。”¶然后他走了。¶",
        "价格是3.5元。¶很便宜。¶",
        "真的吗？！¶太好了！！¶",
        "（这是注释。）¶下一句。¶",
        "我们用Node.js开发。¶它很快。¶",
        "等一下……我想想。¶好。¶",
        "第一行¶\n\n第二行¶",
    ];

    public static IReadOnlyList<string> Japanese { get; } =
    [
        "こんにちは。¶元気ですか？¶はい！¶",
        "「はい。」と言った。¶彼は笑った。¶",
        "「行こう！」彼は叫んだ。¶".Replace("」彼", "」¶彼", StringComparison.Ordinal),
        "「はい。¶そうです。」¶終わり。¶",
        "価格は3.5ドルです。¶安いですね。¶",
        "すごい！！¶本当に？！¶",
        "東京（日本の首都。）は大きい。¶".Replace("。）は", "。）¶は", StringComparison.Ordinal),
    ];

    public static IReadOnlyList<string> Others { get; } =
    [
        "¡Hola!¶ ¿Qué tal?¶ El Sr. García llegó.¶",
        "Il dott. Rossi è qui.¶ Va bene.¶",
        "Привет.¶ Как дела?¶",
        "هل أنت بخير؟¶ نعم.¶",
        "आप कैसे हैं।¶ मैं ठीक हूँ।¶",
    ];

    public static IEnumerable<string> All => [.. English, .. German, .. French, .. Chinese, .. Japanese, .. Others];
}
