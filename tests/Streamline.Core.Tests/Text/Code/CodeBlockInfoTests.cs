namespace Streamline.Tests.Text.Code;

public sealed class CodeBlockInfoTests
{
    [Theory]
    [InlineData("", null, null)]
    [InlineData("cs", "cs", null)]
    [InlineData(".cs", "cs", null)]
    [InlineData("{.cs .numberLines}", "cs", null)]
    [InlineData("language-cs", "cs", null)]
    [InlineData("cs title=Foo.cs", "cs", "Foo.cs")]
    [InlineData("cs title=\"My example\"", "cs", null)]
    [InlineData("cs title=Output", "cs", null)]
    [InlineData("docker title=\"Dockerfile\"", "docker", "Dockerfile")]
    [InlineData("makefile title=Makefile", "makefile", "Makefile")]
    [InlineData("sh name=.gitignore", "sh", ".gitignore")]
    [InlineData("text file=LOG", "text", "LOG")]
    [InlineData("text file=./", "text", "./")]
    [InlineData("text title=/", "text", null)]
    [InlineData("cs src/Foo.cs", "cs", "src/Foo.cs")]
    [InlineData("cs // Foo.cs", "cs", "Foo.cs")]
    [InlineData("cs //", "cs", null)]
    [InlineData("css /* a.css */", "css", "a.css")]
    [InlineData("text path/to/", "text", null)]
    [InlineData(@"text path\to\", "text", null)]
    [InlineData("src/Foo.cs", "cs", "src/Foo.cs")]
    [InlineData("src/Foo.cs#L1-L5", "cs", "src/Foo.cs")]
    [InlineData("cs src/Foo.cs#L7", "cs", "src/Foo.cs")]
    [InlineData("cs file=src/Foo.cs#L1-5", "cs", "src/Foo.cs")]
    [InlineData("C#Lang", "C#Lang", null)]
    [InlineData("12:30:src/Foo.cs", "cs", "src/Foo.cs")]
    [InlineData("cs:Foo.cs", "cs", "Foo.cs")]
    [InlineData("vb.net", "vb.net", null)]
    [InlineData("ASP.NET", "ASP.NET", null)]
    [InlineData("vb.net Module1.vb", "vb.net", "Module1.vb")]
    [InlineData("python3.11", "python3.11", null)]
    [InlineData("node.js", "node.js", null)]
    [InlineData("src/node.js", "js", "src/node.js")]
    [InlineData("http://x/y.cs", null, null)]
    [InlineData("cs https://x/y.cs", "cs", null)]
    [InlineData("cs title=https://x/y.cs", "cs", null)]
    public void Parse_InfoString_GivesLanguageAndFile(string info, string? language, string? file)
    {
        var parsed = CodeBlockInfo.Parse(info);

        (parsed.Info, parsed.Language, parsed.FileName).Should().Be((info, language, file));
    }
}
