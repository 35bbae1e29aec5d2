using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;

namespace SSC.Purchasing.Exchange.X12;

/// <summary>
/// Reads an 810 into an invoice or credit memo (BIG07). A line that bills several sites in SDQ becomes a line for each, its amount
/// shared to the cent; SAC and TXI become charges, those of a line too.
/// </summary>
internal static class InvoiceMapping
{
    private const int ReasonLength = 200;

    /// <summary>The invoice; null when the set is rejected.</summary>
    public static VendorDocument? Read(SetReading reading, VendorId sender)
    {
        if (reading.Beginning("BIG") is not { } big) return null;
        if (big[8] is not ("" or "00")) reading.Wrong(big, 8, "7", "purpose-unsupported", "Send an original invoice (00).");
        var issued = reading.RequiredDate(big, 1);
        var number = reading.Required(big, 2, 22, 50);
        var order = reading.Required(big, 4, 22, 50);
        var kind = KindOf(reading, big);
        var (head, loops) = reading.Split("IT1", "TDS", "CTT");
        if (loops.Count == 0) reading.Missing(big, "IT1", "segment-missing", "Bill at least one line.");
        var site = Named(reading, head, "ST");
        var lines = loops.SelectMany((l, i) => Lines(reading, l, i + 1, site)).ToList();
        var charges = loops.Append(Summary(reading)).SelectMany(l => Charges(reading, l)).ToList();
        var total = Total(reading, big);
        reading.CheckTotals(loops.Count, loops.Sum(l => DocumentNumbers.Read(l[0][2]) ?? 0));
        var member = Named(reading, head, "BT");
        var due = Due(reading, head, issued);
        var credited = Credited(reading, big, head);
        if (!reading.IsSound) return null;
        return new VendorDocument.Invoice(new(
            number!, kind, sender, order!, issued!.Value, [.. Numbered(lines)], [.. charges], total!.Value)
        {
            BillTo = member is null ? null : new(member),
            DueOn = due,
            Credits = kind == InvoiceKind.CreditNote ? credited : null,
        });
    }

    private static InvoiceKind KindOf(SetReading reading, X12Segment big)
    {
        if (big[7] is "CR" or "CN") return InvoiceKind.CreditNote;
        if (big[7] is not ("" or "DI" or "DR" or "PR"))
            reading.Wrong(big, 7, "7", "code-unknown", "Send DI, DR or PR for an invoice, CR or CN for a credit memo.");
        return InvoiceKind.Invoice;
    }

    private static IEnumerable<InvoiceLine> Lines(SetReading reading, IReadOnlyList<X12Segment> loop, int place, string? site)
    {
        var it1 = loop[0];
        foreach (var (element, what) in new[] { (2, "quantity"), (3, "unit"), (4, "price") })
        {
            if (it1[element].Length == 0) reading.Wrong(it1, element, "1", "element-missing", $"Give the {what} of the line.");
        }

        var (quantity, unit, price) = (reading.Quantity(it1, 2), reading.Unit(it1, 3), reading.Price(it1, 4));
        var id = reading.Text(it1, 1, 20, 40) ?? X12Text.Number(place);
        var orderLine = SetReading.ElementAfter(it1, 6, "PL") is > 0 and var at ? reading.OrderLine(it1, at)
            : DocumentNumbers.Read(it1[1]) is { } n and >= 1 and <= 999_999 && n % 1 == 0 ? (int)n : (int?)null;
        var item = reading.Item(it1, 6);
        var description = Description(reading, loop) ?? item?.Value ?? $"Line {id}";
        var here = Named(reading, loop, "ST") ?? site;
        if (quantity is not { } units || unit is null || price is not { } each) return [];
        if (each.Dollars * units.Units > DocumentNumbers.MaxCents / 100m)
        {
            reading.Wrong(it1, 4, "7", "amount-out-of-range", "A line bills at most ten billion dollars.");
            return [];
        }

        var whole = new InvoiceLine(
            id, orderLine, here is null ? null : new SiteId(here), item, description, units, unit, each, each.Extend(units));
        var places = Destinations(reading, loop, unit);
        if (places.Count == 0) return [whole];
        if (places.Select(p => p.Quantity).Sum() != units)
            reading.Wrong(it1, 2, "7", "destinations-do-not-sum", "The destinations in SDQ must sum to the line's quantity.");
        var shares = LargestRemainder.Share(whole.Amount, [.. places.Select(p => p.Quantity.Thousandths)]);
        return places.Zip(shares, (p, share) => whole with { Site = p.Site, Quantity = p.Quantity, Amount = share });
    }

    private static List<(SiteId Site, Quantity Quantity)> Destinations(SetReading reading, IReadOnlyList<X12Segment> loop, string unit)
    {
        var places = new List<(SiteId, Quantity)>();
        foreach (var sdq in SetReading.Of(loop, "SDQ"))
        {
            if (reading.Unit(sdq, 1) is { } other && other != unit)
                reading.Wrong(sdq, 1, "7", "unit-differs", "Bill the destinations in the unit of the line.");
            for (var i = 3; i <= Math.Min(sdq.Elements.Count, 22); i += 2)
            {
                if (sdq[i].Length == 0 && sdq[i + 1].Length == 0) continue;
                if (reading.Id(sdq, i) is { } site && reading.Quantity(sdq, i + 1) is { } quantity) places.Add((new(site), quantity));
                else if (sdq[i].Length == 0 || sdq[i + 1].Length == 0)
                    reading.Wrong(sdq, i, "2", "element-missing", "A destination is a site id and a quantity.");
            }
        }

        return places;
    }

    /// <summary>Lines under numbers of their own: a number that several have gets a second part, or the lines are counted.</summary>
    private static List<InvoiceLine> Numbered(List<InvoiceLine> lines)
    {
        var repeated = lines.GroupBy(l => l.Id, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key)
            .ToDictionary(id => id, _ => 0, StringComparer.Ordinal);
        var numbered = lines
            .Select(l => repeated.ContainsKey(l.Id) ? l with { Id = $"{l.Id}.{X12Text.Number(++repeated[l.Id])}" } : l).ToList();
        return numbered.DistinctBy(l => l.Id, StringComparer.Ordinal).Count() == lines.Count
            ? numbered
            : [.. lines.Select((l, i) => l with { Id = X12Text.Number(i + 1) })];
    }

    private static string? Description(SetReading reading, IReadOnlyList<X12Segment> loop)
    {
        var pieces = SetReading.Of(loop, "PID").ToList();
        var text = string.Concat(pieces.Select(p => p[5]));
        if (text.Length == 0) return null;
        if (PlainText.IsWellFormed(text, ReasonLength)) return text;
        reading.Note(pieces[0], 5, "5", "note-left-out", "The description is not plain or has more than 200 characters.");
        return null;
    }

    private static IReadOnlyList<X12Segment> Summary(SetReading reading) =>
        [.. reading.Set.Segments.SkipWhile(s => s.Id is not "TDS").TakeWhile(s => s.Id is not "SE")];

    private static IEnumerable<InvoiceCharge> Charges(SetReading reading, IReadOnlyList<X12Segment> loop)
    {
        foreach (var sac in SetReading.Of(loop, "SAC"))
        {
            if (sac[1] is "N") continue;
            if (sac[1] is not ("A" or "C")) reading.Wrong(sac, 1, "7", "code-unknown", "Send A for an allowance or C for a charge.");
            if (sac[5].Length == 0) reading.Wrong(sac, 5, "1", "element-missing", "Give the amount in cents.");
            if (reading.Cents(sac, 5) is not { } amount) continue;
            if (amount < Money.Zero) reading.Wrong(sac, 5, "7", "amount-negative", "SAC01 says whether it is added or taken off; no sign.");
            var kind = ChargeOf(sac);
            yield return new(kind, reading.Text(sac, 15, 80, ReasonLength) ?? kind.ToString(), sac[1] is "A" ? -amount : amount);
        }

        foreach (var tax in SetReading.Of(loop, "TXI"))
        {
            if (reading.Number<Money>(tax, 2, DocumentNumbers.ToMoney) is { } amount)
                yield return new(ChargeKind.Tax, "Tax", amount);
        }
    }

    private static ChargeKind ChargeOf(X12Segment sac) => (sac[1], sac[2], sac[4]) switch
    {
        ("A", _, "COMMODITY") => ChargeKind.CommodityCredit,
        ("A", _, _) => ChargeKind.Discount,
        (_, "D240" or "D260" or "I260", _) => ChargeKind.Freight,
        (_, "G740", _) => ChargeKind.Fee,
        (_, "H740" or "H750" or "H850", _) => ChargeKind.Tax,
        _ => ChargeKind.Other,
    };

    private static Money? Total(SetReading reading, X12Segment big)
    {
        if (reading.Find("TDS") is not { } tds)
        {
            reading.Missing(big, "TDS", "segment-missing", "State the total in TDS.");
            return null;
        }

        if (tds[1].Length == 0) reading.Wrong(tds, 1, "1", "element-missing", "Give the total in cents.");
        var total = reading.Cents(tds, 1);
        if (total < Money.Zero)
            reading.Wrong(tds, 1, "7", "amount-negative", "Amounts are positive; a credit memo says CR in BIG07.");
        return total;
    }

    private static string? Named(SetReading reading, IReadOnlyList<X12Segment> loop, string role) =>
        SetReading.Of(loop, "N1").FirstOrDefault(n => string.Equals(n[1], role, StringComparison.Ordinal) && n[3] is "92") is { } n1
            ? reading.Id(n1, 4)
            : null;

    private static DateOnly? Due(SetReading reading, IReadOnlyList<X12Segment> head, DateOnly? issued)
    {
        if (SetReading.Of(head, "ITD").FirstOrDefault() is not { } terms) return null;
        if (terms[6].Length > 0) return reading.Date(terms, 6);
        return DocumentNumbers.Read(terms[7]) is { } days and >= 0 and <= 999 && days % 1 == 0 ? issued?.AddDays((int)days) : null;
    }

    private static string? Credited(SetReading reading, X12Segment big, IReadOnlyList<X12Segment> head) =>
        reading.Text(big, 10, 22, 50) ?? (SetReading.Of(head, "REF").FirstOrDefault(r => r[1] is "IV" or "I5") is { } reference
            ? reading.Text(reference, 2, 30, 50)
            : null);
}
