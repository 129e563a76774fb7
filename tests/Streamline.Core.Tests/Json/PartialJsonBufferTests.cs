using System.Text;
using FluentAssertions;
using Streamline.Json;
using Xunit;

namespace Streamline.Tests.Json;

/// <summary>Giving the buffers of long texts back.</summary>
public sealed class PartialJsonBufferTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(70_000)]
    [InlineData(200_000)]
    public void ReturnBuffers_WhatWasReadBefore_CannotBeReadAnyMore(int length)
    {
        var document = new PartialJsonDocument();
        document.Append(Text('a', length));
        document.Complete();
        var root = document.RootElement;
        var name = root["a"];
        name.GetString().Should().HaveLength(length);

        document.ReturnBuffers();
        document.ReturnBuffers();

        FluentActions.Invoking(() => name.GetString()).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => root.IsComplete).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => document.RootElement.ValueKind).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => document.WrittenMemory).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => document.Append("1"u8)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void ReturnBuffers_OfOneDocument_LeavesOthersAlone()
    {
        var kept = new PartialJsonDocument();
        kept.Append(Text('k', 100_000));
        for (var round = 0; round < 20; round++)
        {
            var document = new PartialJsonDocument();
            document.Append(Text((char)('a' + round), 100_000));
            document.RootElement["a"].GetString().Should().Be(new string((char)('a' + round), 100_000));
            document.ReturnBuffers();
        }

        kept.RootElement["a"].GetString().Should().Be(new string('k', 100_000));
    }

    [Fact]
    public void ReturnBuffers_OfManyRows_GivesEachArrayToOneDocumentOnly()
    {
        var kept = Numbers(0);
        for (var round = 1; round < 10; round++)
        {
            var document = Numbers(round);
            document.ReturnBuffers();
            document.ReturnBuffers();
            var first = Numbers(-round);
            var second = Numbers(round);
            first.RootElement.EnumerateArray().Select(element => element.GetInt32()).Should().OnlyContain(number => number == -round);
            second.RootElement.EnumerateArray().Select(element => element.GetInt32()).Should().OnlyContain(number => number == round);
        }

        kept.RootElement.EnumerateArray().Select(element => element.GetInt32()).Should().OnlyContain(number => number == 0);
    }

    [Fact]
    public void Append_PastTheLengthOfARentedBuffer_LeavesItToWhoReadsIt()
    {
        var document = new PartialJsonDocument();
        document.Append(Encoding.UTF8.GetBytes("[\"" + new string('x', 70_000)));
        var early = document.WrittenMemory;
        document.Append(Encoding.UTF8.GetBytes(new string('y', 200_000) + "\"]"));
        var other = new PartialJsonDocument();
        other.Append(Text('z', 70_000));

        early.Span[2..].IndexOfAnyExcept((byte)'x').Should().Be(-1);
    }

    private static PartialJsonDocument Numbers(int number)
    {
        const int Many = 5_000; // more rows than one segment has
        return JsonFeed.Whole($"[{string.Join(',', Enumerable.Repeat(number, Many))}]");
    }

    private static byte[] Text(char content, int length) => Encoding.UTF8.GetBytes($$"""{"a":"{{new string(content, length)}}"}""");
}
