using FsCheck;
using FsCheck.Fluent;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>Whatever the bytes are: the same for every cut, nothing taken back, well-formed, and valid text untouched.</summary>
public sealed class RepairPropertyTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20261121, 7);

    [Fact]
    [Trait("Law", "1")]
    [Trait("Law", "2")]
    public void Append_AnyBytes_HoldsTheLaws() =>
        Check.One(Fixed, Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Violation(bytes) is null));

    [Theory]
    [Trait("Law", "1")]
    [Trait("Law", "2")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Append_MalformedText_HoldsTheLaws(int kind)
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random((seed * 4) + kind);
            var text = kind switch
            {
                0 => MalformedText.Assemble(random),
                1 => MalformedText.Noise(random),
                2 => MalformedText.Stretch(random),
                _ => MalformedText.Mutate(JsonFeed.Utf8(RandomJson.Create(seed)), random),
            };
            Violation(text).Should().BeNull("kind {0}, seed {1}: {2}", kind, seed, Convert.ToBase64String(text));
        }
    }

    [Fact]
    public void Append_ValidText_IsTheSameInEveryModeAndReportsNothing()
    {
        foreach (var (name, text) in JsonSamples.All())
        {
            RepairOracle.FindStrictViolation(text).Should().BeNull(name);
            PartialJson.Repair(System.Text.Encoding.UTF8.GetString(text)).Should().Be(System.Text.Encoding.UTF8.GetString(text), name);
        }
    }

    [Fact]
    [Trait("Law", "2")]
    public void RootElement_EveryPrefixOfEveryState_OnlyGrows()
    {
        var texts = RepairPage.States().Select(state => state.Example).ToArray();
        texts.Should().HaveCountGreaterThan(40);
        foreach (var text in texts)
        {
            Violation(JsonFeed.Utf8(text)).Should().BeNull(text);
        }
    }

    private static string? Violation(byte[] text) => RepairOracle.FindViolation(text, new Random(text.Length));
}
