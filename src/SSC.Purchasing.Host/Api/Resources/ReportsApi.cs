using SSC.Purchasing.Audit;
using SSC.Purchasing.Host.Reports;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Fees;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>What members saved, what would have been otherwise, and what an auditor should look at.</summary>
internal static class ReportsApi
{
    public static void Map(ApiRoutes routes)
    {
        routes.Under("Savings").Get<SavingsReport>("/savings/{memberNo}", "What a member saved by pooling", Savings).OfMember()
            .Says("Goods that were paid, net of credits: at the first tier, at the tier the member reaches alone, and as paid; plus "
                + "rebates.")
            .Takes("from", "Only paid on or after this day.").Takes("until", "Only paid on or before this day.");
        routes.Under("What if").Get<WhatIfReport>("/whatif", "Past orders through another schedule, tier, vendor or policy", Ask)
            .For(Roles.Coordinator, Roles.Operator)
            .Says("Records nothing. The same rules run on the commitments as they counted, with one thing changed.")
            .Takes("orders", "Joint orders, comma-separated; or").Takes("contract", "all orders of this contract,")
            .Takes("from", "with a cutoff on or after this day,").Takes("until", "and on or before this day.")
            .Takes("prices", "Another schedule, `{contract}@{version}`, also another vendor's.")
            .Takes("asIfPooled", "Prices as if so many units had been pooled on every line.")
            .Takes("policy", "Another allocation policy, e.g. `firstCome`.")
            .Refuses("nothing-changed", "orders-missing", "schedule-unknown", "too-many-orders");
        routes.Under("Audit").Get<FindingsReport>("/audit/findings", "What an auditor should look at, with the rules it is measured by",
            Audit)
            .For(Roles.Operator, Roles.Coordinator)
            .Says("Missing evidence, split purchases, late payments, unfinished work. Reads the log; records nothing.")
            .Takes("asOf", "RFC 3339 time or log position: only what was recorded by then.")
            .Takes("day", "Day to judge open matters by; the day of the last event unless told.");
    }

    private static async Task<IResult> Savings(ApiRequest r) => Answer.View(await SavingsRun.Of(
        r.Services.Commands.Store, r.Services.Models, r.Services.Tenant, r.Id<MemberNo>("memberNo"), r.Day("from"), r.Day("until"),
        r.Cancelled));

    private static async Task<IResult> Ask(ApiRequest r)
    {
        var (report, no) = await WhatIfRun.Ask(
            r.Services.Commands.Store, r.Services.Commands, r.Services.Models, r.Services.Tenant,
            new()
            {
                Orders = r.Query("orders")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
                Contract = r.Query("contract"),
                From = r.Day("from"),
                Until = r.Day("until"),
                Prices = r.Query("prices"),
                AsIfPooled = r.Number("asIfPooled", 0, 1_000_000_000) is { } units ? Quantity.Of(units) : null,
                Policy = r.Word<AllocationPolicy>("policy"),
            },
            r.Cancelled);
        return no is null ? Answer.View(report) : Answer.Problem(Problem.Refused(no));
    }

    private static async Task<IResult> Audit(ApiRequest r) => Answer.View(
        await new AuditFindings(r.Services.Commands.Store, Modules.Detectors).Run(
            r.Services.Tenant, await r.Moment("asOf"), r.Day("day"), r.Cancelled));
}
