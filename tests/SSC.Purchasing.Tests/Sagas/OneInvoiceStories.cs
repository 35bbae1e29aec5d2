using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;
using SSC.Purchasing.Sagas;
using SSC.Purchasing.Tests.Testbed;
using Xunit;

namespace SSC.Purchasing.Tests.Sagas;

/// <summary>Programs, services and pools on the one invoice of a member: what comes on it, when it goes out, who hears of it.</summary>
public class OneInvoiceStories
{
    private static readonly MemberNo Member = new("M-001"), Other = new("M-002");
    private static readonly PoolId School = new("SCHOOL");
    private static readonly DateTimeOffset Begins = At(new(2026, 9, 10));

    [Fact]
    public async Task a_month_of_programs_services_and_pool_is_one_invoice_and_each_line_names_its_event()
    {
        var bed = Bed();
        await Used(bed, "BC-1", 3_704);
        await Contribution(bed, new(2026, 10), 500_000);
        await bed.Given("offering-PD-oct", Split((Member, 8_333), (Other, 1_667)));
        await bed.RunUntilIdle();
        await bed.AdvanceTo(At(new(2026, 10, 1)));
        var issued = (await Invoice(bed, "2026-09")).ShouldBeOfType<MemberInvoice.State.Issued>();
        issued.On.Total.ShouldBe(new(3_704 + 500_000 + 8_333));
        issued.DueOn.ShouldBe(new(2026, 11, 5), "35 days: Minn. Stat. 471.425");
        issued.On.Charges.Values.Select(c => (c.Source, c.Reference)).ShouldBe(
        [
            (ChargeSource.Pool, "SCHOOL:M-001:2026-10"), (ChargeSource.Program, "offering-PD-oct:1:M-001"),
            (ChargeSource.Service, $"{UseStream(Member)}:1"),
        ], ignoreOrder: true);
        (await Invoice(bed, "2026-09", Other)).ShouldBeOfType<MemberInvoice.State.Issued>().On.Total.ShouldBe(new(1_667));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task when_the_invoice_is_paid_every_source_hears_it_and_when_the_payment_bounces_too(bool twice)
    {
        var bed = Bed(twice);
        await Used(bed, "BC-1", 3_704);
        await Contribution(bed, new(2026, 10), 500_000);
        await bed.AdvanceTo(At(new(2026, 10, 1)));
        await Pay(bed, "2026-09", "check-1", 3_704);
        (await Contribution(bed)).Phase.ShouldBe(ContributionPhase.Issued, "only a part is paid");
        (await Charge(bed)).Invoice.ShouldBe("2026-09-M-001", "what is not the pool's is paid first");
        await Pay(bed, "2026-09", "check-2", 500_000);
        (await Contribution(bed)).Phase.ShouldBe(ContributionPhase.Paid);
        await Tell(bed, "2026-09", new MemberInvoice.Command.ReversePayment("check-2", "R01"));
        (await Contribution(bed)).Open.ShouldBe(new(500_000));
        (await Charge(bed)).Invoice.ShouldNotBeNull("its own part is still paid");
        await Tell(bed, "2026-09", new MemberInvoice.Command.ReversePayment("check-1", "R01"));
        (await Charge(bed)).Invoice.ShouldBeNull();
        await Pay(bed, "2026-09", "check-3", 503_704);
        (await Contribution(bed)).Phase.ShouldBe(ContributionPhase.Paid, "another time, another reference");
    }

    [Fact]
    public async Task what_the_bank_collects_for_the_pool_is_paid_on_the_invoice_and_a_return_is_owed_there_again()
    {
        var bed = Bed();
        await Used(bed, "BC-1", 3_704);
        await Contribution(bed, new(2026, 10), 500_000);
        OpaqueRef trace = new("ACH-1000");
        var key = ContributionInvoice.Key(School, Member, new(2026, 10));
        await Pool(bed, key, new ContributionInvoice.Command.RequestCollection(trace, new(2026, 9, 25)));
        await Pool(bed, key, new ContributionInvoice.Command.RecordPayment(trace, new(500_000), new(2026, 9, 26)));
        await bed.AdvanceTo(At(new(2026, 10, 1)));
        Balance(await Invoice(bed, "2026-09")).ShouldBe(new(3_704), "paid before it was issued");
        await Pool(bed, key, new ContributionInvoice.Command.ReturnCollection(trace, "R01", new(2026, 10, 2)));
        Balance(await Invoice(bed, "2026-09")).ShouldBe(new(503_704));
        await Pay(bed, "2026-09", "check-1", 3_704);
        (await Charge(bed)).Invoice.ShouldNotBeNull();
        (await Contribution(bed)).Open.ShouldBe(new(500_000), "the check did not pay for the pool");
    }

    [Fact]
    public async Task a_bill_below_zero_goes_to_the_month_after_and_on_until_it_is_used_up()
    {
        var bed = Bed();
        await Contribution(bed, new(2026, 10), -10_000);
        await bed.AdvanceTo(At(new(2026, 10, 3)));
        Balance(await Invoice(bed, "2026-09")).ShouldBe(Money.Zero);
        await Used(bed, "BC-1", 3_704);
        await bed.AdvanceTo(At(new(2026, 11, 3)));
        (await Invoice(bed, "2026-10")).On!.Total.ShouldBe(new(-6_296));
        await Contribution(bed, new(2026, 12), 20_000);
        await bed.AdvanceTo(At(new(2026, 12, 3)));
        Balance(await Invoice(bed, "2026-11")).ShouldBe(new(13_704));
        (await Charge(bed)).Invoice.ShouldBe("2026-10-M-001", "the credit paid for it");
    }

    [Fact]
    public async Task a_joint_and_several_assessment_is_a_line_of_the_invoice_and_paid_with_it()
    {
        var bed = Bed();
        await Assessed(bed);
        await bed.AdvanceTo(At(new(2026, 10, 1)));
        await Pay(bed, "2026-09", "check-1", 7_500);
        var run = (await bed.Commands.Load<AssessmentRun, AssessmentRun.Command, AssessmentRun.State, AssessmentRun.Event>(
            SagaTestbed.Tenant, "SCHOOL:A-1", fresh: true)).State;
        run.Shares[Member].Standing.ShouldBe(ShareStanding.Paid);
        run.Shares[Other].Standing.ShouldBe(ShareStanding.Open);
        Balance(await Invoice(bed, "2026-09")).ShouldBe(Money.Zero, "paid once");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_share_that_was_paid_to_the_pool_and_taken_back_is_owed_on_the_invoice_again_each_time(bool twice)
    {
        var bed = Bed(twice);
        await Assessed(bed);
        await bed.AdvanceTo(At(new(2026, 10, 1)));
        for (var time = 1; time <= 2; time++)
        {
            await Assess(bed, new AssessmentRun.Command.RecordPayment(Other, new(2026, 10, 2)));
            Balance(await Invoice(bed, "2026-09", Other)).ShouldBe(Money.Zero);
            await Assess(bed, new AssessmentRun.Command.ReversePayment(
                new($"REF-000{time}"), Other, new(2_500), new(2026, 10, 5)));
            Balance(await Invoice(bed, "2026-09", Other)).ShouldBe(new(2_500));
        }

        Balance(await Invoice(bed, "2026-09")).ShouldBe(new(7_500), "the other member's line is its own");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task only_what_was_taken_back_of_a_share_is_owed_on_the_invoice_and_the_rest_may_be_paid_either_way(bool twice)
    {
        var bed = Bed(twice);
        await Assessed(bed);
        await bed.AdvanceTo(At(new(2026, 10, 1)));
        await Assess(bed, new AssessmentRun.Command.RecordPayment(Member, new(2026, 10, 2)));
        await Assess(bed, new AssessmentRun.Command.ReversePayment(new("REF-0001"), Member, new(3_000), new(2026, 10, 3)));
        Balance(await Invoice(bed, "2026-09")).ShouldBe(new(3_000), "not the whole of 75.00");
        await Assess(bed, new AssessmentRun.Command.ReversePayment(new("REF-0002"), Member, new(500), new(2026, 10, 4)));
        Balance(await Invoice(bed, "2026-09")).ShouldBe(new(3_500));
        await Assess(bed, new AssessmentRun.Command.RecordPayment(Member, new(2026, 10, 5)));
        Balance(await Invoice(bed, "2026-09")).ShouldBe(Money.Zero, "paid to the pool again");
        await Assess(bed, new AssessmentRun.Command.ReversePayment(new("REF-0003"), Member, new(4_000), new(2026, 10, 6)));
        Balance(await Invoice(bed, "2026-09")).ShouldBe(new(4_000), "more than the last payment was");
        await Pay(bed, "2026-09", "check-1", 4_000);
        (await Share(bed)).ShouldBe((new(7_500), ShareStanding.Paid), "the rest came by the invoice");
        Balance(await Invoice(bed, "2026-09")).ShouldBe(Money.Zero, "paid once");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_share_that_was_paid_by_the_invoice_is_owed_to_the_pool_again_when_the_payment_bounces(bool twice)
    {
        var bed = Bed(twice);
        await Assessed(bed);
        await bed.AdvanceTo(At(new(2026, 10, 1)));
        for (var time = 1; time <= 2; time++)
        {
            await Pay(bed, "2026-09", $"check-{time}", 7_500);
            (await Share(bed)).ShouldBe((new(7_500), ShareStanding.Paid));
            await Tell(bed, "2026-09", new MemberInvoice.Command.ReversePayment($"check-{time}", "R01"));
            (await Share(bed)).ShouldBe((Money.Zero, ShareStanding.Open));
            Balance(await Invoice(bed, "2026-09")).ShouldBe(new(7_500));
        }
    }

    [Theory]
    [InlineData(DistributionMethod.Payment, false)]
    [InlineData(DistributionMethod.CreditMemo, false)]
    [InlineData(DistributionMethod.Payment, true)]
    [InlineData(DistributionMethod.CreditMemo, true)]
    public async Task a_dividend_of_a_member_that_has_left_is_a_line_in_its_favor_once(DistributionMethod method, bool twice)
    {
        var bed = Bed(twice);
        static Distribution.Event Of(Distribution.Event fact) => fact with { Pool = School, Id = "D-1" };
        await bed.Given(
            "pool-distribution-SCHOOL:D-1",
            Of(new Distribution.Event.Proposed(
                new(10_000), new(2026, 8, 31), new(50_000), new(40_000), new(2026, 8, 31), method, null, [])),
            Of(new Distribution.Event.Approved(new(new("R-1"), "2026-1", new(2026, 8, 31)))),
            Of(new Distribution.Event.Allocated(
                [new(Member, Money.Zero, new(75), new(7_500)), new(Other, Money.Zero, new(25), new(2_500))],
                [new(Member, new(75), Money.Zero), new(Other, new(25), Money.Zero)], null, new(new string('a', 64)), 1)),
            Of(new Distribution.Event.Posted(new(2026, 9, 10), method, new(10_000))));
        await bed.RunUntilIdle();
        (await Invoice(bed, "2026-09")).On!.Charges.Values.ShouldBe(
            [new(ChargeSource.Pool, "dividend:SCHOOL:D-1:M-001", "Pool dividend SCHOOL", new(-7_500))]);
        (await Invoice(bed, "2026-09", Other)).On!.Total.ShouldBe(new(-2_500));
        await Used(bed, "BC-1", 3_704);
        await bed.AdvanceTo(At(new(2026, 10, 1)));
        (await Invoice(bed, "2026-09")).On!.Total.ShouldBe(new(-3_796), "it pays for what else is on the invoice");
    }

    [Fact]
    public void the_lines_of_all_months_sum_to_the_charges_less_the_credits() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(25),
        Prop.ForAll(Gen.Choose(-60_000, 40_000).ArrayOf(9).ToArbitrary(), cents => Lines(cents).GetAwaiter().GetResult()));

    private static async Task Lines(int[] cents)
    {
        var (bed, expected, month) = (Bed(), Money.Zero, new CoverageMonth(2026, 10));
        foreach (var (amount, i) in cents.Select((c, i) => (c, i)))
        {
            if (amount == 0) continue;
            expected += new Money(amount);
            if (amount > 0 && i % 2 == 0) await Used(bed, $"BC-{i}", amount);
            else await Contribution(bed, month.AddMonths(i), amount);
            if (i % 3 == 2) await bed.AdvanceTo(At(new DateOnly(2026, 10, 2).AddMonths(i / 3)));
        }

        await bed.AdvanceTo(At(new(2027, 1, 2)));
        var invoices = new List<MemberInvoice.State>();
        for (BillingMonth m = new("2026-09"); m.CompareTo(new("2027-06")) < 0; m = m.Next) invoices.Add(await Invoice(bed, m.Value));
        var lines = invoices.SelectMany(x => x.On?.Charges.Values ?? []).ToList();
        lines.Where(l => l.Source != ChargeSource.CarriedOver).Select(l => l.Amount).Sum().ShouldBe(expected);
        var carried = invoices.OfType<MemberInvoice.State.Issued>().Select(x => x.Carried).Sum();
        (lines.Select(l => l.Amount).Sum() + carried).ShouldBe(expected, "what leaves one month arrives in another");
        invoices.OfType<MemberInvoice.State.Issued>().ShouldAllBe(x => x.Balance >= Money.Zero);
    }

    private static SagaTestbed Bed(bool twice = false) => new(
        EventCatalogue.Of([typeof(Member).Assembly, typeof(Pool).Assembly, typeof(CoopProgram).Assembly]), Begins,
        [new MemberBillingSaga(), new MemberChargesSaga(), new DistributionSaga()],
        commands => SagaCommandHandler.Over(commands, new InMemoryReadModels(commands.Store)).Execute)
    { DeliverTwice = twice };

    private static DateTimeOffset At(DateOnly day) => BusinessCalendar.InstantOf(day, new(9, 0));

    private static string UseStream(MemberNo member) =>
        $"{ServiceUse.Category}-{ServiceUse.Key(new("ADM-checks"), member, new(2026, 9, 10))}";

    private static async Task Used(SagaTestbed bed, string use, long cents)
    {
        await bed.Given(UseStream(Member), new ServiceUse.Event.Recorded(
            new(use, new("ADM-checks"), Member, new(2026, 9, 10), Quantity.Of(1), "check", UnitPrice.FromDollars(1m),
                "Background checks", null),
            new(cents), 1));
        await bed.RunUntilIdle();
    }

    private static SeatLedger.Event.CostSplit Split(params (MemberNo Member, long Cents)[] shares) => new(
        "INV-1", "Consultant", shares.Select(s => new Money(s.Cents)).Sum(),
        shares.ToStructuralMap(s => s.Member, _ => 1L), shares.ToStructuralMap(s => s.Member, s => new Money(s.Cents)), 1);

    private static async Task Contribution(SagaTestbed bed, CoverageMonth month, long cents)
    {
        var key = ContributionInvoice.Key(School, Member, month);
        await Pool(bed, key, new ContributionInvoice.Command.Draft(
            School, 2026, Member, month, [new(LineKind.Credit, null, null, null, 0, new(cents), new("ADJ-1000"))]));
        await Pool(bed, key, new ContributionInvoice.Command.Issue(month.FirstDay.AddDays(4)));
    }

    private static async Task Assess(SagaTestbed bed, AssessmentRun.Command command) => Done(
        bed, await bed.Commands.Handle<AssessmentRun, AssessmentRun.Command, AssessmentRun.State, AssessmentRun.Event>(
            bed.As("pool-admin"), "SCHOOL:A-1", command, default));

    private static async Task<(Money Paid, ShareStanding Standing)> Share(SagaTestbed bed)
    {
        var run = (await bed.Commands.Load<AssessmentRun, AssessmentRun.Command, AssessmentRun.State, AssessmentRun.Event>(
            SagaTestbed.Tenant, "SCHOOL:A-1", fresh: true)).State;
        return (run.Shares[Member].Paid, run.Shares[Member].Standing);
    }

    private static async Task Assessed(SagaTestbed bed)
    {
        await bed.Given(
            "pool-assessment-SCHOOL:A-1",
            new AssessmentRun.Event.Proposed(new(10_000), LiabilityRegime.JointAndSeveral, new(2026, 8, 31), 30, 30)
            {
                Pool = School, Id = "A-1",
            },
            new AssessmentRun.Event.Approved(new(new("R-1"), "2026-1", new(2026, 8, 31))) { Pool = School, Id = "A-1" },
            new AssessmentRun.Event.Allocated(
                [new(Member, new(75), new(75), new(7_500)), new(Other, new(25), new(25), new(2_500))],
                [new(Member, new(75), Money.Zero), new(Other, new(25), Money.Zero)], new(new string('a', 64)), new(2026, 10, 30), 1)
            { Pool = School, Id = "A-1" });
        await bed.RunUntilIdle();
    }

    private static async Task<ContributionInvoice.State> Contribution(SagaTestbed bed) =>
        (await bed.Commands.Load<ContributionInvoice, ContributionInvoice.Command, ContributionInvoice.State, ContributionInvoice.Event>(
            SagaTestbed.Tenant, ContributionInvoice.Key(School, Member, new(2026, 10)), fresh: true)).State;

    private static async Task<ProgramCharge.State> Charge(SagaTestbed bed) =>
        (await bed.Commands.Load<ProgramCharge, ProgramCharge.Command, ProgramCharge.State, ProgramCharge.Event>(
            SagaTestbed.Tenant, $"{UseStream(Member)}:1", fresh: true)).State;

    private static async Task Pool(SagaTestbed bed, string key, ContributionInvoice.Command command) => Done(
        bed, await bed.Commands.Handle<ContributionInvoice, ContributionInvoice.Command, ContributionInvoice.State,
            ContributionInvoice.Event>(bed.As("pool-admin"), key, command, default));

    private static Task Pay(SagaTestbed bed, string month, string reference, long cents) =>
        Tell(bed, month, new MemberInvoice.Command.RecordPayment(new(reference, new(cents), new(2026, 10, 5))));

    private static async Task Tell(SagaTestbed bed, string month, MemberInvoice.Command command)
    {
        Done(bed, await bed.Commands.Handle<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>(
            bed.As("clerk"), MemberInvoice.Key(Member, new(month)), command, default));
        await bed.RunUntilIdle();
    }

    private static void Done(SagaTestbed bed, CommandOutcome outcome)
    {
        outcome.ShouldBeOfType<CommandOutcome.Done>($"{outcome}\n{bed.Story}");
        bed.RunUntilIdle().GetAwaiter().GetResult();
    }

    private static async Task<MemberInvoice.State> Invoice(SagaTestbed bed, string month, MemberNo? member = null) =>
        (await bed.Commands.Load<MemberInvoice, MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>(
            SagaTestbed.Tenant, MemberInvoice.Key(member ?? Member, new(month)), fresh: true)).State;

    private static Money Balance(MemberInvoice.State state) => state.ShouldBeOfType<MemberInvoice.State.Issued>().Balance;
}
