using Shouldly;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Experience;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.Tests.Architecture;

/// <summary>
/// No person gets into a stream that is never erased: what carries claims or enrollment has no text that somebody could write a name into.
/// What a resolution says of itself is the board's, and its shape is the kernel's.
/// </summary>
public class ClaimSideTests
{
    private static readonly Type[] ClaimSide =
        [typeof(EnrollmentLedger), typeof(ExperienceLedger), typeof(ReserveValuation), typeof(StopLossCase)];

    /// <summary>Values of a restricted shape, and ids that must exist elsewhere before they can be used here.</summary>
    private static readonly Type[] Shaped =
    [
        typeof(OpaqueRef), typeof(FileHash), typeof(CoverageMonth), typeof(PoolId), typeof(PlanId), typeof(MemberNo),
        typeof(AdoptedResolution), typeof(ResolutionCited),
    ];

    public static TheoryData<Type> Hierarchies =>
        [.. ClaimSide.SelectMany(t => new[] { t.GetNestedType("Command")!, t.GetNestedType("Event")! })];

    [Theory]
    [MemberData(nameof(Hierarchies))]
    public void nothing_on_the_claim_side_has_room_for_free_text(Type hierarchy)
    {
        var cases = House.CasesOf(hierarchy);
        cases.ShouldNotBeEmpty();
        cases.SelectMany(c => FreeTexts(c, c.Name, [])).ShouldBeEmpty("use an OpaqueRef, a FileHash or an enum");
    }

    [Fact]
    public void a_free_text_is_seen_wherever_it_hides() =>
        FreeTexts(typeof(Hiding), "Hiding", []).ShouldBe(["Hiding.Inner.Note", "Hiding.Lines.Note"]);

    private static IEnumerable<string> FreeTexts(Type type, string path, HashSet<Type> seen)
    {
        if (type == typeof(string) || type == typeof(char) || type == typeof(object)) return [path];
        if (Nullable.GetUnderlyingType(type) is { } inner) return FreeTexts(inner, path, seen);
        if (type.IsArray) return FreeTexts(type.GetElementType()!, path, seen);
        if (type.IsGenericType) return type.GetGenericArguments().SelectMany(a => FreeTexts(a, path, seen)).ToList();
        var ours = type.Namespace?.StartsWith("SSC.", StringComparison.Ordinal) == true;
        if (type.IsEnum || !ours || Shaped.Contains(type)) return [];
        return type.GetProperties().Where(p => p.CanWrite)
            .SelectMany(p => FreeTexts(p.PropertyType, $"{path}.{p.Name}", seen)).ToList();
    }

    private sealed record Noted(string Note);

    private sealed record Hiding(int Number, Noted Inner, StructuralList<Noted> Lines, OpaqueRef? Reference);
}
