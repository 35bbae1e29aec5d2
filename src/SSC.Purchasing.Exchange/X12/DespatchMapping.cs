using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Receiving;

namespace SSC.Purchasing.Exchange.X12;

/// <summary>
/// Reads an 856 into despatch notes, one for each order and site: the hierarchy is walked from each item up to its order and shipment,
/// over tares and packs in between. The ship-to of the order counts, else the shipment's.
/// </summary>
internal static class DespatchMapping
{
    private const int MaxDepth = 10;
    private const int NameLength = 100;

    /// <summary>Tracking number, carrier's reference, bill of lading: the first there is.</summary>
    private static readonly string[] TrackingNumbers = ["2I", "CN", "BM"];

    /// <summary>The notes, none when the set is rejected.</summary>
    public static IReadOnlyList<VendorDocument> Read(SetReading reading, VendorId sender)
    {
        if (reading.Beginning("BSN") is not { } bsn) return [];
        if (bsn[1] is not "00") reading.Wrong(bsn, 1, "7", "purpose-unsupported", "Send an original ship notice (00).");
        var number = reading.Required(bsn, 2, 30, 90);
        var day = reading.RequiredDate(bsn, 3);
        var (head, loops) = reading.Split("HL", "CTT");
        if (Levels(reading, loops) is not { } levels) return [];
        var items = levels.Values.Where(l => l.Code is "I").ToList();
        if (items.Count == 0) reading.Missing(bsn, "HL", "segment-missing", "The notice has no item level (HL*..*I).");
        var lines = items.Select(i => Item(reading, levels, i)).ToList();
        reading.CheckTotals(loops.Count, items.Sum(i => SetReading.Of(i.Loop, "SN1").Sum(s => DocumentNumbers.Read(s[2]) ?? 0)));
        if (!reading.IsSound) return [];
        var notes = lines.OfType<Sent>().GroupBy(l => (l.Order, l.Site)).ToList();
        return
        [
            .. notes.Select((n, i) => new VendorDocument.Despatch(
                Note(reading, n, notes.Count == 1 ? number! : $"{number}/{X12Text.Number(i + 1)}", (sender, day!.Value, head)))),
        ];
    }

    private sealed record Level(string Code, string? Parent, IReadOnlyList<X12Segment> Loop);

    private sealed record Sent(string Order, SiteId Site, DespatchLine Line, IReadOnlyList<X12Segment> Around);

    private static Dictionary<string, Level>? Levels(SetReading reading, IReadOnlyList<IReadOnlyList<X12Segment>> loops)
    {
        var levels = new Dictionary<string, Level>(StringComparer.Ordinal);
        foreach (var loop in loops)
        {
            var hl = loop[0];
            if (hl[1].Length == 0 || !levels.TryAdd(hl[1], new(hl[3], hl[2].Length == 0 ? null : hl[2], loop)))
                reading.Wrong(hl, 1, "7", "hierarchy-broken", "Number each HL of the set differently.");
            else if (hl[2].Length > 0 && (!levels.ContainsKey(hl[2]) || hl[2] == hl[1]))
                reading.Wrong(hl, 2, "7", "hierarchy-broken", "An HL names a parent that stands before it.");
        }

        return reading.IsSound ? levels : null;
    }

    /// <summary>A level and those above it, the nearest first; bounded, though parents stand before their children.</summary>
    private static IEnumerable<Level> Upwards(Dictionary<string, Level> levels, Level level)
    {
        yield return level;
        for (var depth = 0; depth < MaxDepth && level.Parent is { } parent; depth++) yield return level = levels[parent];
    }

    private static Sent? Item(SetReading reading, Dictionary<string, Level> levels, Level item)
    {
        var chain = Upwards(levels, item).ToList();
        var hl = item.Loop[0];
        var lin = SetReading.Of(item.Loop, "LIN").FirstOrDefault();
        var sn1 = SetReading.Of(item.Loop, "SN1").FirstOrDefault();
        if (lin is null) reading.Missing(hl, "LIN", "segment-missing", "Name the item in LIN.");
        if (sn1 is null) reading.Missing(hl, "SN1", "segment-missing", "Give the quantity sent in SN1.");
        if (lin is null || sn1 is null) return null;

        var line = reading.OrderLine(lin[1].Length > 0 ? lin : sn1, 1);
        var sent = reading.Item(lin, 2);
        if (sent is null) reading.Wrong(lin, 3, "1", "item-missing", "Name the item by your number, after VN.");
        var quantity = reading.Quantity(sn1, 2);
        if (sn1[2].Length == 0) reading.Wrong(sn1, 2, "1", "element-missing", "Give the quantity sent.");
        var unit = reading.Unit(sn1, 3);
        if (sn1[3].Length == 0) reading.Wrong(sn1, 3, "1", "element-missing", "Give the unit.");
        var order = Order(reading, chain, hl);
        var site = Site(reading, chain, hl);
        if (line is null || sent is null || quantity is null || unit is null || order is null || site is null) return null;
        return new(order, new(site), new(line.Value, sent.Value, quantity.Value, unit)
        {
            BackOrdered = BackOrdered(reading, sn1),
            Lot = Lot(reading, lin, item.Loop),
        }, [.. chain.Skip(1).SelectMany(l => l.Loop)]);
    }

    private static string? Order(SetReading reading, List<Level> chain, X12Segment hl)
    {
        if (chain.SelectMany(l => SetReading.Of(l.Loop, "PRF")).FirstOrDefault() is { } prf) return reading.Required(prf, 1, 22, 50);
        reading.Missing(hl, "PRF", "segment-missing", "Name the purchase order in PRF at the order level.");
        return null;
    }

    private static string? Site(SetReading reading, List<Level> chain, X12Segment hl)
    {
        if (chain.SelectMany(l => SetReading.Of(l.Loop, "N1")).FirstOrDefault(n => n[1] is "ST") is not { } place)
        {
            reading.Missing(hl, "N1", "site-missing", "Name the site in N1*ST with our site id (qualifier 92).");
            return null;
        }

        if (place[3] is not "92" || place[4].Length == 0)
        {
            reading.Wrong(place, 4, place[4].Length == 0 ? "1" : "7", "site-missing", "Name the site by our site id (N103 is 92).");
            return null;
        }

        return reading.Id(place, 4);
    }

    /// <summary>Ordered less shipped to date, where the line's status says that the rest follows.</summary>
    private static Quantity? BackOrdered(SetReading reading, X12Segment sn1)
    {
        if (sn1[8] is not ("BP" or "IB") || sn1[5].Length == 0) return null;
        var rest = reading.Quantity(sn1, 5) - (sn1[4].Length > 0 ? reading.Quantity(sn1, 4) : reading.Quantity(sn1, 2));
        return rest > Quantity.Zero ? rest : null;
    }

    private static string? Lot(SetReading reading, X12Segment lin, IReadOnlyList<X12Segment> loop) =>
        SetReading.ElementAfter(lin, 2, "LT", "SN") is > 0 and var at ? reading.Text(lin, at, 48, NameLength)
        : SetReading.Of(loop, "REF").FirstOrDefault(r => r[1] is "LT" or "SE") is { } reference ? reading.Text(reference, 2, 30, NameLength)
        : null;

    private static DespatchNote Note(
        SetReading reading, IEnumerable<Sent> lines, string number, (VendorId Sender, DateOnly Day, IReadOnlyList<X12Segment> Head) of)
    {
        var all = lines.ToList();
        var around = all[0].Around.Concat(of.Head).ToList();
        var carrier = SetReading.Of(around, "TD5").FirstOrDefault();
        var tracking = TrackingNumbers
            .Select(q => SetReading.Of(around, "REF").FirstOrDefault(r => string.Equals(r[1], q, StringComparison.Ordinal)))
            .FirstOrDefault(r => r is not null);
        var left = Day(reading, around, "011") ?? of.Day;
        return new(number, all[0].Order, of.Sender, all[0].Site, left, [.. Merged(all.Select(s => s.Line))])
        {
            ExpectedOn = Day(reading, around, "017"),
            Carrier = carrier is null ? null : reading.Text(carrier, carrier[5].Length > 0 ? 5 : 3, 80, NameLength),
            Tracking = tracking is null ? null : reading.Text(tracking, 2, 30, NameLength),
        };
    }

    private static DateOnly? Day(SetReading reading, IEnumerable<X12Segment> around, string qualifier) =>
        SetReading.Of(around, "DTM").FirstOrDefault(d => string.Equals(d[1], qualifier, StringComparison.Ordinal)) is { } dtm
            ? reading.Date(dtm, 2)
            : null;

    /// <summary>The same item of a line in several packs is one line of the note.</summary>
    private static IEnumerable<DespatchLine> Merged(IEnumerable<DespatchLine> lines) => lines
        .GroupBy(l => (l.OrderLine, l.Item, l.Unit, l.Lot))
        .Select(g => g.First() with
        {
            Quantity = g.Select(l => l.Quantity).Sum(),
            BackOrdered = g.Select(l => l.BackOrdered).FirstOrDefault(b => b is not null),
        });
}
