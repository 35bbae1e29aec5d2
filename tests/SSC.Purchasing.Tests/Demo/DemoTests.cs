using Shouldly;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Host.Demo;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PunchOuts;
using Xunit;

namespace SSC.Purchasing.Tests.Demo;

public class DemoTests(ITestOutputHelper output)
{
    [Fact]
    public async Task three_years_of_a_cooperative_are_there()
    {
        var (log, report) = await DemoInMemory.Made;
        output.WriteLine($"{report.Events} events, {report.Orders} orders, {report.Commitments} commitments");
        report.Events.ShouldBeInRange(60_000, 112_000);
        report.Orders.ShouldBeInRange(115, 140);
        report.Commitments.ShouldBeInRange(8_500, 9_500);
        Facts<Member.Event.SiteAdded>(log).Count().ShouldBeInRange(185, 205);
        Facts<Vendor.Event.Registered>(log).Count().ShouldBe(14);
        Facts<Contract.Event.Awarded>(log).Count().ShouldBe(16);
        Facts<Member.Event.Admitted>(log).Count(m => m.Cooperative == MinnesotaCooperatives.Home).ShouldBe(85);
        Facts<Cooperative.Event.Registered>(log).Count().ShouldBe(7);
        log.Events.Select(e => FiscalYear.Of(BusinessCalendar.LocalDate(e.At)).Year).Where(y => y > 2024).Distinct()
            .ShouldBe([2025, 2026, 2027]);
        log.Events[^1].At.ShouldBeLessThanOrEqualTo(DemoInMemory.Today);
    }

    [Fact]
    public async Task the_same_seed_gives_the_same_log_byte_for_byte_and_another_seed_another()
    {
        var (log, _) = await DemoInMemory.Made;
        var (again, _) = await DemoInMemory.Make(DemoInMemory.Seed, DemoInMemory.Today);
        DemoInMemory.HashOf(again).ShouldBe(DemoInMemory.HashOf(log));
        var (other, _) = await DemoInMemory.Make(DemoInMemory.Seed + 1, DemoInMemory.Today);
        DemoInMemory.HashOf(other).ShouldNotBe(DemoInMemory.HashOf(log));
    }

    [Theory]
    [InlineData(2026, 7, 3)]
    [InlineData(2027, 6, 29)]
    public async Task it_can_be_made_on_any_day(int year, int month, int day)
    {
        var (_, report) = await DemoInMemory.Make(7, new(year, month, day, 15, 0, 0, TimeSpan.Zero));
        report.Events.ShouldBeGreaterThan(60_000);
    }

    [Fact]
    public async Task every_stored_decision_comes_out_the_same_again()
    {
        var (log, _) = await DemoInMemory.Made;
        var replay = await new ReplayCheck(
            log, SSC.Purchasing.Host.Modules.Aggregates, SSC.Purchasing.Host.Modules.Checks, TimeProvider.System)
            .Run(ReplayScope.All);
        output.WriteLine(replay.Summary);
        replay.Decisions.ShouldBeGreaterThan(900);
        replay.FirstDifferences.ShouldBeEmpty();
        replay.FirstProblems.ShouldBeEmpty();
    }

    [Fact]
    public async Task around_today_orders_are_open_and_one_waits_for_approvals_and_one_for_its_vendor()
    {
        var (log, _) = await DemoInMemory.Made;
        var states = log.Events.Where(e => e.Fact is JointOrder.Event).GroupBy(e => e.Stream, StringComparer.Ordinal)
            .Select(g => g.Aggregate(JointOrder.Initial, (s, e) => JointOrder.Evolve(s, (JointOrder.Event)e.Fact))).ToList();
        states.Count(s => s.Phase == OrderPhase.Open && s.Terms!.Cutoff > DemoInMemory.Today).ShouldBeGreaterThanOrEqualTo(7);
        states.Single(s => s.Terms!.Title == "Student laptops — awaiting approvals").Phase.ShouldBe(OrderPhase.Approving);
        states.Single(s => s.Terms!.Title == "Student laptops — awaiting approvals").ApprovalsNeeded.Select(a => a.Member.Value)
            .ShouldContain("M-001");
        states.Single(s => s.Terms!.Title == "Copy paper — awaiting the vendor").Phase.ShouldBe(OrderPhase.Issued);
        states.Where(
            s => s.Phase is not (OrderPhase.Confirmed or OrderPhase.Cancelled or OrderPhase.Delivering or OrderPhase.ClosedOut)
                && s.Terms!.Cutoff < DemoInMemory.Today.AddDays(-30))
            .Select(s => s.Terms!.Title).ShouldBeEmpty("what is long over is settled one way or the other");
    }

    [Fact]
    public async Task open_orders_lack_little_to_the_next_case_or_tier()
    {
        var (log, _) = await DemoInMemory.Made;
        var board = new SeedingReadModels(log);
        var rows = await board.List(JointOrderBoard.Instance, DemoInMemory.Tenant, new() { Limit = 1_000 });
        BoardLine Line(string title) => rows.Single(r => r.Row.Title.StartsWith(title, StringComparison.Ordinal)).Row.Lines[0];
        Line("Copy paper — open").MissingToNextCase.ShouldBe(Quantity.Of(28));
        Line("LED lamps — open").MissingToNextTier.ShouldBe(Quantity.Of(4));
        Line("Student laptops — open statewide").MissingToNextTier.ShouldBe(Quantity.Of(35));
        Line("Diesel, fixed price — open").MissingToNextCase.ShouldBe(Quantity.Of(8_000));
        Line("Janitorial supplies — open").MissingToNextTier.ShouldBe(Quantity.Of(8));
    }

    [Fact]
    public async Task a_basket_from_a_vendors_shop_waits_for_the_first_member()
    {
        var (log, _) = await DemoInMemory.Made;
        var back = Facts<PunchOutSession.Event.Returned>(log).Single();
        (back.Lines.Single().Quantity, back.Faults.Count).ShouldBe((Quantity.Of(4), 0), "the four packs to the next tier");
        Facts<PunchOutSession.Event.Opened>(log).Single().Visit.Member.Value.ShouldBe("M-001");
        Facts<PunchOutSession.Event.Accepted>(log).ShouldBeEmpty();
    }

    [Fact]
    public async Task no_event_names_a_person_and_every_organization_is_a_demo()
    {
        var (log, _) = await DemoInMemory.Made;
        Facts<Member.Event.Admitted>(log).ShouldAllBe(m => m.Facts.Name.EndsWith("(demo)", StringComparison.Ordinal));
        Facts<Vendor.Event.Registered>(log).ShouldAllBe(v => v.Name.EndsWith("(demo)", StringComparison.Ordinal));
        Facts<User.Event.Registered>(log).ShouldAllBe(u => u.UserId.StartsWith("u-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task each_role_gets_a_key_that_opens()
    {
        var access = DemoAccess.FromSeed(DemoInMemory.Seed);
        await access.Issue((_, _) => Task.CompletedTask);
        var (log, _) = await DemoInMemory.Made;
        var issued = Facts<ApiKey.Event.Issued>(log).ToDictionary(k => k.Facts.KeyId, k => k.Facts, StringComparer.Ordinal);
        access.SignIns.Select(s => s.Role).Order(StringComparer.Ordinal).ShouldBe(Roles.All);
        foreach (var signIn in access.SignIns)
        {
            var token = ApiKeySecret.TryParse(signIn.ApiKey)!;
            token.Matches(issued[token.KeyId].SecretHash).ShouldBeTrue();
            issued[token.KeyId].Roles.ShouldBe([signIn.Role]);
        }
    }

    internal static IEnumerable<T> Facts<T>(SeedingLog log) => log.Events.Select(e => e.Fact).OfType<T>();
}
