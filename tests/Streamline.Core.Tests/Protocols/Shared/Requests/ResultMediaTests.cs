using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.TestSupport.Conversations;

namespace Streamline.Tests.Protocols.Requests;

/// <summary>A tool gives what it gives. What the provider cannot read of it must not make this and every later turn of the conversation fail.</summary>
[Trait("Law", "13")]
public sealed class ResultMediaTests
{
    private static readonly AIContent[] Everything =
    [
        new TextContent("seen"),
        new DataContent(new byte[12 * 1024], "audio/wav"),
        new DataContent(new byte[3 * 1024 * 1024], "video/mp4"),
        new DataContent(new byte[5], "application/octet-stream"),
        new DataContent(new byte[5], "application/pdf"),
        new DataContent(new byte[5], "image/png"),
        new UriContent("https://files.test/v.mp4", "video/mp4"),
        new UriContent("https://files.test/d.zip", "application/zip"),
        new HostedFileContent("file_1") { MediaType = "video/mp4" },
        new HostedFileContent("file_2"),
        new ErrorContent("half of it failed"),
        new UsageContent(),
        new TextReasoningContent("hm"),
    ];

    public static TheoryData<string> Names => [.. ProviderRules.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_ResultOfAnything_IsAccepted(string name)
    {
        var (protocol, model, check) = ProviderRules.All[name];
        foreach (var content in Everything)
        {
            foreach (object result in new object[] { content, new List<AIContent> { content }, new List<AIContent> { new TextContent("before"), content } })
            {
                var body = RequestBody.Write(protocol, Conversation(result), new ChatOptions { Tools = [RequestBody.Weather] }, model: model);

                check(body);
            }
        }

        var whole = RequestBody.Write(protocol, Conversation(Everything.ToList()), new ChatOptions { Tools = [RequestBody.Weather] }, model: model).ToJsonString();
        whole.Should().ContainAll("seen", "half of it failed", "[application/octet-stream, 5 bytes: this provider cannot read it]");
    }

    public static TheoryData<string, string> Unreadable => new()
    {
        { "anthropic", "audio/wav, 12 KB|video/mp4, 3 MB|application/octet-stream, 5 bytes|video/mp4 at https://files.test/v.mp4|application/zip at https://files.test/d.zip|the file file_1" },
        { "bedrock", "audio/wav, 12 KB|application/octet-stream, 5 bytes|video/mp4 at https://files.test/v.mp4|application/zip at https://files.test/d.zip|the file file_1|the file file_2" },
        { "gemini", "audio/wav, 12 KB|video/mp4, 3 MB|application/octet-stream, 5 bytes|video/mp4 at https://files.test/v.mp4|application/zip at https://files.test/d.zip|the file file_1" },
        { "openai", "video/mp4, 3 MB|application/octet-stream, 5 bytes|video/mp4 at https://files.test/v.mp4|application/zip at https://files.test/d.zip|the file file_1" },
        { "openai-responses", "audio/wav, 12 KB|video/mp4, 3 MB|application/octet-stream, 5 bytes|video/mp4 at https://files.test/v.mp4|the file file_1" },
        { "ollama", "audio/wav, 12 KB|video/mp4, 3 MB|application/octet-stream, 5 bytes|application/pdf, 5 bytes|video/mp4 at https://files.test/v.mp4|application/zip at https://files.test/d.zip|the file file_1|the file file_2" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void Normalize_WhatTheProviderCannotRead_IsATextThatSaysWhatItWas(string name, string expected)
    {
        var (protocol, model, _) = ProviderRules.All[name];
        var conversation = protocol.NormalizeConversation(new StreamRequest { Messages = Conversation(Everything.ToList()), Options = new ChatOptions { ModelId = model } });
        var result = (IEnumerable<AIContent>)conversation.Messages[2].Contents.OfType<FunctionResultContent>().Single().Result!;

        result.OfType<TextContent>().Select(text => text.Text).Where(text => text.Contains("cannot read it", StringComparison.Ordinal))
            .Should().Equal(expected.Split('|').Select(what => $"[{what}: this provider cannot read it]"));
        conversation.Changes.Single(change => change.Kind == ConversationChangeKind.ResultMediaReplaced).Should().BeEquivalentTo(new { MessageIndex = 2, CallId = "a" });
    }

    [Fact]
    public void Write_WhatTheUserSends_IsStillNamed() =>
        FluentActions.Invoking(() => RequestBody.Write(StreamProtocols.Anthropic, [new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "audio/wav")])]))
            .Should().Throw<ArgumentException>().WithMessage("*audio/wav*");

    [Fact]
    public void Normalize_ResultThatCanBeRead_IsTheSame()
    {
        var request = new StreamRequest { Messages = Conversation(new List<AIContent> { new TextContent("t"), new DataContent(new byte[] { 1 }, "image/png") }) };

        StreamProtocols.Anthropic.NormalizeConversation(request).Messages.Should().BeSameAs(request.Messages);
    }

    private static ChatMessage[] Conversation(object result) =>
    [
        new(ChatRole.User, "q"),
        new(ChatRole.Assistant, [new FunctionCallContent("a", "weather")]),
        new(ChatRole.Tool, [new FunctionResultContent("a", result)]),
        new(ChatRole.User, "q"),
    ];
}
