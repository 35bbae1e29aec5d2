using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Fees;
using Xunit;
using static SSC.Purchasing.Tests.Procurement.Fees.FeeSamples;

namespace SSC.Purchasing.Tests.Procurement.Fees;

/// <summary>
/// A credit lowers a rebate once, in whatever quarter it comes and in whatever order rebates are shared: never more than was credited,
/// never below nothing, and all of it where enough was bought.
/// </summary>
public class RebateCreditLaws
{
    private const int Quarters = 4;

    private static readonly Gen<Life> Lives =
        from sales in (
            from invoice in Gen.Choose(1, 6) from quarter in Gen.Choose(1, Quarters) from cents in Gen.Choose(-9_000, 20_000)
            select (Invoice: invoice, Quarter: quarter, Cents: cents)).ListOf()
        from runs in Gen.Choose(1, Quarters).ArrayOf(6)
        select new Life([.. sales.Take(14)], runs);

    [Fact]
    public void every_credit_is_taken_off_at_most_once_and_never_below_nothing() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Lives.ToArbitrary(), life =>
        {
            var ledgers = Ledgers(life.Sales);
            var lowered = new Dictionary<(MemberNo Member, int Quarter), Money>();
            foreach (var (run, quarter) in life.Runs.Index())
            {
                var (after, fact) = Share(ledgers, quarter, $"CHK-{run}");
                ledgers = after;
                if (fact is null) continue;
                fact.Shares.Select(s => s.Amount).Sum().ShouldBe(fact.Amount);
                foreach (var share in fact.Shares)
                {
                    share.Credited.ShouldBeGreaterThanOrEqualTo(Money.Zero);
                    share.Purchases.ShouldBeGreaterThanOrEqualTo(Money.Zero);
                    (share.Purchases + share.Credited).ShouldBe(Bought(ledgers[quarter - 1], share.Member));
                    var most = lowered.GetValueOrDefault((share.Member, quarter));
                    lowered[(share.Member, quarter)] = share.Credited > most ? share.Credited : most;
                }
            }

            foreach (var member in lowered.Keys.Select(k => k.Member).Distinct())
            {
                var credited = ledgers.SelectMany(Nets).Where(n => n.Member == member && n.Goods < Money.Zero)
                    .Select(n => -n.Goods).Sum();
                lowered.Where(l => l.Key.Member == member).Select(l => l.Value).Sum().ShouldBeLessThanOrEqualTo(credited);
            }
        }));

    [Fact]
    public void a_credit_two_quarters_later_lowers_the_rebate_of_its_own_quarter_and_no_other()
    {
        var ledgers = Ledgers([(1, 1, 10_000), (2, 1, 10_000), (1, 3, -10_000)]);
        var (after, first) = Share(ledgers, 1, "CHK-1");
        first!.Shares.Select(s => (s.Member.Value, s.Amount.Cents, s.Credited.Cents)).ShouldBe([("M-001", 0, 10_000), ("M-002", 1_000, 0)]);
        RebateCredits.Open(Of(3), after).ShouldBeEmpty();
    }

    [Fact]
    public void a_credit_after_its_rebate_lowers_the_next_one()
    {
        var ledgers = Ledgers([(1, 1, 10_000), (2, 1, 10_000)]);
        var (paid, first) = Share(ledgers, 1, "CHK-1");
        first!.Shares.ShouldAllBe(s => s.Amount == new Money(500) && s.Credited == Money.Zero);
        var later = Sold(Sold(Sold(paid, 1, 2, -4_000), 4, 2, 6_000), 5, 2, 6_000); // invoices 4 and 5 are of members 1 and 2
        var (_, next) = Share(later, 2, "CHK-2");
        next!.Shares.Select(s => (s.Member.Value, s.Purchases.Cents, s.Credited.Cents)).ShouldBe(
            [("M-001", 2_000, 4_000), ("M-002", 6_000, 0)]);
    }

    private sealed record Life((int Invoice, int Quarter, int Cents)[] Sales, int[] Runs);

    private static FeePeriod Of(int quarter) => Period with { Quarter = quarter };

    /// <summary>Invoice n is of member n mod 3.</summary>
    private static PaidSale Sale(int invoice, int cents) => new(
        $"V-whitewater:INV-{invoice}", "PO-JO-1-1", new("JO-1"), new($"M-00{((invoice - 1) % 3) + 1}"), new(2026, 2, 3),
        [new(1, new("PAPER"), false, Quantity.Of(1), new(cents))]);

    private static FeeLedger.State.Open[] Ledgers(IEnumerable<(int Invoice, int Quarter, int Cents)> sales) => sales.Aggregate(
        Enumerable.Range(1, Quarters).Select(q => new FeeLedger.State.Open(Of(q))).ToArray(),
        (ledgers, s) => Sold(ledgers, s.Invoice, s.Quarter, s.Cents));

    private static FeeLedger.State.Open[] Sold(FeeLedger.State.Open[] ledgers, int invoice, int quarter, int cents)
    {
        var before = ledgers[quarter - 1];
        return With(ledgers, quarter, new FeeLedger.Command.Accrue(
            Of(quarter), $"a{before.Accruals.Count}", [Sale(invoice, cents)], VendorPays)).After;
    }

    private static (FeeLedger.State.Open[] After, FeeLedger.Event.RebateAllocated? Fact) Share(
        FeeLedger.State.Open[] ledgers, int quarter, string reference)
    {
        var (after, fact) = With(ledgers, quarter, new FeeLedger.Command.AllocateRebate(reference, new(1_000), new(2026, 8, 1), "C-1")
        {
            Credits = RebateCredits.Open(Of(quarter), ledgers),
        });
        return (after, fact as FeeLedger.Event.RebateAllocated);
    }

    private static (FeeLedger.State.Open[] After, FeeLedger.Event? Fact) With(
        FeeLedger.State.Open[] ledgers, int quarter, FeeLedger.Command command)
    {
        if (FeeLedger.Decide(command, ledgers[quarter - 1]) is not Decision<FeeLedger.Event>.Accepted { Events: [var fact] })
            return (ledgers, null);
        FeeLedger.State.Open[] after = [.. ledgers];
        after[quarter - 1] = (FeeLedger.State.Open)FeeLedger.Evolve(ledgers[quarter - 1], fact);
        return (after, fact);
    }

    private static Money Bought(FeeLedger.State.Open ledger, MemberNo member) =>
        Nets(ledger).Where(n => n.Member == member && n.Goods > Money.Zero).Select(n => n.Goods).Sum();

    private static IEnumerable<(MemberNo Member, Money Goods)> Nets(FeeLedger.State.Open ledger) => ledger.Sales
        .GroupBy(s => (s.Invoice, s.Member), s => s.Goods).Select(g => (g.Key.Member, g.Sum()));
}
