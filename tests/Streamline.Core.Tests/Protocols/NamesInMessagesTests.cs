using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols;

/// <summary>What an application sees of a protocol, or in a message, has a name that it knows.</summary>
public sealed class NamesInMessagesTests
{
    public static TheoryData<string> Protocols => [.. typeof(StreamProtocols).GetProperties().Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Protocols))]
    public void ToString_Protocol_IsItsName(string name)
    {
        var protocol = (StreamProtocol)typeof(StreamProtocols).GetProperty(name)!.GetValue(null)!;

        protocol.ToString().Should().Be(protocol.Name);
    }

    [Fact]
    public void ToString_CompatibleServer_IsTheProviderAndItsProtocol() => OpenAICompatible.Groq.ToString().Should().Be("groq (openai)");

    [Theory]
    [MemberData(nameof(Protocols))]
    public void UnsupportedTool_OfAReceivedRequest_IsNotCalledByAnInternalType(string name)
    {
        using var body = JsonDocument.Parse("""{"model":"m","input":"Hi","tools":[{"type":"web_search_preview"}]}""");
        var request = StreamProtocols.OpenAIResponses.ReadRequest(body.RootElement);
        var protocol = (StreamProtocol)typeof(StreamProtocols).GetProperty(name)!.GetValue(null)!;

        try
        {
            RequestBody.Write(protocol, [.. request.Messages], request.Options, model: "m");
        }
        catch (ArgumentException exception)
        {
            exception.Message.Should().Contain("web_search_preview").And.NotContain("Received");
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void NumberThatIsNotFinite_IsAClearError(string name)
    {
        var protocol = (StreamProtocol)typeof(StreamProtocols).GetProperty(name)!.GetValue(null)!;
        foreach (var number in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var act = () => RequestBody.Write(protocol, [new ChatMessage(ChatRole.User, "Hi.")], new ChatOptions { Temperature = number }, model: "m");

            act.Should().Throw<ArgumentException>().WithMessage("The option Temperature is *; expected a finite number.*");
        }
    }
}
