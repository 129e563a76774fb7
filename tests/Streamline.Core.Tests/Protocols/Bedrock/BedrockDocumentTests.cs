using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols.Bedrock;

/// <summary>The service wants a name of each document, that no two of a request are the same, and a text beside them.</summary>
public sealed class BedrockDocumentTests
{
    [Fact]
    public void Write_DocumentsOfTheSameName_HaveDifferentOnes()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.User, [new TextContent("q"), Pdf("report.pdf"), Pdf("Report.pdf")]),
            new(ChatRole.Assistant, [new FunctionCallContent("a", "f")]),
            new(ChatRole.Tool, [new FunctionResultContent("a", new List<AIContent> { Pdf("report.pdf") })]),
            new(ChatRole.User, [new TextContent("q"), Pdf("document-6"), Pdf(name: null), Pdf(name: null), Pdf("document-7")]),
        ];

        var names = Names(RequestBody.Write(StreamProtocols.BedrockConverse, messages, new ChatOptions { Tools = [RequestBody.Weather] }));

        names.Should().Equal("report-pdf", "Report-pdf-2", "report-pdf-3", "document-6", "document-5", "document-6-2", "document-7");
    }

    [Fact]
    public void Write_LongNames_HaveAtMost200CharactersAndStayDifferent()
    {
        var name = new string('n', 250);
        var names = Names(RequestBody.Write(StreamProtocols.BedrockConverse, [new ChatMessage(ChatRole.User, [new TextContent("q"), Pdf(name), Pdf(name)])]));

        names.Should().Equal(new string('n', 200), new string('n', 198) + "-2");
    }

    [Fact]
    public void Write_DocumentWithoutAText_GetsOne()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.User, [Pdf("a")]),
            new(ChatRole.Assistant, "x"),
            new(ChatRole.User, [Pdf("b")]),
            new(ChatRole.User, "q"),
        ];

        var body = RequestBody.Write(StreamProtocols.BedrockConverse, messages);

        body["messages"]![0]!["content"]!.AsArray().Select(content => content!.AsObject().Single().Key).Should().Equal("document", "text");
        body["messages"]![2]!["content"]!.AsArray().Select(content => content!.AsObject().Single().Key).Should().Equal("document", "text");
        StreamProtocols.BedrockConverse.NormalizeConversation(new StreamRequest { Messages = messages }).Changes.Should().ContainSingle()
            .Which.Should().BeEquivalentTo(new { Kind = ConversationChangeKind.TextAdded, MessageIndex = 0 }, "the second has the text of the next message");
    }

    private static DataContent Pdf(string? name) => new(new byte[] { 1 }, "application/pdf") { Name = name };

    private static IEnumerable<string> Names(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(member => member.Key == "document" ? [member.Value!["name"]!.GetValue<string>()] : Names(member.Value)),
        JsonArray array => array.SelectMany(Names),
        _ => [],
    };
}
