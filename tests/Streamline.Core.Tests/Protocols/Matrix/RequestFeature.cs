namespace Streamline.Tests.Protocols.Matrix;

/// <summary>A feature of requests: what a wire is asked to carry.</summary>
/// <param name="name">The name of the row.</param>
/// <param name="asks">By wire, what is asked, in which form, and the claim that holds when the body has the mark.</param>
internal sealed class RequestFeature(string name, Func<string, IEnumerable<RequestSample>> asks) : ProviderFeature(name)
{
    public override Task<string> ObserveAsync(string wire)
    {
        var carried = new List<(string, string)>();
        foreach (var ask in asks(wire))
        {
            try
            {
                var body = RequestBody.Write(Protocol(wire), [ask.Message], ask.Options, ask.Extra).ToJsonString();
                if (body.Contains(ask.Mark, StringComparison.Ordinal))
                {
                    carried.Add((ask.Claim, ask.Form));
                }
                else if (!ask.MayBeLeftOut)
                {
                    carried.Add(("left out in silence", ask.Form));
                }
            }
            catch (ArgumentException)
            {
                // The wire says that it cannot carry it.
            }
        }

        return Task.FromResult(carried.Count > 0 ? Describe(carried) : Nothing);
    }
}
