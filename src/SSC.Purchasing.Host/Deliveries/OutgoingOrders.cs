using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Exchange.X12;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>
/// Purchase orders as writers need them: the document of a revision from its own event, everyone it names from the read models. The
/// control number of a revision is the position of that event in the log: it is never used twice, for any vendor, and writing the same
/// revision again gives the same number (decision 0022).
/// </summary>
public static class OutgoingOrders
{
    private const int MostSites = 1_000;

    /// <summary>A revision of an order, the latest when none is named; null when there is none.</summary>
    /// <param name="store">The log.</param>
    /// <param name="models">The read side.</param>
    /// <param name="tenant">The operator's store.</param>
    /// <param name="key">Key of the order, <c>{joint order}:{vendor}</c>.</param>
    /// <param name="revision">1 and up.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<OrderToWrite?> Find(
        IEventStore store, IReadModels models, string tenant, string key, int? revision, CancellationToken ct)
    {
        var stream = Commands.StreamOf<PurchaseOrder, PurchaseOrder.Command, PurchaseOrder.State, PurchaseOrder.Event>(key);
        var revisions = (await store.ReadStream(tenant, stream, ct: ct)).Select(e => (Event: e, Written: Written(e.Fact)))
            .Where(e => e.Written is not null && (revision is null || e.Written.Value.Revision == revision)).ToList();
        if (revisions.Count == 0) return null;
        var (recorded, written) = revisions[^1];
        var document = written!.Value.Document;
        var control = ((recorded.Position - 1) % X12Envelope.MaxControlNumber) + 1;
        return new(document, written.Value.Revision, recorded.At, await Parties(models, tenant, document, ct), control);
    }

    /// <summary>Everyone an order names. What no read model knows is named by its id.</summary>
    public static async Task<OrderParties> Parties(IReadModels models, string tenant, OrderDocument document, CancellationToken ct)
    {
        var lead = (await models.Find(JointOrderBoard.Instance, tenant, document.JointOrder.Value, ct))?.Lead ?? MinnesotaCooperatives.Home;
        var buyer = await models.Find(Modules.Cooperatives, tenant, lead.Value, ct);
        var seller = await models.Find(Modules.Vendors, tenant, document.Vendor.Value, ct);
        var members = new Dictionary<MemberNo, TradingParty>();
        var sites = new Dictionary<(MemberNo Member, SiteId Site), TradingParty>();
        foreach (var member in document.Lines.SelectMany(l => l.Drops).Select(d => d.Member).Distinct().Order())
        {
            members[member] = Named(member.Value, (await models.Find(Modules.Members, tenant, member.Value, ct))?.Facts.Name);
            foreach (var site in await SitesOf(models, tenant, member, ct)) sites[(member, site.Site)] = Place(site);
        }

        var used = document.Lines.SelectMany(l => l.Drops).Select(d => (d.Member, d.Site)).ToHashSet();
        var named = sites.Where(s => used.Contains(s.Key)).ToDictionary();
        return new(
            Named(lead.Value, buyer?.Name ?? MinnesotaCooperatives.All.FirstOrDefault(c => c.Id == lead)?.Name),
            Named(document.Vendor.Value, seller?.File.Name), members,
            named.GroupBy(s => s.Key.Site).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.Single().Value))
        {
            MemberSites = named,
        };
    }

    private static (OrderDocument Document, int Revision)? Written(object fact) => fact switch
    {
        PurchaseOrder.Event.Issued e => (e.Document, e.Revision),
        PurchaseOrder.Event.Revised e => (e.Document, e.Revision),
        _ => null,
    };

    private static async Task<IEnumerable<SiteRow>> SitesOf(IReadModels models, string tenant, MemberNo member, CancellationToken ct)
    {
        var query = new RowQuery
        {
            Where = new Dictionary<string, string>(StringComparer.Ordinal) { ["member"] = member.Value }, Limit = MostSites,
        };
        return (await models.List(Modules.Sites, tenant, query, ct)).Select(s => s.Row);
    }

    private static TradingParty Named(string id, string? name) => new(id, name ?? id, [], string.Empty, string.Empty, string.Empty);

    private static TradingParty Place(SiteRow site)
    {
        var facts = site.Facts;
        return new(site.Site.Value, facts.Name, facts.Address.Lines, facts.Address.City, facts.Address.State, facts.Address.Zip)
        {
            Instructions = facts.DockInstructions,
        };
    }
}
