using Microsoft.Extensions.AI;

namespace Streamline.Tools.Tests;

public sealed class ToolCatalogTests
{
    private readonly TestTool _ofClient = new("search");
    private readonly RunnableTool _runnable;

    public ToolCatalogTests() => _runnable = new RunnableTool(_ofClient, new ToolOptions { MaxCalls = 3 });

    [Fact]
    public void Declare_WithoutTools_LeavesTheOptions()
    {
        var options = new ChatOptions();
        ToolCatalog.Create([], []).Declare(options);
        options.Tools.Should().BeNull();
    }

    [Fact]
    public void Declare_HasTheToolsOfTheRequest_BeforeThoseOfTheClient()
    {
        var (hosted, declaration) = (new HostedWebSearchTool(), new TestTool("ask").AsDeclarationOnly());
        var options = new ChatOptions();
        var catalog = ToolCatalog.Create([_runnable], [hosted, declaration]);
        catalog.Declare(options);
        options.Tools.Should().Equal(hosted, declaration, _runnable.Declaration);
        (catalog.IsCallers("ask"), catalog.IsCallers("search"), catalog.IsCallers(hosted.Name)).Should().Be((true, false, false));
        catalog.Names.Should().Equal("search");
    }

    [Fact]
    public void FunctionOfTheRequest_TakesTheClientsPlace_WithItsOptions()
    {
        var other = new TestTool("search");
        var catalog = ToolCatalog.Create([_runnable], [other]);
        catalog.TryGet("search", out var tool).Should().BeTrue();
        (tool!.Function, tool.Options.MaxCalls).Should().Be((other, 3));
        var options = new ChatOptions();
        catalog.Declare(options);
        options.Tools.Should().Equal(tool.Declaration);
    }

    [Fact]
    public void SameFunction_InTheRequest_IsTheClientsTool()
    {
        ToolCatalog.Create([_runnable], [_ofClient]).TryGet("search", out var tool).Should().BeTrue();
        tool.Should().BeSameAs(_runnable);
    }

    [Fact]
    public void DeclarationOfAToolOfTheClient_IsNotTheCallersToRun()
    {
        var declaration = _ofClient.AsDeclarationOnly();
        var catalog = ToolCatalog.Create([_runnable], [declaration]);
        catalog.IsCallers("search").Should().BeFalse();
        var options = new ChatOptions();
        catalog.Declare(options);
        options.Tools.Should().Equal(declaration);
    }
}
