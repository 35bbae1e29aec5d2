using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>
/// What a member is told about the orders it has committed to, in the order of the log: a system that keeps the cursor of its last page
/// misses nothing.
/// </summary>
internal static class NoticesApi
{
    private const int ScanPage = 500;
    private const int ScanPages = 20;
    private const int MostOrders = 10_000;

    public static void Map(ApiRoutes routes) => routes.Under("Members")
        .List<Notice>("/members/{memberNo}/notices", "What a member is told: cancelled, extended, declined, short, to be approved …", List)
        .For(Roles.MemberBuyer, Roles.MemberApprover, Roles.Coordinator).OfMember()
        .Says("Oldest first. A page can hold fewer items than `limit` and still have a `next`; the last page has none.")
        .Shows(() => new Page<Notice>(
            [
                new(4711, new(2026, 3, 6, 23, 0, 0, TimeSpan.Zero), new("JO-2026-paper"), NoticeKind.OrderCancelled,
                    "The order is cancelled and what was encumbered for it is released: the minimum was missed"),
            ],
            null));

    private static async Task<IResult> List(ApiRequest r)
    {
        var member = r.Id<MemberNo>("memberNo");
        var limit = (int)(r.Number("limit", 1, 1_000) ?? 100);
        if ((await r.NotYet(OrderParticipants.Instance) ?? await r.NotYet(MemberNotices.Instance)) is { } behind) return behind;
        var own = await Page(r, member.Value, r.Query("after"), limit + 1);
        var (common, horizon) = await Common(r, member, limit + 1);
        var merged = own.Concat(common).OrderBy(n => n.Key, StringComparer.Ordinal)
            .Where(n => horizon is null || string.CompareOrdinal(n.Key, horizon) <= 0).ToList();
        return Answer.Page(
            r, merged.Take(limit).Select(n => n.Row), merged.Count > limit ? merged[limit - 1].Key : horizon);
    }

    /// <summary>
    /// Notices to everyone in one of the member's orders, and how far the log was looked through when that was not to its end.
    /// </summary>
    private static async Task<(List<KeyedRow<Notice>> Found, string? Horizon)> Common(ApiRequest r, MemberNo member, int wanted)
    {
        var query = new RowQuery { Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["member"] = member.Value } };
        var rows = await r.Services.Models.List(
            OrderParticipants.Instance, r.Services.Tenant, query with { Limit = MostOrders }, r.Cancelled);
        var orders = rows.Select(p => p.Row.Order).ToHashSet();
        var (found, after) = (new List<KeyedRow<Notice>>(), r.Query("after"));
        for (var page = 0; page < ScanPages; page++)
        {
            var scanned = await Page(r, MemberNotices.Everyone, after, ScanPage);
            found.AddRange(scanned.Where(n => orders.Contains(n.Row.Order)));
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
