using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;

namespace SSC.Purchasing.Procurement.Receiving;

/// <summary>What documents about a delivery must be; the first thing wrong, or null. And what a counted line comes to.</summary>
internal static class ReceivingRules
{
    /// <summary>Version of the rules by which what arrives is judged.</summary>
    public const int CurrentVersion = 1;

    private const int MaxLines = 5_000;
    private const int WholeBasisPoints = 10_000;

    public static readonly Refusal UnknownLine =
        new("unknown-line", "Nothing of this line is expected at this site; name one of the delivery's lines by number.");

    public static readonly Refusal NoteInvalid = new("note-invalid", "A note has 1 to 500 printable characters.");

    private static readonly Refusal DocumentInvalid =
        new("document-id-invalid", "Number the document with 1 to 100 printable characters without a bar.");

    public static Refusal? Check(Expectation e) =>
        e.Lines.Count is > 0 and <= MaxLines && Id.IsKey(Delivery.Key(e.JointOrder, e.Vendor, e.Site)) && e.Terms.IsSound()
        && PlainText.IsWellFormed(e.OrderNumber, 50)
        && e.Lines.Select(l => l.Line).Distinct().Count() == e.Lines.Count
        && e.Lines.All(l => l.Line >= 1 && Id.IsWellFormed(l.Item.Value) && l.Shares.Count > 0 && l.Shares.All(s => IsQuantity(s.Quantity))
            && IsQuantity(l.Total()))
            ? null
            : new("expectation-invalid", "An expectation has an order, a vendor, a site and lines with quantities for members.");

    /// <summary>A report about one line: its document, its quantity, its note.</summary>
    public static Refusal? Check(DeliveryFile f, string document, int line, Quantity quantity, string? note)
    {
        if (!IsDocument(document)) return DocumentInvalid;
        if (!f.Lines.TryGetValue(line, out var known)) return UnknownLine;
        return CheckQuantity(line, quantity, known.Expected.Unit) ?? (PlainText.IsWellFormedOrAbsent(note, 500) ? null : NoteInvalid);
    }

    public static Refusal? Check(DespatchNote note, DeliveryFile f)
    {
        if (!IsDocument(note.DocumentId)) return DocumentInvalid;
        if (note.Vendor != f.Expectation.Vendor) return new("wrong-vendor", "Only the vendor of an order despatches it.");
        if (!string.Equals(note.OrderNumber, f.Expectation.OrderNumber, StringComparison.Ordinal))
            return new("wrong-order", $"This delivery belongs to order {f.Expectation.OrderNumber}; name that one.");
        if (note.Site != f.Expectation.Site) return new("wrong-site", $"This delivery goes to {f.Expectation.Site}; name that site.");
        if (!PlainText.IsWellFormedOrAbsent(note.Carrier, 100) || !PlainText.IsWellFormedOrAbsent(note.Tracking, 100)
            || note.Lines.Any(l => !PlainText.IsWellFormedOrAbsent(l.Lot, 100))) return NoteInvalid;
        return CheckLines(note.Lines.Select(l => (l.OrderLine, l.Item, l.Quantity, l.Unit)).ToList(), f)
            ?? note.Lines.Select(l => l.BackOrdered is { } later && later > Quantity.Zero ? CheckQuantity(l.OrderLine, later, l.Unit)
                : l.BackOrdered < Quantity.Zero ? OutOfRange(l.OrderLine) : null).FirstOrDefault(r => r is not null);
    }

    public static Refusal? Check(GoodsReceipt receipt, DeliveryFile f) =>
        !IsDocument(receipt.DocumentId) ? DocumentInvalid
        : !PlainText.IsWellFormedOrAbsent(receipt.Note, 500) ? NoteInvalid
        : CheckLines(receipt.Lines.Select(l => (l.OrderLine, l.Item, l.Quantity, l.Unit)).ToList(), f);

    /// <summary>What each line of a receipt comes to, one after the other: a line that is counted twice finds less open.</summary>
    public static StructuralList<ArrivedLine> Judge(GoodsReceipt receipt, DeliveryFile f)
    {
        var balances = f.Lines;
        var arrived = new List<ArrivedLine>();
        foreach (var counted in receipt.Lines)
        {
            var line = balances[counted.OrderLine];
            var outcome = Judge(counted, line, f.Expectation.Terms);
            arrived.Add(outcome);
            balances = balances.Set(counted.OrderLine, line.Take(outcome.Accepted - outcome.Surplus + outcome.Substituted) with
            {
                Surplus = line.Surplus + outcome.Surplus,
            });
        }

        return [.. arrived];
    }

    /// <summary>
    /// What a counted line comes to: the agreed item fills what is open, then the tolerance (a share of the ordered quantity, whole
    /// units where the unit is whole); the rest is excess. Another item is a substitute as far as something is open.
    /// </summary>
    private static ArrivedLine Judge(ReceiptLine counted, LineBalance line, ReceivingTerms terms)
    {
        var filled = Quantity.Min(counted.Quantity, line.Open());
        var beyond = counted.Quantity - filled;
        if (counted.Item != line.Expected.Item)
            return new(counted.OrderLine, counted.Item, Quantity.Zero, Quantity.Zero, filled, beyond);
        var room = Tolerance(line.Ordered, line.Expected.Unit, terms) - line.Surplus;
        var surplus = room > Quantity.Zero ? Quantity.Min(beyond, room) : Quantity.Zero;
        return new(counted.OrderLine, counted.Item, filled + surplus, surplus, Quantity.Zero, beyond - surplus);
    }

    /// <summary>What a line has on its way with a note beyond what may come with it and is tolerated; null when it is within.</summary>
    public static DespatchFinding? Exceeded(DespatchNote note, LineBalance line, ReceivingTerms terms)
    {
        var follows = note.Lines.Any(l => l.OrderLine == line.Expected.Line && l.BackOrdered is not null);
        var later = follows ? line.BackOrdered : Quantity.Zero;
        var room = Tolerance(line.Ordered, line.Expected.Unit, terms) - line.Surplus;
        var may = line.Open() - later + (room > Quantity.Zero ? room : Quantity.Zero);
        return line.OnTheWay > may
            ? new(note.DocumentId, line.Expected.Line, line.OnTheWay, line.OnTheWay - may)
            : null;
    }

    private static Quantity Tolerance(Quantity ordered, string unit, ReceivingTerms terms)
    {
        var thousandths = (long)((Int128)ordered.Thousandths * terms.OverDeliveryBasisPoints / WholeBasisPoints);
        return IsFractional(unit) ? new(thousandths) : Quantity.Of(thousandths / Quantity.Of(1).Thousandths);
    }

    private static Refusal? CheckLines(List<(int Line, ItemNo Item, Quantity Quantity, string Unit)> lines, DeliveryFile f)
    {
        if (lines.Count is 0 or > MaxLines)
            return new("document-lines-invalid", $"A document has 1 to {MaxLines} lines.");
        foreach (var (no, item, quantity, unit) in lines)
        {
            if (!f.Lines.TryGetValue(no, out var known)) return UnknownLine;
            if (!Id.IsWellFormed(item.Value)) return new("item-invalid", $"Line {no}: name the item by its number.");
            if (!string.Equals(unit, known.Expected.Unit, StringComparison.Ordinal))
                return new("unit-differs", $"Line {no}: state the quantity in {known.Expected.Unit}, the unit of the order.");
            if (CheckQuantity(no, quantity, unit) is { } wrong) return wrong;
        }

        return null;
    }

    private static Refusal? CheckQuantity(int line, Quantity quantity, string unit) =>
        !IsQuantity(quantity) ? OutOfRange(line)
        : !IsFractional(unit) && !quantity.IsMultipleOf(Quantity.Of(1))
            ? new("quantity-not-whole", $"Line {line}: this unit is counted in whole numbers.")
        : null;

    private static Refusal OutOfRange(int line) => new("quantity-out-of-range", $"Line {line}: quantities are above 0 and at most 10⁹.");

    private static bool IsFractional(string unit) => Units.Find(unit) is { Fractional: true };

    private static bool IsDocument(string? document) =>
        PlainText.IsWellFormed(document, 100) && !document.Contains('|', StringComparison.Ordinal);

    private static bool IsQuantity(Quantity quantity) => quantity > Quantity.Zero && quantity <= Quantity.Max;
}
