using SSC.Purchasing.InsurancePool.ReadModels;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>
/// What a member is told about its orders, pools, programs, invoices and board, in the order of the log: a system that keeps the cursor of
/// its last page misses nothing.
/// </summary>
internal static class NoticesApi
{
    private const int ScanPage = 500;
    private const int ScanPages = 20;
    private const int MostOrders = 10_000;

    public static void Map(ApiRoutes routes) => routes.Under("Members")
        .List<Notice>("/members/{memberNo}/notices", "What a member is told about its orders, pools, programs, invoices and board", List)
        .For(Roles.MemberBuyer, Roles.MemberApprover, Roles.Coordinator).OfMember()
        .Says("Oldest first. A page can hold fewer items than `limit` and still have a `next`; the last page has none.")
        .Shows(() => new Page<Notice>(
            [
                new(4711, new(2026, 3, 6, 23, 0, 0, TimeSpan.Zero), NoticeKind.OrderCancelled,
                    "The order is cancelled and what was encumbered for it is released: the minimum was missed")
                {
                    Order = new("JO-2026-paper"), About = "joint-order-JO-2026-paper",
                },
                new(4802, new(2026, 3, 10, 14, 0, 0, TimeSpan.Zero), NoticeKind.RenewalReminded,
                    "Reminder 1: pool SCHOOL waits for an answer to its offer for 2026.")
                {
                    Member = new("M-001"), Pool = new("SCHOOL"), About = "renewal-offer-SCHOOL:2026:M-001",
                },
            ],
            null));

    private static async Task<IResult> List(ApiRequest r)
    {
        var member = r.Id<MemberNo>("memberNo");
        var limit = (int)(r.Number("limit", 1, 1_000) ?? 100);
        if ((await r.NotYet(OrderParticipants.Instance) ?? await r.NotYet(PoolModels.Participants)
            ?? await r.NotYet(MemberNotices.Instance)) is { } behind)
            return behind;
        var own = new List<KeyedRow<Notice>>();
        foreach (var audience in await Audiences(r, member)) own.AddRange(await Page(r, audience, r.Query("after"), limit + 1));
        var (common, horizon) = await Common(r, member, limit + 1);
        var merged = own.Concat(common).OrderBy(n => n.Key, StringComparer.Ordinal)
            .Where(n => horizon is null || string.CompareOrdinal(n.Key, horizon) <= 0).ToList();
        return Answer.Page(
            r, merged.Take(limit).Select(n => n.Row), merged.Count > limit ? merged[limit - 1].Key : horizon);
    }

    /// <summary>The member itself, its cooperative and the pools that it is or was in.</summary>
    private static async Task<IReadOnlyList<string>> Audiences(ApiRequest r, MemberNo member)
    {
        var home = await r.Services.Models.Find(Modules.Members, r.Services.Tenant, member.Value, r.Cancelled);
        var pools = await r.Services.Models.List(
            PoolModels.Participants, r.Services.Tenant, Of(member) with { Limit = MostOrders }, r.Cancelled);
        return
        [
            member.Value, .. home is null ? [] : (string[])[MemberNotices.OfCooperative(home.Cooperative)],
            .. pools.Where(p => p.Row.EffectiveOn is not null).Select(p => MemberNotices.OfPool(p.Row.Pool.Value)),
        ];
    }

    private static RowQuery Of(MemberNo member) =>
        new() { Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["member"] = member.Value } };

    /// <summary>
    /// Notices to everyone in one of the member's orders, and how far the log was looked through when that was not to its end.
    /// </summary>
    private static async Task<(List<KeyedRow<Notice>> Found, string? Horizon)> Common(ApiRequest r, MemberNo member, int wanted)
    {
        var rows = await r.Services.Models.List(
            OrderParticipants.Instance, r.Services.Tenant, Of(member) with { Limit = MostOrders }, r.Cancelled);
        var orders = rows.Select(p => p.Row.Order).ToHashSet();
        var (found, after) = (new List<KeyedRow<Notice>>(), r.Query("after"));
        for (var page = 0; page < ScanPages; page++)
        {
            var scanned = await Page(r, MemberNotices.Everyone, after, ScanPage);
            found.AddRange(scanned.Where(n => n.Row.Order is { } order && orders.Contains(order)));
            if (scanned.Count < ScanPage) return (found, null);
            after = scanned[^1].Key;
            if (found.Count >= wanted) break;
        }

        return (found, after);
    }

    private static Task<IReadOnlyList<KeyedRow<Notice>>> Page(ApiRequest r, string audience, string? after, int limit) =>
        r.Services.Models.List(
            MemberNotices.Instance, r.Services.Tenant,
            new RowQuery
            {
                Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["audience"] = audience },
                After = after,
                Limit = limit,
            },
            r.Cancelled);
}
