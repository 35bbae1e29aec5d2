using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;
using SSC.Purchasing.Procurement.JointOrders;
using SSC.Purchasing.Procurement.PurchaseOrders;
using OrderLine = SSC.Purchasing.Procurement.PurchaseOrders.OrderLine;

namespace SSC.Purchasing.Procurement.Invoicing;

/// <summary>
/// The three-way match: what was agreed × what was received and accepted × what is billed, per member line, and each member's part of
/// the invoice to the cent. Pure, exact, the same for the same inputs.
/// </summary>
/// <remarks>
/// A line is found by its order line, else by its item. With a site it is that site's; without one it is shared over the sites of the
/// line (of the billed member, where one is named) by agreed quantity. Freight, discounts and what belongs to no line are shared over
/// members by the amount of their goods, fees and commodity credits by what each member's lines should carry of them, always by largest
/// remainder. Every excess is judged in money against the contract's tolerance.
/// Version 2 knows a member that is billed by itself for goods that come to one site for several: its line there is its own, and it is
/// billed for its allocated share of what was received and accepted (decision record 49). Version 1 shared such a line over all of them.
/// </remarks>
public static class InvoiceMatching
{
    /// <summary>Version of these rules; stored with every match.</summary>
    public const int CurrentVersion = 2;

    private const int FirstVersion = 1;

    /// <summary>Matches an invoice.</summary>
    /// <exception cref="NotSupportedException">A rule version this code does not know.</exception>
    public static InvoiceMatch Compute(MatchInput input)
    {
        if (input.Basis.RuleVersion is not (FirstVersion or CurrentVersion))
            throw new NotSupportedException($"Matching rules {input.Basis.RuleVersion} are not known to this version.");
        var invoice = input.Facts.Document;
        var placed = Place(invoice, input);
        var found = new Findings(input.Basis.Tolerance);
        CheckLines(input, placed, found);
        if (!CheckDuplicate(input, placed, found)) CheckQuantities(input, placed, found);
        CheckBillTo(input, placed, found);
        CheckCharges(input, placed, found);
        if (invoice.Total != invoice.Sum())
            found.Always(MatchExceptionKind.TotalsDoNotAdd, "total", invoice.Total - invoice.Sum(),
                $"The invoice asks {invoice.Total}; its lines and charges come to {invoice.Sum()}.");
        var sites = placed.Parts.Select(p => (p.Drop.Line, p.Drop.Site)).ToHashSet();
        var days = input.Received.Where(r => sites.Contains((r.Line, r.Site))).Select(r => (DateOnly?)r.LastOn);
        return new(Bills(input, placed), found.All, days.Max(), input.Basis);
    }

    /// <summary>Shares a credit memo over the members of the invoice that it credits, by the same rules as the invoice itself.</summary>
    /// <param name="credit">The credit memo; its amounts are positive.</param>
    /// <param name="bills">The members' parts of the invoice.</param>
    /// <returns>What each member is credited, summing to the memo's total; nothing for a member without a part.</returns>
    public static StructuralMap<MemberNo, Money> ShareCredit(InvoiceDocument credit, StructuralList<MemberBill> bills)
    {
        var amounts = bills.ToDictionary(b => b.Member, _ => Money.Zero);
        var left = credit.Total;
        foreach (var line in credit.Lines)
        {
            var units = bills.SelectMany(b => b.Lines, (bill, unit) => (bill.Member, unit))
                .Where(u => (line.OrderLine is null || u.unit.OrderLine == line.OrderLine)
                    && (line.Site is null || u.unit.Site == line.Site)
                    && (credit.BillTo is null || u.Member == credit.BillTo))
                .ToList();
            if (units.Count == 0 || (line.OrderLine is null && line.Site is null)) continue;
            var shares = LargestRemainder.Share(line.Amount, [.. units.Select(u => u.unit.Quantity.Thousandths)]);
            for (var i = 0; i < units.Count; i++) amounts[units[i].Member] += shares[i];
            left -= line.Amount;
        }

        var sharers = bills.Where(b => credit.BillTo is null || b.Member == credit.BillTo).ToList();
        if (sharers.Count == 0) sharers = [.. bills];
        var rest = LargestRemainder.Share(left, [.. sharers.Select(b => Math.Max(0, b.Total.Cents))]);
        for (var i = 0; i < sharers.Count; i++) amounts[sharers[i].Member] += rest[i];
        return StructuralMap<MemberNo, Money>.From(amounts.Where(a => a.Value != Money.Zero));
    }

    /// <summary>The parts of an invoice's lines by site, and the lines that have no place in the order.</summary>
    private static Placed Place(InvoiceDocument invoice, MatchInput input)
    {
        var agreed = input.Agreed;
        var parts = new List<Part>();
        var lost = new List<(InvoiceLine Line, MatchExceptionKind Why)>();
        foreach (var line in invoice.Lines)
        {
            var numbers = agreed.Where(d => line.OrderLine is { } no ? d.Line == no : d.Item == line.Item).Select(d => d.Line).Distinct()
                .ToList();
            var drops = numbers.Count == 1 ? agreed.Where(d => d.Line == numbers[0]).ToList() : [];
            if (drops.Count == 0 || (line.Item is { } item && !IsAgreed(item, drops[0], input)))
                lost.Add((line, MatchExceptionKind.UnknownLine));
            if (drops.Count == 0) continue; // a wrong item on a line of the order is still that line's, so whose it is never changes

            drops = [.. drops.Where(d => line.Site is { } site ? d.Site == site : invoice.BillTo is not { } member || d.Member == member)];
            if (BillsMembers(input) && drops.Any(d => d.Member == invoice.BillTo))
                drops = [.. drops.Where(d => d.Member == invoice.BillTo)];
            if (drops.Count == 0) lost.Add((line, MatchExceptionKind.UnknownSite));
            else parts.AddRange(Split(line, drops));
        }

        return new(parts, lost);
    }

    /// <summary>Whether a line for the billed member is that member's alone, wherever its goods come to.</summary>
    private static bool BillsMembers(MatchInput input) =>
        input.Basis.RuleVersion >= CurrentVersion && input.Facts.Billing == BillingMode.VendorDirect;

    private static bool IsAgreed(ItemNo item, AgreedDrop drop, MatchInput input) =>
        item == drop.Item || input.Received.Any(r => r.Line == drop.Line && r.Substitutes.Contains(item));

    private static IEnumerable<Part> Split(InvoiceLine line, List<AgreedDrop> drops)
    {
        if (drops.Count == 1) return [new(line, drops[0], line.Quantity, line.Amount)];
        var units = Shares(line.Quantity, drops);
        var amounts = LargestRemainder.Share(line.Amount, [.. units.Select(u => u.Thousandths)]);
        return drops.Select((d, i) => new Part(line, d, units[i], amounts[i])); // also nothing of it: the member sees that
    }

    private static StructuralList<Quantity> Shares(Quantity total, List<AgreedDrop> drops) => LargestRemainder.Share(
        total, total.IsMultipleOf(Quantity.Of(1)) ? Quantity.Of(1) : new(1), [.. drops.Select(d => d.Quantity.Thousandths)]).Shares;

    private static void CheckLines(MatchInput input, Placed placed, Findings found)
    {
        foreach (var (line, why) in placed.Lost)
        {
            found.Always(why, $"line {line.Id}", line.Amount, why == MatchExceptionKind.UnknownLine
                ? $"The order has no such line or item: {line.Description}."
                : $"The order line does not go to {line.Site?.Value ?? "the billed member"}.");
        }

        foreach (var group in placed.Parts.GroupBy(p => p.Line))
        {
            var (line, drop) = (group.Key, group.First().Drop);
            var subject = $"line {line.Id}";
            if (!string.Equals(line.Unit, drop.Unit, StringComparison.Ordinal))
                found.Always(MatchExceptionKind.UnitDiffers, subject, line.Amount, $"Billed by {line.Unit}, ordered by {drop.Unit}.");
            var expected = drop.Price.Extend(line.Quantity);
            if (line.Price > drop.Price)
            {
                found.Above(MatchExceptionKind.PriceAboveAgreed, subject, line.Price.Extend(line.Quantity) - expected, expected,
                    $"Billed at {line.Price}, agreed at {drop.Price}, for {line.Quantity}.");
            }

            var extended = line.Price.Extend(line.Quantity);
            if (line.Amount > extended)
            {
                found.Above(MatchExceptionKind.TotalsDoNotAdd, subject, line.Amount - extended, extended,
                    $"{line.Quantity} at {line.Price} come to {extended}, not {line.Amount}.");
            }
        }
    }

    /// <summary>The same lines, quantities and total as an earlier invoice of the order, with nothing more received for it.</summary>
    private static bool CheckDuplicate(MatchInput input, Placed placed, Findings found)
    {
        var invoice = input.Facts.Document;
        if (input.Earlier.FirstOrDefault(e => e.Kind == invoice.Kind && Says(e) == Says(invoice)) is not { } before) return false;
        if (!Overruns(input, placed).Any()) return false;
        found.Always(MatchExceptionKind.Duplicate, "invoice", invoice.Total,
            $"Invoice {before.Number} bills the same, and no more was received.");
        return true;

        (Money, MemberNo?, StructuralList<(int?, SiteId?, ItemNo?, Quantity, Money)>) Says(InvoiceDocument d) =>
            (d.Total, BillsMembers(input) ? d.BillTo : null, [.. d.Lines.Select(l => (l.OrderLine, l.Site, l.Item, l.Quantity, l.Amount))]);
    }

    private static void CheckQuantities(MatchInput input, Placed placed, Findings found)
    {
        foreach (var (drop, billed, before, received) in Overruns(input, placed))
        {
            var excess = billed + before - received > billed ? billed : billed + before - received;
            found.Above(MatchExceptionKind.QuantityAboveReceived, $"order line {drop.Line} at {drop.Site}", drop.Price.Extend(excess),
                drop.Price.Extend(billed), $"Billed {billed} after {before} billed before, received and accepted {received}.");
        }
    }

    /// <summary>Lines and sites, of the billed member where it is billed by itself, for which more is billed than was received.</summary>
    private static IEnumerable<(AgreedDrop Drop, Quantity Billed, Quantity Before, Quantity Received)> Overruns(
        MatchInput input, Placed placed)
    {
        var apart = BillsMembers(input) && input.Facts.Document.BillTo is not null;
        (int Line, SiteId Site, MemberNo? Member) Where(AgreedDrop d) => (d.Line, d.Site, apart ? d.Member : null);
        var before = input.Earlier.SelectMany(e => Place(e, input).Parts, (e, p) => (p.Drop, Units: p.Quantity * Sign(e)))
            .ToLookup(p => Where(p.Drop), p => p.Units);
        return
            from part in placed.Parts
            group part by Where(part.Drop) into there
            let billed = there.Select(p => p.Quantity).Sum()
            let earlier = before[there.Key].Sum()
            let arrived = Arrived(input, there.Key.Line, there.Key.Site, there.Key.Member)
            where billed + earlier > arrived
            orderby there.Key.Line, there.Key.Site
            select (there.First().Drop, billed, earlier, arrived);
    }

    /// <summary>
    /// What was received and accepted of a line at a site, of which a member has what it was allocated: what is agreed is shared as it was
    /// allocated already, so that it is that again when everything has come, and in proportion to it before.
    /// </summary>
    private static Quantity Arrived(MatchInput input, int line, SiteId site, MemberNo? member)
    {
        var all = input.Received.Where(r => r.Line == line && r.Site == site).Select(r => r.Quantity).Sum();
        var drops = input.Agreed.Where(d => d.Line == line && d.Site == site).ToList();
        if (member is null || drops.TrueForAll(d => d.Member == member)) return all;
        var shares = Shares(all, drops);
        return drops.Select((d, i) => d.Member == member ? shares[i] : Quantity.Zero).Sum();
    }

    private static void CheckBillTo(MatchInput input, Placed placed, Findings found)
    {
        var invoice = input.Facts.Document;
        var members = placed.Parts.Select(p => p.Drop.Member).Distinct().ToList();
        if (input.Facts.Billing == BillingMode.Cooperative && invoice.BillTo is { } billed)
        {
            found.Always(MatchExceptionKind.WrongBillTo, billed.Value, Money.Zero,
                "This contract bills the cooperative, and the invoice bills a member.");
        }

        if (input.Facts.Billing != BillingMode.VendorDirect) return;
        var stranger = members.Where(m => m != (invoice.BillTo ?? members[0])).Select(m => (MemberNo?)m).FirstOrDefault();
        if (stranger is { } other)
        {
            found.Always(MatchExceptionKind.WrongBillTo, other.Value, Money.Zero, invoice.BillTo is { } to
                ? $"Billed to {to}, delivered to {other} too."
                : "This contract bills each member by itself, and the invoice is for several.");
        }
    }

    private static void CheckCharges(MatchInput input, Placed placed, Findings found)
    {
        var (invoice, order) = (input.Facts.Document, input.Order);
        var freight = Of(invoice, ChargeKind.Freight);
        var freightBefore = new Money(input.Earlier.Sum(e => Of(e, ChargeKind.Freight).Cents * Sign(e)));
        if (freight > Money.Zero && freight + freightBefore > order.Freight)
        {
            var excess = freight + freightBefore - order.Freight;
            found.Above(MatchExceptionKind.UnorderedCharge, "freight", excess > freight ? freight : excess, order.Freight,
                $"Freight {freight} after {freightBefore} billed before; the order has {order.Freight}.");
        }

        var fees = Of(invoice, ChargeKind.Fee);
        var expectedFees = ExpectedOf(order, placed, l => l.Fees).Values.Sum();
        if (fees > expectedFees)
            found.Above(MatchExceptionKind.UnorderedCharge, "fee", fees - expectedFees, expectedFees,
                $"Fees of {fees} are billed; the order has {expectedFees} for these quantities.");
        var credit = -Of(invoice, ChargeKind.CommodityCredit);
        var expectedCredit = ExpectedOf(order, placed, l => l.Credits).Values.Sum();
        if (credit < expectedCredit)
            found.Above(MatchExceptionKind.CreditMissing, "commodity credit", expectedCredit - credit, expectedCredit,
                $"Commodity credit of {credit} is given; the order has {expectedCredit} for these quantities.");
        foreach (var charge in invoice.Charges.Where(c => c.Amount > Money.Zero))
        {
            if (charge.Kind == ChargeKind.Tax)
                found.Always(MatchExceptionKind.Tax, "tax", charge.Amount,
                    $"The members are exempt from tax, and {charge.Amount} is billed.");
            if (charge.Kind is ChargeKind.Other or ChargeKind.Discount)
                found.Above(MatchExceptionKind.UnorderedCharge, charge.Reason, charge.Amount, Money.Zero,
                    $"Nobody ordered this charge of {charge.Amount}.");
        }
    }

    /// <summary>What each member's billed units carry of a line's fees or credits, rounded once per part.</summary>
    private static SortedDictionary<MemberNo, Money> ExpectedOf(
        OrderDocument order, Placed placed, Func<OrderLine, Money> amount)
    {
        var expected = new SortedDictionary<MemberNo, Money>();
        foreach (var part in placed.Parts)
        {
            if (order.Find(part.Drop.Line) is not { } line || amount(line) == Money.Zero) continue;
            expected[part.Drop.Member] = expected.GetValueOrDefault(part.Drop.Member)
                + Money.Round(amount(line).Dollars * part.Quantity.Units / line.Quantity.Units);
        }

        return expected;
    }

    private static StructuralList<MemberBill> Bills(MatchInput input, Placed placed)
    {
        var invoice = input.Facts.Document;
        var lines = placed.Parts.GroupBy(p => p.Drop.Member).ToDictionary(g => g.Key, g => g
            .GroupBy(p => (p.Drop.Line, p.Drop.Site)).OrderBy(s => s.Key.Line).ThenBy(s => s.Key.Site)
            .Select(s => new BilledUnits(s.Key.Line, s.Key.Site, s.Select(p => p.Quantity).Sum(), s.Select(p => p.Amount).Sum()))
            .ToStructuralList());
        List<MemberNo> members = [.. (lines.Count > 0 ? lines.Keys
            : invoice.BillTo is { } to ? [to] : input.Agreed.Select(d => d.Member).Distinct()).Order()];
        if (members.Count == 0) members.Add(SettlementRules.Stock);
        var goods = members.Select(m => lines.GetValueOrDefault(m).Select(l => l.Amount).Sum().Cents).ToList();
        var fees = ExpectedOf(input.Order, placed, l => l.Fees);
        var credits = ExpectedOf(input.Order, placed, l => l.Credits);

        var freight = LargestRemainder.Share(Of(invoice, ChargeKind.Freight), goods);
        var discount = LargestRemainder.Share(Of(invoice, ChargeKind.Discount), goods);
        var fee = LargestRemainder.Share(Of(invoice, ChargeKind.Fee), WeightsOf(fees));
        var credit = LargestRemainder.Share(Of(invoice, ChargeKind.CommodityCredit), WeightsOf(credits));
        var known = new Money(goods.Sum()) + invoice.Charges.Where(c => c.Kind is not (ChargeKind.Tax or ChargeKind.Other))
            .Select(c => c.Amount).Sum();
        var other = LargestRemainder.Share(invoice.Total - known, goods);
        return [.. members.Select((m, i) => new MemberBill(
            m, lines.GetValueOrDefault(m), freight[i], discount[i], fee[i], credit[i], other[i]))];

        List<long> WeightsOf(SortedDictionary<MemberNo, Money> expected) => expected.Values.Sum() == Money.Zero
            ? goods : [.. members.Select(m => expected.GetValueOrDefault(m).Cents)];
    }

    /// <summary>A credit memo takes back what it names.</summary>
    private static int Sign(InvoiceDocument document) => document.Kind == InvoiceKind.CreditNote ? -1 : 1;

    private static Money Of(InvoiceDocument invoice, ChargeKind kind) =>
        invoice.Charges.Where(c => c.Kind == kind).Select(c => c.Amount).Sum();

    /// <summary>A part of an invoice line that belongs to one site.</summary>
    private sealed record Part(InvoiceLine Line, AgreedDrop Drop, Quantity Quantity, Money Amount);

    private sealed record Placed(List<Part> Parts, List<(InvoiceLine Line, MatchExceptionKind Why)> Lost);

    /// <summary>Exceptions as they are found, numbered.</summary>
    private sealed class Findings(MatchTolerance tolerance)
    {
        private readonly List<MatchException> all = [];

        public StructuralList<MatchException> All => [.. all];

        public void Above(MatchExceptionKind kind, string subject, Money excess, Money agreed, string explanation)
        {
            if (excess > tolerance.AllowedAbove(agreed)) Always(kind, subject, excess, explanation);
        }

        public void Always(MatchExceptionKind kind, string subject, Money excess, string explanation) =>
            all.Add(new(all.Count + 1, kind, subject, excess, explanation));
    }
}
