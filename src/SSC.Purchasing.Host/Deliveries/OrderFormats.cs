using System.Globalization;
using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Sagas;

namespace SSC.Purchasing.Host.Deliveries;

/// <summary>Joins the writers of Exchange with what members, sites and cooperatives are called, and with control numbers.</summary>
internal sealed class OrderFormats(Commands commands, IControlNumbers numbers, IReadOnlyList<IOrderWriter> writers) : IOrderFormats
{
    private const string DefaultState = "MN";

    /// <inheritdoc/>
    public bool Knows(string format) => string.Equals(format, IOrderFormats.Canonical, StringComparison.Ordinal)
        || writers.Any(w => string.Equals(w.Format, format, StringComparison.Ordinal));

    /// <inheritdoc/>
    public async Task<WrittenOrder?> Write(
        CommandContext context, OrderDocument document, int revision, string format, CancellationToken ct)
    {
        if (string.Equals(format, IOrderFormats.Canonical, StringComparison.Ordinal)) return CanonicalOrders.Of(document, revision);
        if (writers.FirstOrDefault(w => string.Equals(w.Format, format, StringComparison.Ordinal)) is not { } writer) return null;
        var parties = await Parties(context.Tenant, document, ct);
        var number = await numbers.Next(context.Tenant, document.Vendor, ct);
        var order = new OrderToWrite(document, revision, context.Now, parties, number);
        var name = string.Create(CultureInfo.InvariantCulture, $"{document.Number}-r{revision}.{writer.FileExtension}");
        return writer.WhyNot(order) is null ? new(writer.Format, writer.MediaType, name, writer.Write(order)) : null;
    }

    /// <summary>Everyone an order names, as they are called now; by their ids where nothing more is known.</summary>
    internal async Task<OrderParties> Parties(string tenant, OrderDocument document, CancellationToken ct)
    {
        var contract = (await commands.Load<Contract, Contract.Command, Contract.State, Contract.Event>(
            tenant, document.Contract.Value, true, ct)).State.File;
        var lead = contract?.Award.Lead ?? MinnesotaCooperatives.Home;
        var cooperative = (await commands.Load<Cooperative, Cooperative.Command, Cooperative.State, Cooperative.Event>(
            tenant, lead.Value, true, ct)).State as Cooperative.State.Registered;
        var vendor = (await commands.Load<Vendor, Vendor.Command, Vendor.State, Vendor.Event>(
            tenant, document.Vendor.Value, true, ct)).State.File;
        var (members, sites) = (new Dictionary<MemberNo, TradingParty>(), new Dictionary<SiteId, TradingParty>());
        foreach (var drops in document.Lines.SelectMany(l => l.Drops).GroupBy(d => d.Member))
        {
            var member = (await commands.Load<Member, Member.Command, Member.State, Member.Event>(
                tenant, drops.Key.Value, true, ct)).State as Member.State.Admitted;
            members[drops.Key] = Named(drops.Key.Value, member?.Facts.Name);
            foreach (var site in drops.Select(d => d.Site).Distinct())
            {
                sites[site] = member is not null && member.Sites.TryGetValue(site, out var known)
                    ? At(site, known.Facts)
                    : Named(site.Value, null);
            }
        }

        return new(
            Named(lead.Value, cooperative?.Facts.Name ?? MinnesotaCooperatives.Find(lead)?.Name),
            Named(document.Vendor.Value, vendor?.Name), members, sites);
    }

    private static TradingParty Named(string id, string? name) => new(id, name ?? id, [], string.Empty, DefaultState, string.Empty);

    private static TradingParty At(SiteId site, SiteFacts facts) =>
        new(site.Value, facts.Name, [.. facts.Address.Lines], facts.Address.City, facts.Address.State, facts.Address.Zip)
        {
            Instructions = facts.DockInstructions,
        };
}
