using Streamline.Testing;
using Streamline.TestSupport;
using Streamline.Tools.Tests.Support;

namespace Streamline.Tools.Tests.Composition;

/// <summary>The whole default pipeline over HTTP, whatever the provider, the tools and the consumer do.</summary>
/// <remarks>A task whose failure nobody observed is found in the whole process, so no other test may run meanwhile.</remarks>
[Collection(AloneCollection.Name)]
[Trait("Law", "3")]
[Trait("Law", "6")]
[Trait("Law", "7")]
[Trait("Law", "8")]
[Trait("Law", "9")]
[Trait("Law", "13")]
public sealed class DefaultPipelineTests
{
    [Theory]
    [InlineData("anthropic", 0)]
    [InlineData("openai", 0)]
    [InlineData("openai-responses", 0)]
    [InlineData("anthropic", 1_000_000)]
    [InlineData("openai", 1_000_000)]
    [Trait("Finding", "B1")]
    public Task Stream_InProcess_KeepsItsInvariants(string wire, int firstSeed) => RunAsync(wire, overSocket: false, firstSeed, count: 500);

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    [InlineData("openai-responses")]
    public Task Stream_OverASocket_KeepsItsInvariants(string wire) => RunAsync(wire, overSocket: true, firstSeed: 2_000_000, count: 100);

    private static async Task RunAsync(string wire, bool overSocket, int firstSeed, int count)
    {
        var protocol = wire switch
        {
            "anthropic" => StreamProtocols.Anthropic,
            "openai" => StreamProtocols.OpenAIChat,
            _ => StreamProtocols.OpenAIResponses,
        };
        var unobserved = new List<Exception>();
        EventHandler<UnobservedTaskExceptionEventArgs> onUnobserved = (_, arguments) =>
        {
            lock (unobserved)
            {
                unobserved.Add(arguments.Exception);
            }
        };
        CollectDroppedTasks(); // of the tests that ran before
        TaskScheduler.UnobservedTaskException += onUnobserved;
        try
        {
            for (var seed = firstSeed; seed < firstSeed + count; seed++)
            {
                await RandomExchange.CheckAsync(protocol, overSocket, seed).OrFail();
            }

            CollectDroppedTasks();
            lock (unobserved)
            {
                unobserved.Where(exception => exception.ToString().Contains(nameof(Streamline), StringComparison.Ordinal)).Should().BeEmpty("every failure has an observer");
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= onUnobserved;
        }
    }

    private static void CollectDroppedTasks()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
