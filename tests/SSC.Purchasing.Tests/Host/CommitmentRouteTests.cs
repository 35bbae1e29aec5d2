using Shouldly;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using Xunit;

namespace SSC.Purchasing.Tests.Host;

/// <summary>What there is no order for is not there; what an order refuses is a conflict.</summary>
public sealed class CommitmentRouteTests : IAsyncLifetime
{
    private ServiceOnMemory service = null!;

    public async ValueTask InitializeAsync() => service = await ServiceOnMemory.Start();

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task an_order_that_was_never_planned_is_not_found_whatever_a_member_asks_of_it()
    {
        using var staff = await service.Contracted("M-001");
        using var buyer = await service.Buyer("M-001");
        (await buyer.Commit("JO-none", "M-001", 40)).ShouldBe(404, "not-found");
        (await buyer.Delete("joint-orders/JO-none/commitments/M-001")).ShouldBe(404, "not-found");
        (await buyer.Post("joint-orders/JO-none/commitments/M-001/confirmation", null)).ShouldBe(404, "not-found");
        (await buyer.Post("joint-orders/JO-none/commitments/M-001/box-fill", new BoxFillEntry(new("M-001-HS"), 1, Quantity.Of(1))))
            .ShouldBe(404, "not-found");
        (await buyer.Post("joint-orders/JO-none/commitments/M-001/cpv-consideration", new EvidenceEntry("memo")))
            .ShouldBe(404, "not-found");

        await staff.Open("C-1", "JO-1");
        (await buyer.Post("joint-orders/JO-1/commitments/M-001/confirmation", null)).ShouldBe(409, "refusal:commitment-unknown");
        (await buyer.Commit("JO-1", "M-001", 40)).ShouldBe(200);
    }

    [Fact]
    public async Task equal_digits_in_two_charts_of_accounts_are_two_budgets()
    {
        using var approver = await service.As(OrgRef.Of(new MemberNo("M-001")), Roles.MemberApprover);
        const string line = "budgets/M-001/2027/101-41500-201";
        (await approver.Put(line, new BudgetAdoption("CITY", Money.FromDollars(500m)))).ShouldBe(200);
        (await approver.Get(line)).ShouldBe(404, "not-found");
        (await approver.Put(line, new BudgetAdoption("UFARS", Money.FromDollars(900m)))).ShouldBe(200);
        (await approver.Post($"{line}/amendment?scheme=CITY", new { amount = Usd("600.00"), reason = "levy" })).ShouldBe(200);
        (await approver.Get($"{line}?scheme=CITY")).ShouldBe(200).Body!["amount"]!["amount"]!.GetValue<string>().ShouldBe("600.00");
        (await approver.Get(line)).ShouldBe(200).Body!["amount"]!["amount"]!.GetValue<string>().ShouldBe("900.00");
        (await approver.Get("budgets?scheme=CITY")).ShouldBe(200).Body!["items"]!.AsArray().Count.ShouldBe(1);
        (await approver.Get($"{line}?scheme=a:b")).ShouldBe(400, "malformed");
    }

    private static object Usd(string amount) => new { amount, currency = "USD" };
}
