using System.Globalization;
using Streamline.Tests.Resilience.Continue;
using Streamline.Tools;
using Streamline.Tools.Tests.Composition;

namespace Streamline.Chaos.Conversations;

/// <summary>All that the seed of a conversation decides: what the model says and calls, what goes wrong, how the pipeline is built and what the consumer does.</summary>
internal sealed class ConversationPlan
{
    public const int MaxRounds = 3;

    public ConversationPlan(int seed)
    {
        var random = new Random(seed);
        Seed = seed;
        Target = ChaosTarget.All[seed % ChaosTarget.All.Count];
        Backup = random.Next(4) == 0 && !Target.KeepsResponses ? ChaosTarget.All[random.Next(ChaosTarget.All.Count)] : null;
        IsHedged = Backup is null && random.Next(6) == 0;
        HasTools = random.Next(3) > 0;
        Rounds = [.. Enumerable.Range(0, HasTools ? random.Next(1, MaxRounds + 2) : 1).Select(index => MakeRound(index, random))];
        Rounds[^1] = Rounds[^1] with { Calls = [] };
        FaultsPerTen = random.Next(4) * 2;
        MidStream = (MidStreamPolicy)random.Next(3);
        Otherwise = random.Next(2) == 0 ? MidStreamPolicy.Fail : MidStreamPolicy.Restart;
        (AllowStitching, AllowUnsureSeams) = (random.Next(4) > 0, random.Next(2) == 0);
        Manner = ContinuingManner.All[random.Next(ContinuingManner.All.Count)];
        MaxAttempts = random.Next(1, 6);
        MaxConcurrency = random.Next(1, 3);
        Capacity = random.Next(1, 40);
        FullMode = (BackpressureFullMode)random.Next(2);
        Reader = (ChaosReader)random.Next(3);
        Exit = random.Next(10) < 6 ? ChaosExit.None : (ChaosExit)random.Next(1, 5);
        ExitAfter = random.Next(1, 60);
        CancelsCall = random.Next(2) == 0;
        HasBothTokens = random.Next(2) == 0;
        Pauses = random.Next(2) * random.Next(6);
        AtMaxRounds = (MaxRoundsAction)random.Next(2);
        GracePeriod = random.Next(2) == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(1);
        ToolSeed = random.Next();
    }

    public int Seed { get; }

    public ChaosTarget Target { get; }

    /// <summary>Gets where the pipeline fails over to; <see langword="null"/> for nowhere.</summary>
    public ChaosTarget? Backup { get; }

    public bool IsHedged { get; }

    public bool HasTools { get; }

    public List<ConversationRound> Rounds { get; }

    /// <summary>Gets how many of ten replies have a fault.</summary>
    public int FaultsPerTen { get; }

    public MidStreamPolicy MidStream { get; }

    public MidStreamPolicy Otherwise { get; }

    public bool AllowStitching { get; }

    public bool AllowUnsureSeams { get; }

    /// <summary>Gets how the model continues when it is asked in words.</summary>
    public ContinuingManner Manner { get; }

    public int MaxAttempts { get; }

    public int MaxConcurrency { get; }

    public int Capacity { get; }

    public BackpressureFullMode FullMode { get; }

    public ChaosReader Reader { get; }

    public ChaosExit Exit { get; }

    /// <summary>Gets after how many events the consumer leaves.</summary>
    public int ExitAfter { get; }

    public bool CancelsCall { get; }

    public bool HasBothTokens { get; }

    /// <summary>Gets how often the consumer lets others run after each event.</summary>
    public int Pauses { get; }

    public MaxRoundsAction AtMaxRounds { get; }

    public TimeSpan GracePeriod { get; }

    public int ToolSeed { get; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Seed}, {Target.Name}{(Backup is null ? "" : $", backup {Backup.Name}")}{(IsHedged ? ", hedged" : "")}, {Rounds.Count} rounds, {FaultsPerTen} faults of ten, {MidStream} otherwise {Otherwise}, {Manner.Name}, read by {Reader}, {Exit} after {ExitAfter}");

    private ConversationRound MakeRound(int index, Random random)
    {
        var calls = HasTools
            ? Enumerable.Range(0, random.Next(1, 6)).Select(i => new ConversationCall(
                RandomTools.Names[random.Next(RandomTools.Names.Length)],
                string.Create(CultureInfo.InvariantCulture, $"r{index}_c{i}"),
                IsGood: !Target.SendsArgumentsAsText || Backup is { SendsArgumentsAsText: false } || random.Next(6) > 0))
            : [];
        var reasoning = random.Next(5) == 0 ? "First I think about it, and then about that." : null;
        return new ConversationRound(string.Create(CultureInfo.InvariantCulture, $"Round {index}. {Texts.Make(random.Next())}"), reasoning, [.. calls]);
    }
}

/// <summary>A call that the model makes.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Key">What identifies the call among all of the conversation.</param>
/// <param name="IsGood">Whether its arguments are JSON.</param>
internal sealed record ConversationCall(string Name, string Key, bool IsGood);

/// <summary>What the model says and calls in one response.</summary>
internal sealed record ConversationRound(string Text, string? Reasoning, IReadOnlyList<ConversationCall> Calls);

/// <summary>How the consumer reads.</summary>
internal enum ChaosReader
{
    Events,
    EventsInALoop,
    ChatUpdates,
}

/// <summary>How the consumer leaves before the end.</summary>
internal enum ChaosExit
{
    None,
    Break,
    CancelInside,
    CancelMeanwhile,
    Throw,
}
