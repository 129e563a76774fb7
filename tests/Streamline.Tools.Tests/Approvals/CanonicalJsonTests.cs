using System.Text;

namespace Streamline.Tools.Tests.Approvals;

/// <summary>The form of arguments that a signature binds: equal values have one form, and different values have different ones.</summary>
public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{"b":1,"a":{"d":[1,"x"],"c":null}}""", """{ "a": { "c": null, "d": [ 1, "\u0078" ] }, "b": 1.0 }""")]
    [InlineData("1", "1.0")]
    [InlineData("100", "1e2")]
    [InlineData("0.1", "1E-1")]
    [InlineData("-2.50", "-2.5")]
    [InlineData("0", "0.0")]
    [InlineData("1e30", "1E+30")]
    [InlineData("\"é\"", "\"\\u00e9\"")]
    public void Write_SameValueInAnotherSpelling_IsTheSame(string one, string other)
    {
        Write(one).Should().Be(Write(other));
        CanonicalJson.Equals(Wire.Json(one), Wire.Json(other)).Should().BeTrue();
    }

    [Theory]
    [InlineData("1", "2")]
    [InlineData("1", "\"1\"")]
    [InlineData("0.1", "0.10000000000000000001")]
    [InlineData("123456789012345678901", "123456789012345678902")]
    [InlineData("1e30", "1e31")]
    [InlineData("1e-40", "2e-40")]
    [InlineData("1e400", "1e401")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("[[1],2]", "[1,[2]]")]
    [InlineData("""{"a":1}""", """{"b":1}""")]
    [InlineData("""{"a":1,"b":2}""", """{"a":2,"b":1}""")]
    [InlineData("true", "false")]
    [InlineData("null", "\"null\"")]
    public void Write_AnotherValue_IsDifferent(string one, string other)
    {
        Write(one).Should().NotBe(Write(other));
        CanonicalJson.Equals(Wire.Json(one), Wire.Json(other)).Should().BeFalse();
    }

    [Fact]
    public void Write_AnyKind_IsJsonWithSortedMembers() =>
        Write("""{"b":[1.50,"x",null,true,{}],"a":{"d":1e2,"c":0}}""").Should().Be("""{"a":{"c":0,"d":100},"b":[1.5,"x",null,true,{}]}""");

    private static string Write(string json) => Encoding.UTF8.GetString(CanonicalJson.Write(Wire.Json(json)));
}
