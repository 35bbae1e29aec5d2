using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Shouldly;
using Xunit;

namespace SSC.Purchasing.Tests.Architecture;

/// <summary>References point one way; what decides touches nothing but the language and the kernel.</summary>
public class ReferenceTests
{
    private static readonly string[] Modules = ["Membership", "Procurement", "InsurancePool", "Programs"];

    /// <summary>The house: project → what it may refer to. A new project must be given its place here.</summary>
    private static readonly Dictionary<string, string[]> MayReferTo = new(StringComparer.Ordinal)
    {
        ["Kernel"] = [],
        ["Membership"] = ["Kernel"],
        ["Procurement"] = ["Kernel"],
        ["InsurancePool"] = ["Kernel"],
        ["Programs"] = ["Kernel"],
        ["Sagas"] = ["Kernel", .. Modules],
        ["EventStore"] = ["Kernel"],
        ["CritterStack"] = ["Kernel", "EventStore"],
        ["Audit"] = ["Kernel"],
        ["Exchange"] = ["Kernel", "Membership", "Procurement", "InsurancePool"],
        ["Host"] = ["Kernel", .. Modules, "Sagas", "EventStore", "CritterStack", "Audit", "Exchange"],
    };

    /// <summary>Namespaces and types through which the outside gets in.</summary>
    private static readonly string[] Outside =
    [
        "System.IO.", "System.Net.", "System.Data.", "System.Diagnostics.Process", "System.Threading.Timer",
        "System.Security.Cryptography.RandomNumberGenerator", "System.Console", "System.Environment.", "System.Random", "Microsoft.Win32.",
        "Microsoft.AspNetCore.", "Microsoft.Extensions.", "Npgsql", "Dapper",
    ];

    private static readonly string[] ClocksAndChance =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now",
        "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid", "System.Guid.CreateVersion7", "System.TimeProvider.GetUtcNow",
        "System.TimeProvider.get_System", "System.Diagnostics.Stopwatch.GetTimestamp", "System.Threading.Tasks.Task.Delay",
            "System.Threading.Tasks.Task.Run",
    ];

    public static TheoryData<string> Projects => [.. House.Projects.Keys];

    public static TheoryData<string> PureProjects => [.. House.Pure];

    [Theory]
    [MemberData(nameof(Projects))]
    public void references_point_one_way(string project)
    {
        MayReferTo.ShouldContainKey(project, $"say in {nameof(MayReferTo)} where {project} stands in the house");
        House.ReferencesOf(project).Except(MayReferTo[project], StringComparer.Ordinal).ShouldBeEmpty($"{project} may not refer to these");
        House.UsesOf(project).Except(MayReferTo[project], StringComparer.Ordinal).ShouldBeEmpty($"{project} may not use these");
    }

    [Fact]
    public void the_kernel_and_the_modules_and_the_sagas_say_that_they_are_pure() =>
        House.Pure.ShouldBe(House.Projects.Keys.Where(p => p is "Kernel" or "Sagas" || Modules.Contains(p, StringComparer.Ordinal)),
            ignoreOrder: true);

    [Theory]
    [MemberData(nameof(PureProjects))]
    public void what_decides_needs_no_package(string project) =>
        House.Projects[project].Descendants("PackageReference").ShouldBeEmpty($"{project} stands on the base class library alone");

    [Theory]
    [MemberData(nameof(PureProjects))]
    public void what_decides_reads_no_clock_no_chance_and_no_file(string project) =>
        Uses(House.Assemblies[project].Location).Where(IsOutside).ShouldBeEmpty($"{project} decides; these belong to the edge");

    [Fact]
    public void the_check_for_files_and_clocks_sees_them()
    {
        _ = Guid.NewGuid();
        var uses = Uses(typeof(ReferenceTests).Assembly.Location).Where(IsOutside).ToList();
        uses.Contains("System.IO.File", StringComparer.Ordinal).ShouldBeTrue();
        uses.Contains("System.Guid.NewGuid", StringComparer.Ordinal).ShouldBeTrue();
    }

    // What the compiler writes for an iterator asks for its thread; that is no environment.
    private static bool IsOutside(string use) => use is not "System.Environment.get_CurrentManagedThreadId"
        && (ClocksAndChance.Contains(use, StringComparer.Ordinal) || Outside.Any(o => (use + " ").StartsWith(o, StringComparison.Ordinal)));

    /// <summary>Types and members that an assembly's own code refers to.</summary>
    private static IEnumerable<string> Uses(string location)
    {
        using var file = new PEReader(File.OpenRead(location));
        var metadata = file.GetMetadataReader();
        string NameOf(TypeReference t) => $"{metadata.GetString(t.Namespace)}.{metadata.GetString(t.Name)}";
        var types = metadata.TypeReferences.Select(metadata.GetTypeReference).Select(NameOf);
        var members = metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Where(m => m.Parent.Kind == HandleKind.TypeReference)
            .Select(m => $"{NameOf(metadata.GetTypeReference((TypeReferenceHandle)m.Parent))}.{metadata.GetString(m.Name)}");
        return [.. types.Concat(members).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
