using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>That a member has goods in a delivery.</summary>
/// <param name="Delivery">Key of the delivery.</param>
/// <param name="Member">The member.</param>
/// <param name="JointOrder">Joint order.</param>
/// <param name="Vendor">Vendor.</param>
/// <param name="Site">Site: the member's own, or a central one.</param>
public sealed record DeliveryShare(string Delivery, MemberNo Member, JointOrderId JointOrder, VendorId Vendor, SiteId Site);

/// <summary>
/// Who has goods in which delivery, central ones included, by <c>{delivery}:{member}</c>; by member, joint order, vendor and site. A member
/// that has no goods in it since a revision stays listed: the delivery itself says whose it is now.
/// </summary>
public sealed class DeliveryShares : ReadModel<DeliveryShare>
{
    /// <inheritdoc/>
    public override string Name => "delivery_shares";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<DeliveryShare>> Indexes { get; } =
    [
        new("member", r => r.Member.Value),
        new("joint_order", r => r.JointOrder.Value),
        new("vendor", r => r.Vendor.Value),
        new("site", r => r.Site.Value),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e)
    {
        if (e.Type is not ("delivery_expected" or "delivery_expectation_revised") || e.KeyIn(Delivery.Category) is not { } key) return [];
        var expectation = e.Fact switch
        {
            Delivery.Event.Expected f => f.Expectation,
            Delivery.Event.ExpectationRevised f => f.Expectation,
            _ => null,
        };
        return expectation is null
            ? [] : expectation.Lines.SelectMany(l => l.Shares).Select(s => s.Member).Distinct().Select(m => $"{key}:{m}");
    }

    /// <inheritdoc/>
    public override DeliveryShare? Apply(string key, DeliveryShare? row, RecordedEvent e)
    {
        var (delivery, fact) = (e.KeyIn(Delivery.Category)!, (Delivery.Event)e.Fact);
        return new(delivery, new(key[(delivery.Length + 1)..]), fact.JointOrder, fact.Vendor, fact.Site);
    }
}
