using Streamline.TestSupport;

namespace Streamline.Tests.Errors;

/// <summary>What a partial response holds when the response had started and nothing of an answer had arrived.</summary>
public sealed class PartialResponseBeginningTests
{
    [Fact]
    public void ToPartialResponse_OnlyTheStart_HasTheIdsAndNoMessages()
    {
        var response = new StreamState().ApplyAll(new ResponseStarted { Provider = "p", ResponseId = "r_1", Model = "m" }).ToPartialResponse();

        response.Messages.Should().BeEmpty();
        (response.ResponseId, response.ModelId).Should().Be(("r_1", "m"));
    }
}
