using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.Fees;
using SSC.Purchasing.Tests.Properties;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Procurement.Fees.FeeLedger;
using static SSC.Purchasing.Tests.Procurement.Fees.FeeSamples;

namespace SSC.Purchasing.Tests.Procurement.Fees;

/// <summary>A quarter of a paper contract, and of a food contract.</summary>
internal static class FeeSamples
{
    public static readonly FeePeriod Period = new(new("C-paper"), 2026, 3);
    public static readonly FeeTerms VendorPays = new(FeePayer.Vendor, 150);

    public static PaidSale Sale(string member, decimal goods, long units = 10, bool food = false, string order = "PO-JO-1-1") => new(
        $"V-whitewater:INV-{member}", order, new("JO-1"), new(member), new(2026, 2, 3),
        [new(1, new("PAPER"), food, Quantity.Of(units), Money.FromDollars(goods))]);

    public static Command Accrue(string id, params PaidSale[] sales) => new Command.Accrue(Period, id, [.. sales], VendorPays);

    public static KeptUnits Kept(string member, long units) => new("PO-JO-1-1", new(member), new("PAPER"), Quantity.Of(units));

    /// <summary>A report that states units too, for M-001, M-002 and so on.</summary>
    public static VendorReport Stated(params (int Units, decimal Sales)[] rows) => new(
        "R-1", new(2026, 4, 20),
        [.. rows.Select((r, i) => new ReportedSale(
            i + 2, "PO-JO-1-1", new MemberNo($"M-00{i + 1}"), null, Quantity.Of(r.Units), Money.FromDollars(r.Sales)))],
        Money.FromDollars(9.60m));

    public static VendorReport Report(string number, decimal fee, params (string Order, string? Member, decimal Sales)[] rows) => new(
        number, new(2026, 4, 20),
        [.. rows.Select((r, i) => new ReportedSale(
            i + 2, r.Order, r.Member is null ? null : new MemberNo(r.Member), null, null, Money.FromDollars(r.Sales)))],
        Money.FromDollars(fee));
}

public class FeeLedgerSpecs : SpecFor<FeeLedger, Command, State, Event>
{
    [Fact]
    public void the_fee_is_reckoned_on_what_was_paid_and_taken_back_on_what_was_credited()
    {
        var paid = Given().After(Accrue("a", Sale("M-001", 400m), Sale("M-002", 33.33m)));
        var fact = (Event.Accrued)paid.Events.Single();
        fact.Fees.Select(f => f.ToString()).ShouldBe(["6.00", "0.50"]);
        paid.When(Accrue("a", Sale("M-001", 400m))).RecordsNothing();
        var credited = paid.After(Accrue("b", Sale("M-001", -40m, -1)));
        ((State.Open)credited.State).FeeDue.ShouldBe(Money.FromDollars(5.90m));
        When(new Command.Accrue(Period with { Quarter = 5 }, "a", [Sale("M-001", 1m)], VendorPays)).Refuses("fee-period-invalid");
        When(new Command.Accrue(Period, "a", [], VendorPays)).Refuses("sale-invalid");
        When(new Command.Reconcile()).Refuses("fee-ledger-empty");
    }

    [Fact]
    public void federal_food_never_carries_a_percentage_that_members_pay()
    {
        var memberPays = new FeeTerms(FeePayer.Member, 150, new Money(5));
        FeeRules.FeeOn(Sale("M-001", 400m, 10, food: true), memberPays).ShouldBe(Money.FromDollars(0.50m)); // the amount per unit only
        FeeRules.FeeOn(Sale("M-001", 400m, 10), memberPays).ShouldBe(Money.FromDollars(6.50m));
        FeeRules.FeeOn(Sale("M-001", 400m, 10, food: true), VendorPays).ShouldBe(Money.FromDollars(6.00m));
    }

    [Fact]
    public void a_report_is_compared_line_by_line_with_what_was_paid()
    {
        var ledger = Given().After(Accrue("a", Sale("M-001", 400m), Sale("M-002", 240m), Sale("M-003", 9m, order: "PO-JO-2-1")));
        ledger.When(new Command.Reconcile()).Refuses("report-missing");
        var report = Report("R-1", 9m, ("PO-JO-1-1", "M-001", 300m), ("PO-JO-1-1", null, 250m), ("PO-JO-7-1", null, 5m));
        var reported = ledger.After(new Command.RecordVendorReport(Period, report));
        reported.When(new Command.RecordVendorReport(Period, report)).RecordsNothing();
        reported.When(new Command.RecordVendorReport(Period, report with { Fee = new(1) })).Refuses("report-number-used");
        var found = reported.After(new Command.Reconcile());
        ((Event.Reconciled)found.Events[^1]).Findings.Select(f => $"{f.Kind} {f.OrderNumber} {f.Member} {f.Reported}/{f.Paid}").ShouldBe(
        [
            "UnderReported PO-JO-1-1 M-001 300.00/400.00", "OverReported PO-JO-1-1  250.00/240.00", "Unknown PO-JO-7-1  5.00/0.00",
            "NotReported PO-JO-2-1 M-003 0.00/9.00", "FeeDiffers   9.00/9.74",
        ]);
        found.When(new Command.Reconcile()).RecordsNothing();
        var right = found.After(new Command.RecordVendorReport(
            Period, Report("R-2", 9.74m, ("PO-JO-1-1", null, 640m), ("PO-JO-2-1", null, 9m)))).After(new Command.Reconcile());
        ((Event.Reconciled)right.Events[^1]).Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(10, 6, null)]
    [InlineData(8, 6, "M-001 8, paid 10, received 10")]
    [InlineData(10, 7, "M-002 7, paid 6, received 6")]
    [InlineData(12, 6, "M-001 12, paid 10, received 10")]
    public void units_that_a_report_states_are_compared_with_what_was_received(int first, int second, string? finding)
    {
        var reported = Given().After(Accrue("a", Sale("M-001", 400m, 10), Sale("M-002", 240m, 6)))
            .After(new Command.RecordVendorReport(Period, Stated((first, 400m), (second, 240m))));
        var compared = reported.After(new Command.Reconcile { Received = [Kept("M-001", 10), Kept("M-002", 6)], ReceivedAsOf = 77 });
        var fact = (Event.Reconciled)compared.Events[^1];
        fact.Findings.Select(f => $"{f.Kind} {f.Member} {f.Units?.Reported}, paid {f.Units?.Paid}, received {f.Units?.Received}")
            .ShouldBe(finding is null ? [] : [$"UnitsDiffer {finding}"]);
        fact.ReceivedAsOf.ShouldBe(77);
        compared.When(new Command.Reconcile { Received = [Kept("M-001", 10), Kept("M-002", 6)], ReceivedAsOf = 99 }).RecordsNothing();
    }

    [Fact]
    public void units_paid_in_another_quarter_or_allowed_off_the_price_are_no_finding()
    {
        var reported = Given().After(Accrue("a", Sale("M-001", 400m, 10)))
            .After(new Command.RecordVendorReport(Period, Stated((11, 400m)) with { Fee = Money.FromDollars(6m) }));
        ((Event.Reconciled)reported.After(new Command.Reconcile { Received = [Kept("M-001", 12)] }).Events[^1]).Findings.ShouldBeEmpty();
    }

    [Fact]
    public void a_credit_on_an_earlier_quarters_purchase_is_taken_off_a_rebate_and_named()
    {
        var ledger = Given().After(Accrue("a", Sale("M-001", 100m), Sale("M-002", 100m), Sale("M-003", 100m)));
        var rebate = new Command.AllocateRebate("CHK-9", Money.FromDollars(30m), new(2026, 8, 1), "C-1")
        {
            Credits = [new(new("M-001"), false, Money.FromDollars(100m)), new(new("M-002"), false, Money.FromDollars(50m))],
            Basis = [new("fee-ledger-C-paper:FY2026-Q3", 1), new("fee-ledger-C-paper:FY2026-Q4", 2)],
        };
        var fact = (Event.RebateAllocated)ledger.After(rebate).Events[^1];
        fact.Shares.Select(s => $"{s.Member} {s.Amount} on {s.Purchases}, {s.Credited} credited").ShouldBe(
        [
            "M-001 0.00 on 0.00, 100.00 credited", "M-002 10.00 on 50.00, 50.00 credited", "M-003 20.00 on 100.00, 0.00 credited",
        ]);
        fact.Basis.ShouldBe(rebate.Basis);
    }

    [Fact]
    public void a_report_of_no_sales_is_a_report()
    {
        var reported = Given().After(new Command.RecordVendorReport(Period, Report("R-1", 0m)));
        ((Event.Reconciled)reported.After(new Command.Reconcile()).Events[^1]).Findings.ShouldBeEmpty();
        reported.When(new Command.AllocateRebate("CHK-1", Money.FromDollars(1m), new(2027, 1, 1), "C-1")).Refuses("rebate-without-sales");
        When(new Command.RecordVendorReport(Period, Report("", 0m))).Refuses("report-invalid");
        When(new Command.RecordVendorReport(Period with { FiscalYear = 3 }, Report("R", 0m))).Refuses("fee-period-invalid");
    }

    [Fact]
    public void a_rebate_years_later_goes_to_those_who_bought_then_to_the_cent_and_food_has_its_own_share()
    {
        var ledger = Given().After(Accrue("a", Sale("M-001", 100m, food: true), Sale("M-001", 100m), Sale("M-002", 100m)))
            .After(Accrue("b", Sale("M-003", 50m))).After(Accrue("c", Sale("M-003", -50m, -10)));
        var rebate = new Command.AllocateRebate("CHK-9", Money.FromDollars(100m), new(2029, 3, 1), "C-1");
        var shared = ledger.After(rebate);
        var fact = (Event.RebateAllocated)shared.Events[^1];
        fact.Shares.Select(s => $"{s.Member} {s.FederalFood} {s.Amount}").ShouldBe(
            ["M-001 False 33.34", "M-001 True 33.33", "M-002 False 33.33"]);
        shared.When(rebate).RecordsNothing();
        shared.When(rebate with { Amount = new(1) }).Refuses("rebate-exists");
        ledger.When(rebate with { Amount = Money.Zero }).Refuses("rebate-invalid");
    }

    [Fact]
    public void every_rebate_sums_to_what_was_received_and_no_food_goes_without() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(
            Arb.From(
                from cents in Gen.Choose(1, 1_000_000)
                from sales in (from m in Gen.Choose(1, 9) from c in Gen.Choose(-500, 90_000) from f in Gen.Elements(true, false)
                               select Sale($"M-{m:000}", c / 100m, food: f)).ArrayOf()
                select (Money: new Money(cents), Sales: sales)),
            x =>
            {
                var shares = FeeRules.ShareRebate(x.Money, x.Sales, []);
                if (shares.Count > 0) shares.Select(s => s.Amount).Sum().ShouldBe(x.Money);
                foreach (var food in shares.Where(s => s.FederalFood))
                {
                    var fair = (decimal)x.Money.Cents * food.Purchases.Cents / shares.Sum(s => s.Purchases.Cents);
                    ((decimal)food.Amount.Cents).ShouldBeInRange(Math.Floor(fair), Math.Ceiling(fair));
                }
            }));
}

public class FeeLedgerLaws : DeciderLaws<FeeLedger, Command, State, Event>
{
    protected override Gen<Command> Commands => Gen.Frequency(
        (3, from id in Gen.Elements("a", "b", "c") from m in Gen.Elements("M-001", "M-002") from cents in Gen.Choose(-900, 90_000)
            select Accrue(id, Sale(m, cents / 100m))),
        (2, from n in Gen.Elements("R-1", "R-2", "") from sales in Gen.Choose(0, 500)
            select (Command)new Command.RecordVendorReport(Period, Report(n, 1m, ("PO-JO-1-1", null, sales)))),
        (2, Gen.Constant((Command)new Command.Reconcile())),
        (2, from r in Gen.Elements("CHK-1", "CHK-2") from cents in Gen.Choose(0, 999)
            select (Command)new Command.AllocateRebate(r, new(cents), new(2027, 1, 5), "C-1")));
}
