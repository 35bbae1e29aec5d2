using SSC.Purchasing.Exchange.Cxml;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>
/// Everyone that a document names, as they are called now: from their own streams, so that an order that is written in the moment it is
/// issued waits for no read model. Who is not known is named by its id. The identities that were agreed for a vendor's shop are
/// those of its orders too (decision record 56).
/// </summary>
/// <param name="commands">The store.</param>
public sealed class PartiesOfOrders(Commands commands)
{
    /// <summary>The parties of an order.</summary>
    public async Task<OrderParties> Of(string tenant, OrderDocument document, CancellationToken ct)
    {
        var members = new Dictionary<MemberNo, TradingParty>();
        var places = new Dictionary<(MemberNo Member, SiteId Site), TradingParty>();
        foreach (var drops in document.Lines.SelectMany(l => l.Drops).GroupBy(d => d.Member).OrderBy(g => g.Key))
        {
            var member = await Member(tenant, drops.Key, ct);
            members[drops.Key] = Named(drops.Key.Value, member?.Facts.Name);
            foreach (var site in drops.Select(d => d.Site).Distinct())
            {
                if (member is not null && member.Sites.TryGetValue(site, out var known)) places[(drops.Key, site)] = At(site, known.Facts);
            }
        }

        var vendor = await Vendor(tenant, document.Vendor, ct);
        return new(
            await Buyer(tenant, document.JointOrder, ct) with { Credential = Agreed(vendor?.PunchOut?.Buyer) },
            Named(document.Vendor.Value, vendor?.Name) with { Credential = Agreed(vendor?.PunchOut?.Supplier) }, members,
            places.GroupBy(s => s.Key.Site).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.Single().Value))
        {
            MemberSites = places,
        };
    }

    /// <summary>The cooperative that leads a joint order.</summary>
    public async Task<TradingParty> Buyer(string tenant, JointOrderId order, CancellationToken ct)
    {
        var pooled = (await commands.Load<JointOrder, JointOrder.Command, JointOrder.State, JointOrder.Event>(
            tenant, order.Value, true, ct)).State;
        var lead = pooled.Terms?.Lead ?? MinnesotaCooperatives.Home;
        var cooperative = (await commands.Load<Cooperative, Cooperative.Command, Cooperative.State, Cooperative.Event>(
            tenant, lead.Value, true, ct)).State as Cooperative.State.Registered;
        return Named(lead.Value, cooperative?.Facts.Name ?? MinnesotaCooperatives.Find(lead)?.Name);
    }

    /// <summary>A vendor.</summary>
    public async Task<TradingParty> Seller(string tenant, VendorId vendor, CancellationToken ct) =>
        Named(vendor.Value, (await Vendor(tenant, vendor, ct))?.Name);

    /// <summary>A site of a member, or a site of nobody's (a central one) by its id.</summary>
    public async Task<TradingParty> Site(string tenant, MemberNo? owner, SiteId site, CancellationToken ct) =>
        owner is { } no && await Member(tenant, no, ct) is { } member && member.Sites.TryGetValue(site, out var known)
            ? At(site, known.Facts)
            : Named(site.Value, null);

    private async Task<VendorFile?> Vendor(string tenant, VendorId vendor, CancellationToken ct) =>
        (await commands.Load<Vendor, Vendor.Command, Vendor.State, Vendor.Event>(tenant, vendor.Value, true, ct)).State.File;

    private static CxmlCredential? Agreed(TradingIdentity? identity) => identity is null ? null : new(identity.Domain, identity.Identity);

    private async Task<Member.State.Admitted?> Member(string tenant, MemberNo no, CancellationToken ct) =>
        (await commands.Load<Member, Member.Command, Member.State, Member.Event>(tenant, no.Value, true, ct)).State
            as Member.State.Admitted;

    private static TradingParty Named(string id, string? name) => new(id, name ?? id, [], string.Empty, string.Empty, string.Empty);

    private static TradingParty At(SiteId site, SiteFacts facts) =>
        new(site.Value, facts.Name, [.. facts.Address.Lines], facts.Address.City, facts.Address.State, facts.Address.Zip)
        {
            Instructions = facts.DockInstructions,
        };
}
