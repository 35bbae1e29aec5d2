using FsCheck;
using FsCheck.Fluent;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.Tests.Properties;

/// <summary>What holds for every sharing, not only for the examples. A failure prints its seed.</summary>
public class AllocationProperties
{
    private static readonly Gen<long> Weight = Gen.Frequency<long>(
        (1, Gen.Constant(0L)), (6, Gen.Choose(0, 500).Select(n => (long)n)),
            (1, Gen.Choose(0, int.MaxValue).Select(n => n * 4_000_000_000L)));

    private static readonly Gen<(long Total, long[] Weights)> Sharings =
        from total in Gen.Frequency<long>((4, Gen.Choose(-2000, 2000).Select(n => (long)n)),
            (1, Gen.Choose(0, int.MaxValue).Select(n => n * 4_000_000_000L)))
        from weights in Weight.NonEmptyListOf()
        select (total, weights.ToArray());

    private static readonly Gen<(long Available, long Increment, Claim[] Claims)> Allocations =
        from available in Gen.Choose(0, 60_000)
        from increment in Gen.Elements(1L, 500L, 1000L, 4000L)
        from claims in AnyClaim().ListOf()
        select ((long)available, increment, claims.Select((c, i) => c with { Member = new($"M-{i:000}") }).ToArray());

    private static readonly Gen<AllocationPolicy> Policies = Gen.Elements(Enum.GetValues<AllocationPolicy>());

    [Fact]
    public void shares_sum_to_the_total() => Holds(Sharings, s => LargestRemainder.Share(s.Total, s.Weights).Sum() == s.Total);

    [Fact]
    public void shares_are_within_one_unit_of_fair() => Holds(Sharings, s =>
    {
        Int128 sum = s.Weights.Aggregate((Int128)0, (a, w) => a + w);
        var equal = sum == 0;
        if (equal) sum = s.Weights.Length;
        return LargestRemainder.Share(s.Total, s.Weights).Zip(s.Weights)
            .All(p => Int128.Abs((p.First * sum) - ((Int128)s.Total * (equal ? 1 : p.Second))) < sum);
    });

    [Fact]
    public void zero_weight_gets_zero_when_anyone_has_a_weight() => Holds(Sharings, s =>
        s.Weights.All(w => w == 0) || LargestRemainder.Share(s.Total, s.Weights).Zip(s.Weights).All(p => p.Second > 0 || p.First == 0));

    [Fact]
    public void negative_totals_mirror() => Holds(Sharings, s =>
        LargestRemainder.Share(-s.Total, s.Weights).SequenceEqual(LargestRemainder.Share(s.Total, s.Weights).Select(n => -n)));

    [Fact]
    public void members_get_the_same_in_whatever_order_they_are_listed() => Holds(Sharings, s =>
    {
        var members = s.Weights.Select((w, i) => KeyValuePair.Create(new MemberNo($"M-{i:000}"), w)).ToArray();
        var listed = LargestRemainder.Share(s.Total, StructuralMap<MemberNo, long>.From(members));
        var reversed = LargestRemainder.Share(s.Total, StructuralMap<MemberNo, long>.From(members.Reverse()));
        return listed == reversed && listed.Values.SequenceEqual(LargestRemainder.Share(s.Total, s.Weights));
    });

    [Fact]
    public void a_larger_weight_never_gets_less() => Holds(Sharings, s =>
    {
        var ranked = LargestRemainder.Share(Math.Abs(s.Total), s.Weights).Zip(s.Weights).OrderBy(p => p.Second)
            .ThenByDescending(p => p.First).ToList();
        return ranked.Zip(ranked.Skip(1)).All(p => p.First.Second == p.Second.Second || p.First.First <= p.Second.First);
    });

    [Fact]
    public void an_allocation_places_all_that_is_there_or_all_that_can_be_taken() => HoldsForAllocations((policy, a) =>
    {
        var result = Allocate(policy, a);
        var placed = result.Shares.Sum(s => s.Allocated.Thousandths);
        var takeable = a.Claims.Sum(c => (c.Quantity + c.Tolerance).Thousandths / a.Increment * a.Increment);
        return placed == Math.Min(a.Available / a.Increment * a.Increment, takeable) && placed + result.Unplaced.Thousandths == a.Available;
    });

    [Fact]
    public void nobody_gets_tolerance_while_someone_lacks_ordered_quantity() => HoldsForAllocations((policy, a) =>
    {
        var shares = Allocate(policy, a).Shares.Zip(a.Claims.OrderBy(c => c.Member)).ToList();
        var capped = shares.All(p => p.First.Allocated <= p.Second.Quantity + p.Second.Tolerance
            && p.First.Allocated - p.First.OfWhichTolerance + p.First.Short == p.Second.Quantity);
        var aLotShort = shares.Any(p => p.First.Short.Thousandths >= a.Increment);
        var wholeLotOfTolerance = shares.Any(p => p.First.OfWhichTolerance.Thousandths >= a.Increment);
        return capped && !(aLotShort && wholeLotOfTolerance);
    });

    [Fact]
    public void an_allocation_does_not_depend_on_the_order_of_the_claims() => HoldsForAllocations((policy, a) =>
        Allocate(policy, a) == Allocate(policy, a with { Claims = [.. a.Claims.Reverse()] }));

    [Fact]
    public void first_come_gives_nothing_to_a_row_while_an_earlier_one_is_short() => Holds(Allocations, a =>
    {
        var byLine = a.Claims.Select((c, i) => c with { Steps = [new(a.Claims.Length - i, c.Quantity)] }).ToArray();
        var shares = Allocate(AllocationPolicy.FirstCome, a with { Claims = byLine }).Shares.Reverse().ToList();
        var firstShort = shares.FindIndex(s => s.Short.Thousandths >= a.Increment);
        return firstShort < 0 || shares.Skip(firstShort + 1).All(s => s.Allocated == Quantity.Zero);
    });

    [Fact]
    public void the_steps_of_a_reason_add_up_to_the_share() => HoldsForAllocations((policy, a) =>
        Allocate(policy, a).Shares.All(s =>
            ShareReason.Parse(s.Reason).Sum(r => (r.Increment * r.Placed).Thousandths) == s.Allocated.Thousandths
            && ShareReason.Parse(s.Reason).All(r => r.Sentence().Length > 0)));

    [Fact]
    public void a_claims_rows_always_sum_to_its_quantity() =>
        Holds(Gen.Choose(0, 50).ListOf(), changes =>
        {
            var steps = StructuralList<ClaimStep>.Empty;
            foreach (var (quantity, position) in changes.Select((q, i) => (Quantity.Of(q), i)))
            {
                steps = ClaimSteps.Apply(steps, position, quantity);
                if (steps.Select(s => s.Increase).Sum() != quantity) return false;
            }

            return steps.Select(s => s.Position).SequenceEqual(steps.Select(s => s.Position).Order());
        });

    private static AllocationResult Allocate(AllocationPolicy policy, (long Available, long Increment, Claim[] Claims) a) =>
        Allocator.Allocate(policy, Allocator.CurrentRuleVersion, new(a.Available), new(a.Increment), a.Claims);

    private static Gen<Claim> AnyClaim() =>
        from quantity in Gen.Choose(0, 9000)
        from tolerance in Gen.Choose(0, 3000)
        from priority in Gen.Choose(1, 3)
        from position in Gen.Choose(1, 20)
        from first in Gen.Choose(0, quantity)
        select new Claim(
            new("M-000"), new(quantity), new(tolerance), priority, [new(position, new(first)), new(position + 5, new(quantity - first))]);

    private static void Holds<T>(Gen<T> any, Func<T, bool> law) =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(any.ToArbitrary(), law));

    private static void HoldsForAllocations(Func<AllocationPolicy, (long Available, long Increment, Claim[] Claims), bool> law) =>
        Holds(Policies.Zip(Allocations), p => law(p.Item1, p.Item2));
}
