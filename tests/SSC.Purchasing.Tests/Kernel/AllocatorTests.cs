using System.Diagnostics;
using Shouldly;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.Tests.Kernel;

public class AllocatorTests
{
    private static readonly Quantity Unit = Quantity.Of(1);

    /// <summary>A asked for 10 (+4), then B for 7 (+2), then C for 5 (+3).</summary>
    private static readonly Claim[] ThreeMembers = [Of("A", 10, 4, at: 1), Of("B", 7, 2, at: 2), Of("C", 5, 3, at: 3)];

    [Fact]
    public void a_shortage_is_shared_in_proportion_to_what_was_ordered() =>
        Allocated(AllocationPolicy.ProRata, 12, ThreeMembers).ShouldBe([5, 4, 3]);

    [Fact]
    public void what_completes_a_case_goes_to_tolerance_in_proportion()
    {
        Claim[] claims = [Of("A", 5, 4, at: 1), Of("B", 5, 2, at: 2), Of("C", 12, 3, at: 3)];
        Allocated(AllocationPolicy.ProRata, 24, claims).ShouldBe([6, 5, 13]);
    }

    [Theory]
    [InlineData(24, new long[] { 12, 7, 5 })]
    [InlineData(12, new long[] { 10, 2, 0 })]
    public void first_come_serves_the_line_and_then_its_tolerance(long available, long[] expected) =>
        Allocated(AllocationPolicy.FirstCome, available, ThreeMembers).ShouldBe(expected);

    [Fact]
    public void under_first_come_a_later_increase_stands_at_the_end_of_the_line()
    {
        var early = Of("A", 4, 0, at: 1) with { Steps = ClaimSteps.Apply([new(1, Quantity.Of(4))], 9, Quantity.Of(10)),
            Quantity = Quantity.Of(10) };
        Allocated(AllocationPolicy.FirstCome, 12, [early, Of("B", 7, 0, at: 2)]).ShouldBe([5, 7]);
    }

    [Fact]
    public void a_decrease_gives_up_the_newest_place_in_the_line_first()
    {
        StructuralList<ClaimStep> steps = [new(1, Quantity.Of(4)), new(5, Quantity.Of(6))];
        ClaimSteps.Apply(steps, 8, Quantity.Of(3)).ShouldBe([new ClaimStep(1, Quantity.Of(3))]);
        ClaimSteps.Apply(steps, 8, Quantity.Of(7)).ShouldBe([new ClaimStep(1, Quantity.Of(4)), new ClaimStep(5, Quantity.Of(3))]);
        ClaimSteps.Apply(steps, 8, Quantity.Of(10)).ShouldBe(steps);
        ClaimSteps.Apply(steps, 8, Quantity.Of(11)).ShouldBe([.. steps, new ClaimStep(8, Quantity.Of(1))]);
        ClaimSteps.Apply(steps, 8, Quantity.Zero).ShouldBeEmpty();
    }

    [Fact]
    public void a_lower_priority_class_is_served_before_the_next_one()
    {
        Claim[] claims = [Of("A", 10, 0, at: 1) with { PriorityClass = 2 }, Of("B", 6, 3, at: 2), Of("C", 6, 0, at: 3)];
        Allocated(AllocationPolicy.PriorityClass, 11, claims).ShouldBe([0, 6, 5]);
        Allocated(AllocationPolicy.PriorityClass, 15, claims).ShouldBe([3, 6, 6]);
    }

    [Fact]
    public void equal_then_pro_rata_gives_everyone_the_same_before_the_large_orders_get_more() =>
        Allocated(AllocationPolicy.EqualThenProRata, 12, [Of("A", 20, 0, at: 1), Of("B", 2, 0, at: 2), Of("C", 5, 0, at: 3)])
            .ShouldBe([6, 2, 4]);

    [Fact]
    public void nobody_receives_more_than_quantity_and_tolerance_and_the_rest_is_named()
    {
        var result = Allocator.Allocate(AllocationPolicy.ProRata, 1, Quantity.Of(40), Unit, ThreeMembers);
        result.Shares.Select(s => s.Allocated.Units).ShouldBe([14, 9, 8]);
        result.Shares.Select(s => s.OfWhichTolerance.Units).ShouldBe([4, 2, 3]);
        result.Unplaced.ShouldBe(Quantity.Of(9));
    }

    [Fact]
    public void pallets_that_reach_one_site_are_never_split()
    {
        var result = Allocator.Allocate(
            AllocationPolicy.ProRata, 1, Quantity.Of(130), Quantity.Of(40),
                [Of("A", 100, 0, at: 1), Of("B", 39, 1, at: 2), Of("C", 39, 0, at: 3)]);
        result.Shares.Select(s => s.Allocated.Units).ShouldBe([80, 40, 0]);
        result.Shares.Select(s => s.OfWhichTolerance.Units).ShouldBe([0, 1, 0]);
        result.Shares.Select(s => s.Short.Units).ShouldBe([20, 0, 39]);
        result.Unplaced.ShouldBe(Quantity.Of(10));
    }

    [Fact]
    public void every_number_says_why_by_itself()
    {
        var share = Allocator.Allocate(AllocationPolicy.ProRata, 1, Quantity.Of(12), Unit, ThreeMembers).Shares[1];
        share.Reason.ShouldBe("q4=12*7/22:3r18#1/2");
        ShareReason.Parse(share.Reason).Single().Sentence().ShouldBe(
            "4 of the ordered quantity: 12 shared in proportion 7 of 22 give 3, "
            + "and the remainder 18/22 ranks 1 where 2 more were handed out.");
    }

    [Theory]
    [InlineData(AllocationPolicy.ProRata, "q10=full;t1=2*4/9:0r8#1/2")]
    [InlineData(AllocationPolicy.FirstCome, "q10=row@1:24-0<10;t2=row@1:2-0<4")]
    [InlineData(AllocationPolicy.EqualThenProRata, "q8=equal24/3<10;q2=full;t0=equal2/3<4;t1=2*4/9:0r8#1/2")]
    public void each_policy_leaves_its_own_trail(AllocationPolicy policy, string reason) =>
        Allocator.Allocate(policy, 1, Quantity.Of(24), Unit, ThreeMembers).Shares[0].Reason.ShouldBe(reason);

    [Fact]
    public void an_allocation_by_an_unknown_rule_is_not_guessed() =>
        Should.Throw<ArgumentException>(() => Allocator.Allocate(AllocationPolicy.ProRata, 2, Unit, Unit, ThreeMembers));

    [Fact]
    public void a_member_claims_once_and_its_rows_add_up()
    {
        Should.Throw<ArgumentException>(() => Allocated(AllocationPolicy.ProRata, 1, [ThreeMembers[0], ThreeMembers[0]]));
        Should.Throw<ArgumentException>(() => Allocated(AllocationPolicy.FirstCome, 1, [ThreeMembers[0] with { Steps = [] }]));
    }

    [Theory]
    [InlineData(AllocationPolicy.ProRata)]
    [InlineData(AllocationPolicy.FirstCome)]
    [InlineData(AllocationPolicy.PriorityClass)]
    [InlineData(AllocationPolicy.EqualThenProRata)]
    public void a_thousand_members_with_fifty_lines_wait_for_nothing(AllocationPolicy policy)
    {
        var claims = Enumerable.Range(0, 1000).Select(i => Of($"M-{i:0000}", 1 + (i * 37 % 91), i % 7, at: 1000 - i)).ToArray();
        Allocator.Allocate(policy, 1, Quantity.Of(20_011), Unit, claims);
        var best = Enumerable.Range(0, 3).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            for (var line = 0; line < 50; line++) Allocator.Allocate(policy, 1, Quantity.Of(20_011 + line), Unit, claims);
            return watch.Elapsed;
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{policy}: {best.TotalMilliseconds} ms");
        best.ShouldBeLessThan(TimeSpan.FromSeconds(4)); // about 60 ms, unoptimised; the bound finds a quadratic slip, not a busy machine
    }

    private static Claim Of(string member, long quantity, long tolerance, long at) =>
        new(new(member), Quantity.Of(quantity), Quantity.Of(tolerance), 1, [new(at, Quantity.Of(quantity))]);

    private static IEnumerable<long> Allocated(AllocationPolicy policy, long available, IEnumerable<Claim> claims) =>
        Allocator.Allocate(policy, 1, Quantity.Of(available), Unit, [.. claims]).Shares.Select(s => (long)s.Allocated.Units);
}
