using System.Text.Json.Serialization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Procurement.Fees;

/// <summary>What was paid of one order line; negative for what was credited.</summary>
/// <param name="OrderLine">Line of the purchase order.</param>
/// <param name="Item">Item.</param>
/// <param name="FederalFood">Food paid from a federal child nutrition account (7 CFR 210.21).</param>
/// <param name="Units">Units.</param>
/// <param name="Goods">Goods, without freight, tax and fees.</param>
public sealed record SaleLine(int OrderLine, ItemNo Item, bool FederalFood, Quantity Units, Money Goods);

/// <summary>What one member paid on one invoice at one time.</summary>
/// <param name="Invoice">Key of the invoice.</param>
/// <param name="OrderNumber">Number of the purchase order.</param>
/// <param name="Order">Joint order.</param>
/// <param name="Member">Who bought: the account of the day of the purchase, whatever became of the member since.</param>
/// <param name="PaidOn">Day of the payment or credit.</param>
/// <param name="Lines">By order line.</param>
public sealed record PaidSale(
    string Invoice, string OrderNumber, JointOrderId Order, MemberNo Member, DateOnly PaidOn, StructuralList<SaleLine> Lines)
{
    /// <summary>Σ goods.</summary>
    [JsonIgnore]
    public Money Goods => Lines.Select(l => l.Goods).Sum();

    internal bool IsWellFormed() => Id.IsKey(Invoice) && PlainText.IsWellFormed(OrderNumber, 50) && Id.IsWellFormed(Order.Value)
        && Id.IsWellFormed(Member.Value) && Lines.Count > 0 && Lines.All(l => Id.IsWellFormed(l.Item.Value));
}

/// <summary>A vendor's report of what it sold under a contract in a quarter.</summary>
/// <param name="Number">The vendor's number of it, 1–50 characters.</param>
/// <param name="ReportedOn">Day it was received.</param>
/// <param name="Rows">Sales; none for a report of no sales.</param>
/// <param name="Fee">Fee that the vendor reckons it owes.</param>
/// <param name="SourceHash">SHA-256 of the file, lower-case hexadecimal; null when it came as JSON.</param>
public sealed record VendorReport(string Number, DateOnly ReportedOn, StructuralList<ReportedSale> Rows, Money Fee,
    string? SourceHash = null)
{
    private const int MaxRows = 20_000;

    internal bool IsWellFormed() => PlainText.IsWellFormed(Number, 50) && Rows.Count <= MaxRows && FeeRules.IsAmount(Fee)
        && (SourceHash is null || PlainText.IsSha256(SourceHash)) && Rows.All(r => r.IsWellFormed());
}

/// <summary>One row of a vendor's report. What a row leaves out it covers as a whole.</summary>
/// <param name="Row">Row number in the file, or its place in the list.</param>
/// <param name="OrderNumber">Number of the purchase order.</param>
/// <param name="Member">Member; null for all members of the order.</param>
/// <param name="Item">Item; null for all items.</param>
/// <param name="Units">Units, where reported.</param>
/// <param name="Sales">Net sales.</param>
public sealed record ReportedSale(int Row, string OrderNumber, MemberNo? Member, ItemNo? Item, Quantity? Units, Money Sales)
{
    internal bool IsWellFormed() => PlainText.IsWellFormed(OrderNumber, 50) && FeeRules.IsAmount(Sales)
        && (Member is not { } member || Id.IsWellFormed(member.Value)) && (Item is not { } item || Id.IsWellFormed(item.Value))
        && Units is null or { Thousandths: >= 0 and <= 1_000_000_000_000 };
}

/// <summary>How a report differs from what was paid.</summary>
public enum FeeFindingKind
{
    /// <summary>Less was reported than was paid.</summary>
    UnderReported,

    /// <summary>More was reported than was paid.</summary>
    OverReported,

    /// <summary>Nothing is known of a reported sale.</summary>
    Unknown,

    /// <summary>A sale that was paid is not in the report.</summary>
    NotReported,

    /// <summary>The fee reported is not the one that is due.</summary>
    FeeDiffers,

    /// <summary>The units reported are neither those received nor those paid, nor between the two.</summary>
    UnitsDiffer,
}

/// <summary>One difference.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="OrderNumber">Purchase order; null for the fee as a whole.</param>
/// <param name="Member">Member, where the row names one.</param>
/// <param name="Item">Item, where the row names one.</param>
/// <param name="Reported">What the vendor says.</param>
/// <param name="Paid">What was paid (or is due).</param>
public sealed record FeeFinding(FeeFindingKind Kind, string? OrderNumber, MemberNo? Member, ItemNo? Item, Money Reported, Money Paid)
{
    /// <summary>The units, of <see cref="FeeFindingKind.UnitsDiffer"/>.</summary>
    public UnitsCompared? Units { get; init; }
}

/// <summary>A member's part of a rebate.</summary>
/// <param name="Member">Account it belongs to.</param>
/// <param name="FederalFood">True for the part that goes to the nonprofit food service account (7 CFR 210.21).</param>
/// <param name="Purchases">Net purchases it was reckoned on.</param>
/// <param name="Amount">The part; nothing where later credits took back all that was bought.</param>
public sealed record RebateShare(MemberNo Member, bool FederalFood, Money Purchases, Money Amount)
{
    /// <summary>Credits on purchases of an earlier quarter that were taken off here.</summary>
    public Money Credited { get; init; }
}

/// <summary>
/// Fees, comparisons and rebates: pure. Version 2 compares units too, takes later credits off a rebate's base, and takes no sale below
/// nothing; before it, reports were compared by amounts alone, a rebate was reckoned on its own quarter alone, and credits beyond an unpaid
/// bill lowered what was sold.
/// </summary>
public static class FeeRules
{
    /// <summary>Version of these rules; stored with every decision.</summary>
    public const int CurrentVersion = 2;

    /// <summary>From this version on a rebate is lowered by credits that other quarters' ledgers have.</summary>
    internal const int NetsLaterCredits = 2;

    /// <summary>From this version on the units of a report are compared with what was received.</summary>
    internal const int ComparesUnits = 2;

    /// <summary>From this version on what was paid net of credits is never below nothing.</summary>
    internal const int SellsNothingBelowZero = 2;

    /// <summary>
    /// The fee on a sale: a percentage of the goods and an amount per unit, rounded once. Federally funded food carries no percentage that
    /// a member pays: it would be a cost plus percentage of cost (7 CFR 210.21, 2 CFR 200.324).
    /// </summary>
    public static Money FeeOn(PaidSale sale, FeeTerms terms)
    {
        var goods = sale.Lines.Where(l => !l.FederalFood || !terms.IsMemberPaidPercentage()).Select(l => l.Goods).Sum();
        var units = sale.Lines.Select(l => l.Units).Sum();
        var perUnit = (terms.PerUnit ?? Money.Zero).Dollars * units.Units;
        return Money.Round((goods.Dollars * terms.BasisPoints / AccountSplit.Whole) + perUnit);
    }

    /// <summary>
    /// Compares a report with what was paid: each row with the sales it covers, the most particular rows first, then what no row covers,
    /// then the fee. Units that a row states are compared with what was received and kept.
    /// </summary>
    /// <param name="sales">What was paid.</param>
    /// <param name="report">What the vendor says.</param>
    /// <param name="feeDue">Fees accrued.</param>
    /// <param name="received">What was received of the orders that the report states units of; null to compare amounts alone.</param>
    public static StructuralList<FeeFinding> Reconcile(
        IEnumerable<PaidSale> sales, VendorReport report, Money feeDue, StructuralList<KeptUnits>? received)
    {
        var paid = sales.SelectMany(s => s.Lines, (s, l) => new Sold(s.OrderNumber, s.Member, l.Item, l.Goods, l.Units))
            .GroupBy(s => (s.Order, s.Member, s.Item))
            .Select(g => g.First() with { Goods = g.Select(s => s.Goods).Sum(), Units = g.Select(s => s.Units).Sum() })
            .OrderBy(s => s.Order, StringComparer.Ordinal).ThenBy(s => s.Member).ThenBy(s => s.Item).ToList();
        var findings = new List<FeeFinding>();
        var rows = report.Rows.GroupBy(r => (r.OrderNumber, r.Member, r.Item))
            .OrderByDescending(g => (g.Key.Member is null ? 0 : 1) + (g.Key.Item is null ? 0 : 1)).ThenBy(g => g.Min(r => r.Row));
        foreach (var row in rows)
        {
            bool Covers(string order, MemberNo member, ItemNo item) => order == row.Key.OrderNumber
                && (row.Key.Member is not { } m || m == member) && (row.Key.Item is not { } i || i == item);

            var covered = paid.Where(s => Covers(s.Order, s.Member, s.Item)).ToList();
            foreach (var sold in covered) paid.Remove(sold);
            var (reported, was) = (row.Select(r => r.Sales).Sum(), covered.Select(s => s.Goods).Sum());
            if (received is { } there && covered.Count > 0 && row.Any(r => r.Units is not null))
            {
                var units = new UnitsCompared(
                    row.Select(r => r.Units ?? Quantity.Zero).Sum(), covered.Select(s => s.Units).Sum(),
                    there.Where(u => Covers(u.OrderNumber, u.Member, u.Item)).Select(u => u.Units).Sum());
                if (!units.Agree)
                {
                    findings.Add(new(
                        FeeFindingKind.UnitsDiffer, row.Key.OrderNumber, row.Key.Member, row.Key.Item, reported, was) { Units = units });
                }
            }

            if (reported == was) continue;
            var kind = covered.Count == 0 ? FeeFindingKind.Unknown
                : reported < was ? FeeFindingKind.UnderReported : FeeFindingKind.OverReported;
            findings.Add(new(kind, row.Key.OrderNumber, row.Key.Member, row.Key.Item, reported, was));
        }

        findings.AddRange(paid.Where(s => s.Goods != Money.Zero)
            .Select(s => new FeeFinding(FeeFindingKind.NotReported, s.Order, s.Member, s.Item, Money.Zero, s.Goods)));
        if (report.Fee != feeDue) findings.Add(new(FeeFindingKind.FeeDiffers, null, null, null, report.Fee, feeDue));
        return [.. findings];
    }

    /// <summary>
    /// Shares a rebate by net purchases, largest remainder, ties to the lower member number. Federally funded food has shares of its own,
    /// so that it always gets its rebate. What was bought in the quarter counts less the credits that are still to be taken off; a member
    /// of whose purchases nothing is left is named with nothing.
    /// </summary>
    /// <param name="amount">The rebate.</param>
    /// <param name="sales">What was paid and credited in the quarter.</param>
    /// <param name="credits">What is still to be taken off: <see cref="RebateCredits.Open"/>.</param>
    public static StructuralList<RebateShare> ShareRebate(
        Money amount, IEnumerable<PaidSale> sales, IEnumerable<RebateCredit> credits)
    {
        var open = credits.ToDictionary(c => (c.Member, c.FederalFood), c => c.Amount);
        var bought = NetByInvoice(sales).Where(n => n.Goods > Money.Zero).GroupBy(n => (n.Member, n.FederalFood), n => n.Goods)
            .OrderBy(g => g.Key.Member).ThenBy(g => g.Key.FederalFood)
            .Select(g => (g.Key, Goods: g.Sum(), Credit: open.GetValueOrDefault(g.Key)))
            .Select(b => (b.Key, b.Goods, Credited: b.Credit < b.Goods ? b.Credit : b.Goods)).ToList();
        var kept = bought.Where(b => b.Goods > b.Credited).ToList();
        if (kept.Count == 0) return [];
        var shares = kept.Zip(LargestRemainder.Share(amount, [.. kept.Select(b => (b.Goods - b.Credited).Cents)]))
            .ToDictionary(s => s.First.Key, s => s.Second);
        return
        [
            .. bought.Select(b => new RebateShare(
                b.Key.Member, b.Key.FederalFood, b.Goods - b.Credited, shares.GetValueOrDefault(b.Key)) { Credited = b.Credited }),
        ];
    }

    /// <summary>
    /// What a quarter's sales come to by invoice, member and food: below zero where purchases of earlier quarters came back.
    /// </summary>
    internal static IEnumerable<(string Invoice, MemberNo Member, bool FederalFood, Money Goods)> NetByInvoice(
        IEnumerable<PaidSale> sales) => sales
            .SelectMany(s => s.Lines, (s, l) => (s.Invoice, s.Member, l.FederalFood, l.Goods))
            .GroupBy(s => (s.Invoice, s.Member, s.FederalFood), s => s.Goods)
            .Select(g => (g.Key.Invoice, g.Key.Member, g.Key.FederalFood, g.Sum()));

    /// <summary>As rule version 1 shared a rebate: by the net of its own quarter's ledger, whatever other quarters say.</summary>
    internal static StructuralList<RebateShare> ShareRebateByQuarterAlone(Money amount, IEnumerable<PaidSale> sales)
    {
        var purchases = sales.SelectMany(s => s.Lines, (s, l) => (s.Member, l.FederalFood, l.Goods))
            .GroupBy(s => (s.Member, s.FederalFood), s => s.Goods).Select(g => (g.Key, Goods: g.Sum())).Where(g => g.Goods > Money.Zero)
            .OrderBy(g => g.Key.Member).ThenBy(g => g.Key.FederalFood).ToList();
        var shares = purchases.Count == 0 ? [] : LargestRemainder.Share(amount, [.. purchases.Select(p => p.Goods.Cents)]);
        return [.. purchases.Select((p, i) => new RebateShare(p.Key.Member, p.Key.FederalFood, p.Goods, shares[i]))];
    }

    internal static bool IsAmount(Money money) => money is { Cents: >= 0 and <= 1_000_000_000_000 };

    private sealed record Sold(string Order, MemberNo Member, ItemNo Item, Money Goods, Quantity Units);
}
