using Shouldly;
using SSC.Purchasing.DatabaseTests.Runtime;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;
using Xunit;
using MemberFacts = SSC.Purchasing.Membership.MemberFacts;

namespace SSC.Purchasing.DatabaseTests.Http;

/// <summary>Student challenges, technology and administrative services over real HTTP, and their charges on the one invoice.</summary>
public sealed class ServiceScenarios(Stage stage) : IClassFixture<Stage>
{
    [Fact]
    public async Task G6_a_service_joined_in_october_is_charged_by_the_day_and_stands_on_the_invoice_of_the_month()
    {
        using var admin = await Admin();
        var service = await Publish(admin, ProgramKind.TechnologyService, new(
            Subscription: new(Money.FromDollars(1_200m), 20, Money.FromDollars(30m), 60)));
        var (number, buyer) = await Admit(MemberType.Education, MemberKind.SchoolDistrict);
        var entry = new SubscriptionEntry(new(service), new(number), 2027, new(2026, 10, 15), 20);
        (await buyer.Post("subscriptions", entry with { From = new(2027, 7, 1) })).ShouldBe(409, "refusal:day-outside-year");
        (await buyer.Post("subscriptions", entry with { Slots = 0 })).ShouldBe(409, "refusal:slots-out-of-range");
        (await buyer.Post("subscriptions", entry)).ShouldBe(201);
        (await buyer.Post("subscriptions", entry with { Slots = 21 })).ShouldBe(409, "refusal:subscription-exists");
        var route = $"subscriptions/{service}/{number}/2027";
        for (var slot = 1; slot <= 20; slot++) (await buyer.Post($"{route}/uses", new SlotUseEntry($"lab-{slot}"))).ShouldBe(200);
        (await buyer.Post($"{route}/uses", new SlotUseEntry("lab-21"))).ShouldBe(409, "refusal:no-slot-free");
        (await buyer.Post($"{route}/uses/release", new SlotUseEntry("lab-99"))).ShouldBe(409, "refusal:use-unknown");
        (await buyer.Post($"{route}/uses/release", new SlotUseEntry("lab-1"))).ShouldBe(200);
        (await buyer.Post($"{route}/uses", new SlotUseEntry("lab-21"))).ShouldBe(200);
        await OnTheInvoice(buyer, number, "851.51");
        using var auditor = await stage.Auditor();
        (await auditor.Get($"audit/replay?stream=subscription-{service}:{number}:2027")).ShouldBe(200).Body!["isClean"]!
            .GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task G5_three_teams_cost_the_first_and_two_more_and_a_fourth_has_no_place()
    {
        using var admin = await Admin();
        var from = Stage.Today.AddDays(-30);
        var program = await Publish(admin, ProgramKind.StudentChallenge, new(
            new([new(from, Money.FromDollars(75m), Money.FromDollars(55m))])) { Surcharge = new(2_500, ["NonProfit"]) });
        (await admin.Put($"programs/{program}/tiers", new TierBands(from, "Rules", [new("A", 1_000), new("AA", null)]))).ShouldBe(200);
        var (offering, start) = (Stage.New("OF"), DateTimeOffset.UtcNow.AddDays(40));
        (await admin.Post("offerings", new OfferingEntry(new(offering), new(
            new(program), "Knowledge Bowl", [new(start, 180)], 50, 0, DateTimeOffset.UtcNow.AddMinutes(-1), start.AddHours(-1)))))
            .ShouldBe(201);
        await Until.True(async () => (await admin.Get($"offerings/{offering}")).Text("phase") is "open", "it opens by itself");

        var (number, buyer) = await Admit(MemberType.Education, MemberKind.SchoolDistrict);
        (await buyer.Post("enrollments", new EnrollmentEntry(new(offering), new(number), 3, "PO 1"))).ShouldBe(201);
        (await buyer.Get($"enrollments/{offering}/{number}")).Body!["charged"].Dollars().ShouldBe("185.00");
        for (var team = 1; team <= 3; team++)
            (await buyer.Post("teams", new TeamEntry(new(offering), new(number), team, $"Team {team}", 5))).ShouldBe(201);
        (await buyer.Post("teams", new TeamEntry(new(offering), new(number), 4, "Team 4", 5)))
            .ShouldBe(409, "refusal:team-without-place");
        (await buyer.Post("teams", new TeamEntry(new(offering), new(number), 1, "Another", 5))).ShouldBe(409, "refusal:team-exists");
        (await admin.Put($"teams/{offering}/{number}/1/seed", new SeedEntry(0))).ShouldBe(409, "refusal:seed-out-of-range");

        var (other, charity) = await Admit(MemberType.NonProfit, MemberKind.NonProfit);
        (await charity.Post("enrollments", new EnrollmentEntry(new(offering), new(other), 3, "PO 2"))).ShouldBe(201);
        (await charity.Get($"enrollments/{offering}/{other}")).Body!["charged"].Dollars().ShouldBe("231.25");
        await OnTheInvoice(buyer, number, "185.00");
    }

    [Fact]
    public async Task a_use_of_a_service_is_billed_once_and_taken_back_and_the_paid_invoice_says_so_to_its_source()
    {
        using var admin = await Admin();
        var service = await Publish(admin, ProgramKind.AdministrativeService, new(Use: new("check", UnitPrice.FromDollars(12.345m))));
        var (number, buyer) = await Admit(MemberType.Education, MemberKind.SchoolDistrict);
        ServiceUseEntry Use(string id, long quantity) => new(id, new(service), new(number), Stage.Today, Quantity.Of(quantity));
        (await buyer.Post("service-uses", Use("BC-1", 3))).ShouldBe(403, "forbidden");
        (await admin.Post("service-uses", Use("BC-1", 0))).ShouldBe(409, "refusal:quantity-out-of-range");
        (await admin.Post("service-uses", Use("BC-1", 3))).ShouldBe(201);
        (await admin.Post("service-uses", Use("BC-1", 4))).ShouldBe(409, "refusal:use-exists");
        (await admin.Post("service-uses", Use("BC-2", 2))).ShouldBe(201);
        await OnTheInvoice(buyer, number, "61.73");
        var reversal = $"service-uses/{service}/{number}/{Stage.Today:yyyy-MM-dd}";
        (await admin.Post($"{reversal}/BC-9/reversal", new Because("Recorded twice."))).ShouldBe(409, "refusal:use-unknown");
        (await admin.Post($"{reversal}/BC-2/reversal", new Because("Recorded twice."))).ShouldBe(200);
        await OnTheInvoice(buyer, number, "37.04");

        using var clerk = await stage.As(OrgRef.Of(new CooperativeId("SSC")), Roles.Clerk);
        var invoice = $"member-invoices/{number}/{Stage.Today:yyyy-MM}";
        (await clerk.Post($"{invoice}/issue", new IssueEntry($"I-{number}", Stage.Today, Stage.Today.AddDays(35)))).ShouldBe(200);
        (await clerk.Post($"{invoice}/payments", new Settlement("check 1", new(3_705), Stage.Today)))
            .ShouldBe(409, "refusal:payment-exceeds-balance");
        (await clerk.Post($"{invoice}/payments", new Settlement("check 1", new(3_704), Stage.Today))).ShouldBe(200);
        await Until.True(
            async () => (await buyer.Get("program-charges")).Items.All(c => (string?)c["settledBy"] == $"I-{number}"),
            "every charge hears that its invoice is paid");
    }

    private async Task OnTheInvoice(Caller caller, string member, string total) => await Until.True(async () =>
    {
        var heard = await caller.Get($"member-invoices/{member}/{Stage.Today:yyyy-MM}");
        return heard.Status == 200 && heard.Body!["total"].Dollars() == total;
    }, $"{member} is charged {total}");

    private Task<Caller> Admin() => stage.As(OrgRef.Of(new CooperativeId("SSC")), Roles.ProgramAdmin);

    private static async Task<string> Publish(Caller admin, ProgramKind kind, ProgramPricing pricing)
    {
        var program = Stage.New("SV");
        (await admin.Post("programs", new ProgramEntry(new(program), "A program", kind))).ShouldBe(201);
        (await admin.Put($"programs/{program}/pricing", pricing)).ShouldBe(200);
        (await admin.Post($"programs/{program}/publication", null)).ShouldBe(200);
        return program;
    }

    private async Task<(string Number, Caller Buyer)> Admit(MemberType type, MemberKind kind)
    {
        var number = Stage.New("M");
        (await stage.Staff.Post("members", new Member.Command.Admit(new(number), new("SSC"), new MemberFacts(
            $"{number} (demo)", type, kind, "Olmsted", MemberRules.Votes(type), type == MemberType.Education ? 900 : null)))).ShouldBe(201);
        return (number, await stage.As(OrgRef.Of(new MemberNo(number)), Roles.MemberBuyer));
    }
}
