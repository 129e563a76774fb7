using System.Globalization;
using System.Runtime.CompilerServices;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests;

/// <summary>Leaves streams at random points in random ways, and looks at what is left of them.</summary>
internal static class LeavingStress
{
    public const int Iterations = 2_000;

    private const string Marker = "scripted by the stress test";

    /// <summary>Runs a middleware over random scripts, with and without cancellation, break and failure.</summary>
    /// <param name="wrap">Makes the client under test around the scripted source.</param>
    public static async Task RunAsync(Func<IStreamClient, IStreamClient> wrap)
    {
        var unobserved = 0;
        EventHandler<UnobservedTaskExceptionEventArgs> onUnobserved = (_, arguments) =>
        {
            if (arguments.Exception.ToString().Contains(Marker, StringComparison.Ordinal))
            {
                Interlocked.Increment(ref unobserved);
            }
        };
        TaskScheduler.UnobservedTaskException += onUnobserved;
        try
        {
            for (var seed = 0; seed < Iterations; seed++)
            {
                await OnceAsync(wrap, new Plan(seed)).OrFail();
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
            unobserved.Should().Be(0, "every failure has an observer");
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= onUnobserved;
        }
    }

    private static async Task OnceAsync(Func<IStreamClient, IStreamClient> wrap, Plan plan)
    {
        using var cancellation = new CancellationTokenSource();
        var source = new FakeStreamClient((_, cancellationToken) => plan.StreamAsync(cancellationToken));
        var received = new List<StreamEvent>();
        Exception? exception = null;
        var cancelling = Task.CompletedTask;
        try
        {
            if (plan.Exit == Exit.CancelMeanwhile)
            {
                cancelling = Task.Run(async () =>
                {
                    await YieldAsync(plan.ExitAfter);
                    await cancellation.CancelAsync();
                });
            }

            await foreach (var streamEvent in wrap(source).StreamAsync(Request, cancellation.Token))
            {
                received.Add(streamEvent);
                if (received.Count == plan.ExitAfter && plan.Exit == Exit.Break)
                {
                    break;
                }

                if (received.Count == plan.ExitAfter && plan.Exit == Exit.CancelInside)
                {
                    await cancellation.CancelAsync();
                }
            }
        }
        catch (Exception e)
        {
            exception = e;
        }

        source.Open.Should().Be(0, plan.ToString());
        source.Finished.Should().Be(source.Requests.Count, plan.ToString());
        await cancelling;
        Check(plan, received, exception, cancellation);
    }

    private static void Check(Plan plan, List<StreamEvent> received, Exception? exception, CancellationTokenSource cancellation)
    {
        switch (exception)
        {
            case null:
                (plan.End == End.Complete || plan.Exit == Exit.Break).Should().BeTrue(plan.ToString());
                break;
            case OperationCanceledException cancelled:
                cancelled.CancellationToken.Should().Be(cancellation.Token, plan.ToString());
                cancellation.IsCancellationRequested.Should().BeTrue(plan.ToString());
                break;
            default:
                exception.Should().BeOfType<StreamInterruptedException>(plan.ToString());
                plan.End.Should().Be(End.Fail, plan.ToString());
                break;
        }

        // Whatever way it ended, what was received is a beginning of what was sent.
        plan.Text.Should().StartWith(TextOf(received), plan.ToString());
        if (exception is null && plan.Exit == Exit.None)
        {
            TextOf(received).Should().Be(plan.Text, plan.ToString());
        }
    }

    private static async Task YieldAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Task.Yield();
        }
    }

    private enum End
    {
        Complete,
        Fail,
        Stall,
    }

    private enum Exit
    {
        None,
        Break,
        CancelInside,
        CancelMeanwhile,
    }

    private sealed class Plan
    {
        private readonly int _seed;
        private readonly int _count;

        public Plan(int seed)
        {
            var random = new Random(seed);
            _seed = seed;
            _count = random.Next(30);
            End = (End)random.Next(3);
            Exit = End == End.Stall ? Exit.CancelMeanwhile : (Exit)random.Next(4);
            ExitAfter = random.Next(1, 40);
            Text = string.Concat(Enumerable.Range(0, _count).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        }

        public End End { get; }

        public Exit Exit { get; }

        public int ExitAfter { get; }

        public string Text { get; }

        public async IAsyncEnumerable<StreamEvent> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var random = new Random(_seed);
            yield return Started();
            for (var i = 0; i < _count; i++)
            {
                await YieldAsync(random.Next(3));
                cancellationToken.ThrowIfCancellationRequested();
                yield return random.Next(4) == 0 ? KeepAlive.Instance : new ProviderEvent { Name = "n", Data = "{}" };
                yield return Make.Words(i.ToString(CultureInfo.InvariantCulture));
            }

            if (End == End.Stall)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            await YieldAsync(random.Next(3));
            if (End == End.Fail)
            {
                throw new StreamInterruptedException(Marker, bytesReceived: 0);
            }

            yield return Completed();
        }

        public override string ToString() => $"seed {_seed}: {_count} texts, then {End}; {Exit} after {ExitAfter}";
    }
}
