using Shouldly;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Tests.Host;

/// <summary>What a scenario over HTTP starts from, on the store that lives in memory: a paper contract, members, open orders.</summary>
internal static class Counter
{
    public static readonly DateOnly Today = BusinessCalendar.LocalDate(DateTimeOffset.UtcNow);

    public static readonly AccountCode Supplies = AccountCode.TryParse("UFARS", "01-005-203-000-401-000")!;

    /// <summary>The coordinator of a cooperative that has awarded the contract C-1, which some members have joined.</summary>
    public static async Task<Caller> Contracted(this ServiceOnMemory service, params string[] members)
    {
        var staff = await service.Coordinator();
        await staff.Award("C-1");
        foreach (var member in members) await staff.Join("C-1", member);
        return staff;
    }

    /// <summary>A contract for copy paper: cartons in cases of 40 at $41.90.</summary>
    public static async Task Award(this Caller staff, string contract, string cooperative = "SSC", string vendor = "V-paper")
    {
        (await staff.Post("contracts", new ContractAward(
            new(contract),
            new(new(vendor), new(cooperative), new(AuthorityKind.JointPowersBid, "Minn. Stat. 471.345 subd. 15(b); 471.59"),
                Today.AddDays(-30), Today.AddYears(1), new("RFB 2026-04", Today.AddDays(-90), Today.AddDays(-60), 4)),
            new("Copy paper", ContractScope.Statewide, new(FeePayer.Vendor, 150), BillingMode.VendorDirect, new("FOB destination")))))
            .ShouldBe(201);
        (await staff.Post($"contracts/{contract}/price-schedules", new SchedulePublication(new(1, Today,
        [
            new(new("PAPER-20LB"), "Copy paper", "XCT", Quantity.Of(40), Quantity.Of(1),
                [new(Quantity.Zero, UnitPrice.FromDollars(41.90m))]),
        ])))).ShouldBe(201);
    }

    /// <summary>A district with a site and an agreement.</summary>
    public static async Task Join(this Caller staff, string contract, string member, string cooperative = "SSC")
    {
        (await staff.Post("members", new Member.Command.Admit(
            new(member), new(cooperative), new("A district", MemberType.Education, MemberKind.SchoolDistrict, "Olmsted", true))))
            .ShouldBe(201);
        (await staff.Post($"members/{member}/sites", new Member.Command.AddSite(
            new($"{member}-HS"), new("High School", new(["100 Main Street"], "Rochester", "55901"))))).ShouldBe(201);
        (await staff.Put($"contracts/{contract}/participations/{member}",
            new AgreementEntry(Today.AddDays(-10), ContractScope.Statewide, Today.AddDays(-10)))).ShouldBe(200);
    }

    /// <summary>An order of paper, open for a day.</summary>
    public static async Task Open(this Caller staff, string contract, string order, string lead = "SSC", OrderPolicies? policies = null)
    {
        (await staff.Post("joint-orders", new OrderPlanEntry(
            new(order), "Copy paper", new(contract), new(lead), OrderScope.Cooperative,
            [new(1, new("PAPER-20LB"), AllocationPolicy.ProRata, null)], DateTimeOffset.UtcNow.AddDays(1), policies))).ShouldBe(201);
        (await staff.Post($"joint-orders/{order}/opening", null)).ShouldBe(200);
    }

    public static Task<Heard> Commit(this Caller buyer, string order, string member, long quantity, AccountCode? account = null) =>
        buyer.Put($"joint-orders/{order}/commitments/{member}", new CommitmentEntry(
            [new(1, new($"{member}-HS"), Quantity.Of(quantity), Quantity.Zero, [new(account ?? Supplies, AccountSplit.Whole)])]));
}
