using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>A function and how it may be run.</summary>
internal sealed class RunnableTool(AIFunction function, ToolOptions options)
{
    private readonly Lazy<ArgumentValidator?> _validator = new(() => TryMakeValidator(function));
    private readonly Lazy<ParameterValidator?> _parameters = new(() => TryMakeParameterValidator(function));
    private readonly bool _isApprovalRequired = function.GetService<ApprovalRequiredAIFunction>() is not null;

    public AIFunction Function => function;

    public ToolOptions Options => options;

    public string Name => function.Name;

    /// <summary>The tool as one that works on growing arguments; <see langword="null"/> for all others.</summary>
    public StreamingTool? Streaming { get; } = function.GetService<StreamingTool>();

    /// <summary>What clients further in see: a tool that is not theirs to run.</summary>
    public AITool Declaration { get; } = function.AsDeclarationOnly();

    /// <summary>Checks arguments against the schema, and then against the parameters of the method that the function is made of.</summary>
    /// <returns>What is wrong; <see langword="null"/> when nothing is, or the arguments of this tool are not to be checked.</returns>
    public string? Check(JsonElement arguments) => options.ValidateArguments ? _validator.Value?.Check(arguments) ?? _parameters.Value?.Check(arguments) : null;

    /// <summary>A function whose schema cannot be had is not checked. It is still the tool's to refuse arguments.</summary>
    private static ArgumentValidator? TryMakeValidator(AIFunction function)
    {
        try
        {
            return new ArgumentValidator(function.JsonSchema);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static ParameterValidator? TryMakeParameterValidator(AIFunction function)
    {
        try
        {
            return ParameterValidator.TryCreate(function);
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>Tells whether a call needs approval.</summary>
    public bool NeedsApproval(ToolCall call, ToolConversation conversation) =>
        options.Approval is { } approval ? approval.IsNeeded(conversation.ContextOf(call, progress: null)) : _isApprovalRequired;
}
