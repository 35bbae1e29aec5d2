using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Procurement.Fees;

/// <summary>What a member saved on one line of one order.</summary>
/// <param name="Order">Joint order.</param>
/// <param name="OrderLine">Line.</param>
/// <param name="Item">Item.</param>
/// <param name="Units">Units paid for, net of credits.</param>
/// <param name="AtList">The units at the first tier of the schedule on which the order opened: the price without any pooling.</param>
/// <param name="Alone">The units at the tier that the member's own units of the line reach.</param>
/// <param name="Paid">Goods paid, net of credits, without freight, fees and commodity credits.</param>
public sealed record SavingsLine(JointOrderId Order, int OrderLine, ItemNo Item, Quantity Units, Money AtList, Money Alone, Money Paid);

/// <summary>
/// What a member saved by pooling. Exactly: goods only, on both sides; units and amounts are those that were paid, net of credits, as the
/// fee ledgers have them; the base is the price schedule on which the order opened. <see cref="Saved"/> is what the same units would have
/// cost the member by itself, less what it paid, plus the rebates it received.
/// </summary>
/// <param name="Member">Member.</param>
/// <param name="Lines">By order and line.</param>
/// <param name="Rebates">Rebates received.</param>
public sealed record SavingsReport(MemberNo Member, StructuralList<SavingsLine> Lines, Money Rebates)
{
    /// <summary>Σ at list price.</summary>
    public Money AtList => Lines.Select(l => l.AtList).Sum();

    /// <summary>Σ at the prices of buying alone.</summary>
    public Money Alone => Lines.Select(l => l.Alone).Sum();

    /// <summary>Σ paid.</summary>
    public Money Paid => Lines.Select(l => l.Paid).Sum();

    /// <summary>Against the list price, with rebates.</summary>
    public Money SavedAgainstList => AtList - Paid + Rebates;

    /// <summary>Against buying alone, with rebates.</summary>
    public Money Saved => Alone - Paid + Rebates;

    /// <summary>Computes it from what was paid.</summary>
    /// <param name="member">Member.</param>
    /// <param name="sales">What it paid.</param>
    /// <param name="rebates">Rebates it received.</param>
    /// <param name="termsOf">The terms on which each order opened.</param>
    public static SavingsReport Of(
        MemberNo member, IEnumerable<PaidSale> sales, Money rebates, IReadOnlyDictionary<JointOrderId, OrderTerms> termsOf)
    {
        var lines =
            from sale in sales
            where sale.Member == member
            from line in sale.Lines
            group line by (sale.Order, line.OrderLine) into bought
            orderby bought.Key.Order, bought.Key.OrderLine
            let item = termsOf.TryGetValue(bought.Key.Order, out var terms) ? terms.Line(bought.Key.OrderLine)?.Item : null
            where item is not null
            let units = bought.Select(l => l.Units).Sum()
            select new SavingsLine(
                bought.Key.Order, bought.Key.OrderLine, item.Item, units, item.Tiers[0].Price.Extend(units),
                    item.PriceAt(units).Extend(units),
                bought.Select(l => l.Goods).Sum());
        return new(member, [.. lines], rebates);
    }
}

/// <summary>What a member paid at one time. Key: <c>{ledger}:{version}:{member}</c>. Indexes: member, contract.</summary>
/// <param name="Period">Contract and quarter.</param>
/// <param name="Sales">What it paid.</param>
public sealed record MemberPurchase(FeePeriod Period, StructuralList<PaidSale> Sales);

/// <summary>Every member's paid purchases, net of credits.</summary>
public sealed class MemberPurchases : ReadModel<MemberPurchase>
{
    /// <summary>The one instance.</summary>
    public static readonly MemberPurchases Instance = new();

    /// <inheritdoc/>
    public override string Name => "member_purchases";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<MemberPurchase>> Indexes { get; } =
        [new("member", r => r.Sales[0].Member.Value), new("contract", r => r.Period.Contract.Value)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) =>
        e.Fact is FeeLedger.Event.Accrued f ? f.Sales.Select(s => KeyOf(e, s.Member)).Distinct(StringComparer.Ordinal) : [];

    /// <inheritdoc/>
    public override MemberPurchase? Apply(string key, MemberPurchase? row, RecordedEvent e)
    {
        var fact = (FeeLedger.Event.Accrued)e.Fact;
        return new(fact.Period, [.. fact.Sales.Where(s => KeyOf(e, s.Member) == key)]);
    }

    private static string KeyOf(RecordedEvent e, MemberNo member) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{e.KeyIn(FeeLedger.Category)}:{e.Version}:{member}");
}
