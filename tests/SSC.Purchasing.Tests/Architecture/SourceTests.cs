using System.CodeDom.Compiler;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace SSC.Purchasing.Tests.Architecture;

/// <summary>
/// The style guide, as far as a machine can read it. "About" 70 lines of a function and 250 of a decider get a little air.
/// </summary>
public partial class SourceTests
{
    private const int LineLength = 140;
    private const int FunctionLines = 80;
    private const int DeciderLines = 280;

    private static readonly string[] EmptyNames = ["Manager", "Helper", "Helpers", "Util", "Utils", "Dto", "Impl", "Base"];

    public static TheoryData<string> Trees => ["src", "tests"];

    [Theory]
    [MemberData(nameof(Trees))]
    public void lines_fit_on_a_screen(string tree) =>
        Lines(tree).Where(l => l.Text.Length > LineLength).Select(l => $"{l.File}:{l.Number} has {l.Text.Length}").ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Trees))]
    public void functions_can_be_read_at_a_glance(string tree) =>
        House.SourceFiles(tree).SelectMany(f => Members.In(f.Lines).Where(m => m.Lines > FunctionLines)
            .Select(m => $"{f.File}:{m.FirstLine} {m.Header} has {m.Lines} lines")).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Trees))]
    public void nothing_is_left_for_later_or_hidden_away(string tree)
    {
        Lines(tree).Where(l => Later().IsMatch(l.Text)).Select(l => $"{l.File}:{l.Number}").ShouldBeEmpty("do it, or file an issue");
        Lines(tree).Where(l => l.Text.TrimStart().StartsWith("#region", StringComparison.Ordinal)).Select(l => $"{l.File}:{l.Number}")
            .ShouldBeEmpty();
        Lines(tree).Where(l => CommentedCode().IsMatch(l.Text)).Select(l => $"{l.File}:{l.Number} {l.Text.Trim()}")
            .ShouldBeEmpty("version control remembers old code");
        Lines(tree).Where(l => SkippedTest().IsMatch(l.Text)).Select(l => $"{l.File}:{l.Number}")
            .ShouldBeEmpty("a test that does not run says nothing");
    }

    [Fact]
    public void a_decider_is_one_short_file() =>
        House.SourceFiles("src")
            .Where(f => f.Lines.Length > DeciderLines && f.Lines.Any(l => l.Contains(": IDecider<", StringComparison.Ordinal)))
            .Select(f => $"{f.File} has {f.Lines.Length} lines").ShouldBeEmpty();

    [Fact]
    public void a_name_says_what_a_thing_is()
    {
        var types = House.Assemblies.Values.SelectMany(a => a.GetTypes()).Where(t => !t.Name.Contains('<', StringComparison.Ordinal));
        types.Where(t => EmptyNames.Any(n => t.Name.Split('`')[0].EndsWith(n, StringComparison.Ordinal) && t.Name.Length >= n.Length))
            .Select(t => t.FullName).ShouldBeEmpty();
    }

    [Fact]
    public void every_public_type_says_what_it_is_for() =>
        House.Assemblies.Values.SelectMany(a => a.GetExportedTypes()).Where(t => !t.IsDefined(typeof(GeneratedCodeAttribute), false))
            .Where(t => !XmlDocs.IsDocumented(t)).Select(t => t.FullName).ShouldBeEmpty();

    [Fact]
    public void the_checks_see_what_they_are_for()
    {
        string[] source = ["class A", "{", "    void Long()", "    {", .. Enumerable.Repeat("        if (x) { y(); }", 90), "    }", "",
            "    int Short() => 1;", "}"];
        var long1 = Members.In(source).Single(m => m.Lines > FunctionLines);
        long1.Header.ShouldBe("void Long()");
        long1.FirstLine.ShouldBe(3);
        Later().IsMatch(string.Concat("// FIX", "ME: later")).ShouldBeTrue();
        CommentedCode().IsMatch("    // " + "var x = 1;").ShouldBeTrue();
        CommentedCode().IsMatch("    // A sentence says why; code does not.").ShouldBeFalse();
        SkippedTest().IsMatch("[Fact(Sk" + "ip = \"slow\")]").ShouldBeTrue();
    }

    private static IEnumerable<(string File, int Number, string Text)> Lines(string tree) =>
        House.SourceFiles(tree).SelectMany(f => f.Lines.Select((text, i) => (f.File, i + 1, text)));

    [GeneratedRegex(@"\b(TO(?=DO)DO|FIX(?=ME)ME|HAC[K]|XX[X])\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Later();

    [GeneratedRegex(@"^\s*//(?!/)\s*([\w.<>\[\], ]+\s=\s.*;|[\w.]+\(.*\);|return\b.*;|(if|for|foreach|while)\s*\(.*\).*|[{}])\s*$",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CommentedCode();

    [GeneratedRegex(@"\[(Fact|Theory)\(.*\bSkip\s*=", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SkippedTest();
}
