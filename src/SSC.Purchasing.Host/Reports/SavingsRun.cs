using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Fees;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Host.Reports;

/// <summary>Puts a member's savings together from what it paid and the terms its orders opened on.</summary>
internal static class SavingsRun
{
    private const int PageSize = 1_000;

    /// <summary>The report for purchases paid in a time; everything unless told.</summary>
    public static async Task<SavingsReport> Of(
        IEventStore store, IReadModels models, string tenant, MemberNo member, DateOnly? from, DateOnly? until, CancellationToken ct)
    {
        var sales = (await Rows(models, MemberPurchases.Instance, tenant, member, ct)).SelectMany(p => p.Sales)
            .Where(s => s.PaidOn >= (from ?? DateOnly.MinValue) && s.PaidOn <= (until ?? DateOnly.MaxValue)).ToList();
        var rebates = (await Rows(models, MemberRebates.Instance, tenant, member, ct))
            .Where(r => r.ReceivedOn >= (from ?? DateOnly.MinValue) && r.ReceivedOn <= (until ?? DateOnly.MaxValue))
            .Select(r => r.Share.Amount).Sum();
        var terms = new Dictionary<JointOrderId, OrderTerms>();
        foreach (var order in sales.Select(s => s.Order).Distinct())
        {
            var events = await store.ReadStream(tenant, $"{JointOrder.Category}-{order}", ct: ct);
            if (events.Aggregate(JointOrder.Initial, (s, e) => JointOrder.Evolve(s, (JointOrder.Event)e.Fact)).Terms is { } known)
                terms[order] = known;
        }

        return SavingsReport.Of(member, sales, rebates, terms);
    }

    private static async Task<List<TRow>> Rows<TRow>(
        IReadModels models, ReadModel<TRow> model, string tenant, MemberNo member, CancellationToken ct)
        where TRow : class
    {
        var rows = new List<TRow>();
        var query = new RowQuery
        {
            Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["member"] = member.Value }, Limit = PageSize,
        };
        IReadOnlyList<KeyedRow<TRow>> page;
        do
        {
            page = await models.List(model, tenant, query, ct);
            rows.AddRange(page.Select(r => r.Row));
            query = query with { After = page.Count == 0 ? null : page[^1].Key };
        }
        while (page.Count == PageSize);

        return rows;
    }
}
