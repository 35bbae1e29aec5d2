using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Rules;
using Xunit;

namespace SSC.Purchasing.Tests.Procurement.Rules;

public class ThresholdTests
{
    [Theory]
    [InlineData("2006-03-01", 10_000, false, PurchaseMethod.OpenMarket)]
    [InlineData("2006-03-01", 10_001, false, PurchaseMethod.Quotations)]
    [InlineData("2008-07-31", 50_001, false, PurchaseMethod.SealedBids)]
    [InlineData("2008-08-01", 50_001, false, PurchaseMethod.Quotations)]
    [InlineData("2008-08-01", 25_000, false, PurchaseMethod.OpenMarket)]
    [InlineData("2018-07-31", 100_001, false, PurchaseMethod.SealedBids)]
    [InlineData("2018-08-01", 175_000, false, PurchaseMethod.Quotations)]
    [InlineData("2026-03-01", 175_001, false, PurchaseMethod.SealedBids)]
    [InlineData("2025-09-30", 12_000, true, PurchaseMethod.Quotations)]
    [InlineData("2025-10-01", 12_000, true, PurchaseMethod.OpenMarket)]
    [InlineData("2025-10-01", 15_001, true, PurchaseMethod.Quotations)]
    [InlineData("2016-01-01", 4_000, true, PurchaseMethod.Quotations)]
    public void the_rule_of_the_day_says_how_to_buy(string day, long dollars, bool federal, PurchaseMethod method) =>
        ProcurementThresholds.For(Usd(dollars), Day(day), federal).Method.ShouldBe(method);

    [Fact]
    public void the_stricter_of_state_and_federal_law_wins_and_is_cited()
    {
        ProcurementThresholds.For(Usd(20_000), Day("2026-03-01"), federallyFunded: true).Citation.ShouldStartWith("2 CFR 200.320");
        ProcurementThresholds.For(Usd(200_000), Day("2026-03-01"), federallyFunded: true)
            .ShouldBe(ProcurementThresholds.For(Usd(200_000), Day("2026-03-01"), federallyFunded: false));
        ProcurementThresholds.For(Usd(200_000), Day("2026-03-01"), federallyFunded: true).Citation.ShouldStartWith("Minn. Stat. 471.345");
    }

    [Theory]
    [InlineData("2026-03-01", 25_000, false)]
    [InlineData("2026-03-01", 25_001, true)]
    [InlineData("2008-09-01", 25_001, false)]
    public void above_25_000_the_states_contracts_are_considered_first(string day, long dollars, bool consider) =>
        ProcurementThresholds.For(Usd(dollars), Day(day), federallyFunded: false).ConsiderCpv.ShouldBe(consider);

    [Theory]
    [InlineData("2014-12-26", 3_000, 150_000)]
    [InlineData("2015-09-30", 3_000, 150_000)]
    [InlineData("2015-10-01", 3_500, 150_000)]
    [InlineData("2018-06-19", 3_500, 150_000)]
    [InlineData("2018-06-20", 10_000, 250_000)]
    [InlineData("2025-09-30", 10_000, 250_000)]
    [InlineData("2025-10-01", 15_000, 350_000)]
    public void federal_thresholds_change_on_the_days_that_the_register_says(string day, long micro, long simplified) =>
        ProcurementThresholds.Federal.On(Day(day)).ShouldBe(new(Usd(micro), Usd(simplified)));

    [Fact]
    public void every_amount_cites_its_rule_and_an_unverified_day_is_named_as_such()
    {
        ProcurementThresholds.State.Entries.ShouldAllBe(e => e.Source.Contains("471.345"));
        ProcurementThresholds.Federal.Entries.ShouldAllBe(e => e.Source.StartsWith("2 CFR 200", StringComparison.Ordinal));
        ProcurementThresholds.CpvConsideredAbove.Entries.Single().Source.ShouldContain("not verified");
    }

    [Fact]
    public void a_day_before_the_tables_begin_is_an_error_and_not_a_guess()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => ProcurementThresholds.For(Usd(1), Day("2005-12-31"), federallyFunded: false));
        Should.Throw<ArgumentOutOfRangeException>(() => ProcurementThresholds.For(Usd(1), Day("2014-12-25"), federallyFunded: true));
    }

    [Fact]
    public void bills_are_paid_in_35_days_and_in_45_by_joint_powers_organizations() =>
        PromptPayment.Terms.On(Day("2026-03-01")).ShouldBe(new(35, 45, 10, 150, Usd(10), Usd(100)));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static Money Usd(long dollars) => new(dollars * 100);
}
