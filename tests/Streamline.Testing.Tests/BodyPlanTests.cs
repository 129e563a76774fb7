using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Streamline.Testing.Tests;

public class BodyPlanTests
{
    private static readonly string[] ThreeFrames = ["aaaa", "bbb", "cc"];

    [Fact]
    public void Create_NoFaults_OneWritePerFrame() => Run(FaultPlan.None).Should().Be("aaaa|bbb|cc");

    [Theory]
    [InlineData(0, "!|aaaa|bbb|cc")]
    [InlineData(2, "aa|!|aa|bbb|cc")]
    [InlineData(4, "aaaa|!|bbb|cc")]
    [InlineData(9, "aaaa|bbb|cc|!")]
    public void Create_GarbageAtByte_IsPutInThere(int offset, string expected) =>
        Run(new FaultPlan { GarbageAt = FaultPoint.AtByte(offset), Garbage = "!"u8.ToArray() }).Should().Be(expected);

    [Theory]
    [InlineData(0, "!|aaaa|bbb|cc")]
    [InlineData(1, "aaaa|!|bbb|cc")]
    [InlineData(3, "aaaa|bbb|cc|!")]
    public void Create_GarbageAfterEvent_IsPutInThere(int count, string expected) =>
        Run(new FaultPlan { GarbageAt = FaultPoint.AfterEvent(count), Garbage = "!"u8.ToArray() }).Should().Be(expected);

    [Fact]
    public void Create_SeveralFaults_StrikeEachAtItsPointAndInOrderAtTheSame() =>
        Run(new FaultPlan
        {
            GarbageAt = FaultPoint.AtByte(5),
            Garbage = "!"u8.ToArray(),
            StallAt = FaultPoint.AtByte(5),
            AbortAt = FaultPoint.AfterEvent(2),
        }).Should().Be("aaaa|b|!|<Stall>|bb|<Abort>");

    [Fact]
    public void Create_TwoFaultsInOneFrame_BothStrike() =>
        Run(new FaultPlan { StallAt = FaultPoint.AtByte(1), EndAt = FaultPoint.AtByte(3) }).Should().Be("a|<Stall>|aa|<End>");

    [Theory]
    [InlineData(1, "a|a|a|a|b|b|b|c|c")]
    [InlineData(2, "aa|aa|bb|bc|c")]
    [InlineData(5, "aaaab|bbcc")]
    [InlineData(100, "aaaabbbcc")]
    public void Create_ChunkSize_DividesWhateverTheFramesAre(int size, string expected) =>
        Run(new FaultPlan { ChunkSize = size }).Should().Be(expected);

    [Fact]
    public void Create_ChunkSizeWithStall_HoldsNothingBackOverTheStall() =>
        Run(new FaultPlan { ChunkSize = 5, StallAt = FaultPoint.AtByte(6) }).Should().Be("aaaab|b|<Stall>|bcc");

    [Fact]
    public void Create_ChunkDelay_PassesBetweenChunks() =>
        Run(new FaultPlan { ChunkSize = 4, ChunkDelay = TimeSpan.FromSeconds(1) }).Should().Be("aaaa|<Delay>|bbbc|<Delay>|c");

    [Fact]
    public void Create_DelayBetweenEvents_IsNotTakenForEventsWithoutBytes() =>
        Run(FaultPlan.None, TimeSpan.FromSeconds(1), "", "aaaa", "", "cc").Should().Be("aaaa|<Delay>|cc");

    [Fact]
    public void Create_FaultPastTheLastByte_SaysWhatTheReplyHas()
    {
        var act = () => Run(new FaultPlan { AbortAt = FaultPoint.AtByte(10) });

        act.Should().Throw<InvalidOperationException>().WithMessage("A fault (Abort) is planned at byte 10, but the reply has only 3 events and 9 bytes.");
    }

    [Fact]
    public void Create_FaultPastTheLastEvent_SaysWhatTheReplyHas()
    {
        var act = () => Run(new FaultPlan { AbortAt = FaultPoint.AfterEvent(99) });

        act.Should().Throw<InvalidOperationException>().WithMessage("A fault (Abort) is planned after event 99, but the reply has only 3 events and 9 bytes.");
    }

    [Fact]
    public void Create_SameSeed_GivesTheSameChunks()
    {
        var plan = new FaultPlan { ChunkSeed = 7, ChunkSize = 3 };

        Run(plan).Should().Be(Run(plan with { }));
        Enumerable.Range(0, 20).Select(seed => Run(plan with { ChunkSeed = seed })).Distinct(StringComparer.Ordinal).Should().HaveCountGreaterThan(5);
    }

    [Fact]
    public void Create_EndlessBody_IsMadeAsItIsRead()
    {
        var frames = Enumerable.Repeat<ReadOnlyMemory<byte>>("x"u8.ToArray(), int.MaxValue);

        BodyPlan.Create(frames, (_, _) => TimeSpan.Zero, new FaultPlan { ChunkSize = 10 }).Take(1000).Sum(step => step.Bytes.Length).Should().Be(10_000);
    }

    /// <summary>Whatever the division, the bytes are those of the body, up to where the plan ends it, and chunks have the size that was asked for.</summary>
    [Fact]
    public void Create_AnyDivisionAndCut_LosesAndAddsNothing()
    {
        var cases =
            from frames in Gen.ListOf(Gen.ArrayOf(Gen.Choose(0, 255).Select(i => (byte)i)))
            let length = frames.Sum(frame => frame.Length)
            from cut in Gen.Choose(0, length)
            from size in Gen.Choose(1, 20)
            from isRandom in Gen.Elements(true, false)
            select (frames, cut, size, isRandom);

        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            var plan = new FaultPlan { ChunkSize = sample.size, ChunkSeed = sample.isRandom ? 1 : null, EndAt = FaultPoint.AtByte(sample.cut) };
            var body = sample.frames.SelectMany(frame => frame).ToArray();
            var chunks = BodyPlan.Create(sample.frames.Select(frame => new ReadOnlyMemory<byte>(frame)), (_, _) => TimeSpan.Zero, plan)
                .TakeWhile(step => step.Kind != BodyStepKind.End)
                .Select(step => step.Bytes.ToArray())
                .ToList();
            return chunks.SelectMany(chunk => chunk).SequenceEqual(body.Take(sample.cut))
                && chunks.SkipLast(1).All(chunk => sample.isRandom ? chunk.Length is >= 1 && chunk.Length <= sample.size : chunk.Length == sample.size);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261121, 1));
    }

    private static string Run(FaultPlan plan) => Run(plan, TimeSpan.Zero, ThreeFrames);

    private static string Run(FaultPlan plan, TimeSpan delay, params string[] frames)
    {
        var said = new List<string>();
        foreach (var step in BodyPlan.Create(frames.Select(frame => new ReadOnlyMemory<byte>(Encoding.ASCII.GetBytes(frame))), (_, isFirst) => isFirst ? TimeSpan.Zero : delay, plan))
        {
            said.Add(step.Kind == BodyStepKind.Write ? Encoding.ASCII.GetString(step.Bytes.Span) : $"<{step.Kind}>");
            if (step.Kind is BodyStepKind.End or BodyStepKind.Abort)
            {
                break;
            }
        }

        return string.Join('|', said);
    }
}
