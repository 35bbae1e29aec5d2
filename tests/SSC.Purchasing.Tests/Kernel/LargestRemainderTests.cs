using Shouldly;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.Tests.Kernel;

/// <summary>The published vectors of sharing money and units.</summary>
public class LargestRemainderTests
{
    private static readonly long[] Equal = [1, 1, 1];

    [Fact]
    public void a_hundred_dollars_over_seven_collects_a_hundred_dollars() =>
        LargestRemainder.Share(Dollars(100.00m), [1, 1, 1, 1, 1, 1, 1])
            .ShouldBe([.. Enumerable.Repeat(Dollars(14.29m), 4), .. Enumerable.Repeat(Dollars(14.28m), 3)]);

    [Fact]
    public void freight_follows_the_value_of_each_members_lines() =>
        LargestRemainder.Share(Dollars(185.00m), [123456, 98765, 43210]).ShouldBe([Dollars(86.04m), Dollars(68.84m), Dollars(30.12m)]);

    [Theory]
    [InlineData(12, new long[] { 10, 7, 5 }, new long[] { 5, 4, 3 })]
    [InlineData(2, new long[] { 4, 2, 3 }, new long[] { 1, 0, 1 })]
    [InlineData(3, new long[] { 6, 6, 2 }, new long[] { 1, 1, 1 })]
    [InlineData(4, new long[] { 6, 6, 2 }, new long[] { 2, 2, 0 })]
    public void units_go_to_the_largest_remainders(long total, long[] weights, long[] shares) =>
        LargestRemainder.Share(total, weights).ShouldBe(shares);

    [Fact]
    public void an_amount_and_a_credit_over_equal_weights_give_the_odd_cents_to_the_lower_numbers()
    {
        LargestRemainder.Share(Dollars(1000.00m), Equal).ShouldBe([Dollars(333.34m), Dollars(333.33m), Dollars(333.33m)]);
        LargestRemainder.Share(Dollars(-0.05m), Equal).ShouldBe([Dollars(-0.02m), Dollars(-0.02m), Dollars(-0.01m)]);
    }

    [Fact]
    public void a_consultants_fee_follows_the_seats() =>
        LargestRemainder.Share(Dollars(4350m), [18, 11, 7]).ShouldBe([Dollars(2175m), Dollars(1329.17m), Dollars(845.83m)]);

    [Fact]
    public void nobody_with_a_weight_means_equal_shares() => LargestRemainder.Share(5, [0, 0, 0]).ShouldBe([2, 2, 1]);

    [Fact]
    public void the_largest_totals_and_weights_do_not_overflow()
    {
        LargestRemainder.Share(long.MaxValue, [long.MaxValue, long.MaxValue]).ShouldBe([(long.MaxValue / 2) + 1, long.MaxValue / 2]);
        LargestRemainder.Share(long.MinValue, [long.MaxValue]).ShouldBe([long.MinValue]);
    }

    [Fact]
    public void a_negative_weight_or_nobody_at_all_is_a_mistake_of_the_caller()
    {
        Should.Throw<ArgumentException>(() => LargestRemainder.Share(1, [1, -1]));
        Should.Throw<ArgumentException>(() => LargestRemainder.Share(1, []));
        LargestRemainder.Share(0, []).ShouldBeEmpty();
    }

    [Fact]
    public void by_member_the_tie_goes_to_the_lower_number() =>
        LargestRemainder.Share(Dollars(0.01m), StructuralMap<MemberNo, long>.Empty.Set(new("M-002"), 1).Set(new("M-001"), 1))
            .ShouldBe(StructuralMap<MemberNo, Money>.Empty.Set(new("M-001"), new(1)).Set(new("M-002"), Money.Zero));

    [Fact]
    public void a_quantity_is_shared_in_whole_increments_and_the_rest_is_named()
    {
        var shared = LargestRemainder.Share(Quantity.Of(100), Quantity.Of(40), [1, 1, 1]);
        shared.Shares.ShouldBe([Quantity.Of(40), Quantity.Of(40), Quantity.Zero]);
        shared.Unplaced.ShouldBe(Quantity.Of(20));
    }

    [Fact]
    public void every_cent_can_be_explained()
    {
        var sharing = LargestRemainder.Explain(12, [10, 7, 5]);
        sharing.Missing.ShouldBe(2);
        sharing.TotalWeight.ShouldBe(22);
        sharing.Portions[1].ShouldBe(new Portion(Share: 4, Quota: 3, Remainder: 18, Rank: 1));
        sharing.Portions[0].ShouldBe(new Portion(Share: 5, Quota: 5, Remainder: 10, Rank: 3));
    }

    private static Money Dollars(decimal dollars) => Money.FromDollars(dollars);
}
