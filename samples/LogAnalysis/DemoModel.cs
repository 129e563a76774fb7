using Streamline.Testing;

namespace LogAnalysisSample;

/// <summary>A model that finds the lines with an error.</summary>
internal static class DemoModel
{
    public static ScriptedReply Respond(ScriptedRequest request)
    {
        var errors = request.LastUserText.Split('\n').Where(line => line.StartsWith("ERROR ", StringComparison.Ordinal)).Select(line => line["ERROR ".Length..]).ToArray();
        return ScriptedReply.Text(errors.Length == 0 ? "All is well." : $"{errors.Length} of them: {string.Join("; ", errors)}.");
    }
}
