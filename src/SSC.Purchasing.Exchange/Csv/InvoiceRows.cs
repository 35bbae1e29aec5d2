using SSC.Purchasing.Exchange.Documents;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Invoicing;

namespace SSC.Purchasing.Exchange.Csv;

/// <summary>
/// Rows of one invoice: a row with something in the charge column is a charge, every other one a line. A total that no row states is
/// the sum.
/// </summary>
internal static class InvoiceRows
{
    /// <summary>The invoice; null when a row is at fault.</summary>
    public static VendorDocument.Invoice? Read(string number, RowGroup rows, VendorId sender)
    {
        var order = rows.Same(DocumentColumn.Order, r => r.RequiredText(DocumentColumn.Order, 50));
        var day = rows.Same(DocumentColumn.IssuedOn, r => r.RequiredDay(DocumentColumn.IssuedOn));
        var due = rows.Same(DocumentColumn.DueOn, r => r.Day(DocumentColumn.DueOn));
        var kind = rows.Same(
            DocumentColumn.Kind, r => r.Word(DocumentColumn.Kind, VendorDocumentWords.Kind, "Write invoice or credit note."));
        var member = rows.Same(DocumentColumn.BillTo, r => r.Id(DocumentColumn.BillTo));
        var credited = rows.Same(DocumentColumn.Credits, r => r.Text(DocumentColumn.Credits, 50));
        var total = rows.Same(DocumentColumn.Total, r => r.Amount(DocumentColumn.Total));
        var lines = rows.Rows.Where(r => !r.Says(DocumentColumn.Charge)).Select((r, i) => (Row: r, Line: Line(r, i + 1))).ToList();
        var charges = rows.Rows.Where(r => r.Says(DocumentColumn.Charge)).Select(Charge).ToList();
        if (lines.Count == 0) rows.First.Fault(DocumentColumn.Line, "lines-missing", "Bill at least one line.");
        if (total < Money.Zero)
            rows.First.Fault(DocumentColumn.Total, "amount-negative", "Amounts are positive; a credit note says so in Kind.");
        var numbered = lines.Where(l => l.Line is not null).GroupBy(l => l.Line!.Id, StringComparer.Ordinal);
        foreach (var (row, _) in numbered.SelectMany(g => g.Skip(1)))
            row.Fault(DocumentColumn.LineId, "line-repeated", "Number each line of the invoice differently.");
        if (!rows.AreSound) return null;
        var invoice = new InvoiceDocument(
            number, kind ?? InvoiceKind.Invoice, sender, order!, day!.Value, [.. lines.Select(l => l.Line!)],
            [.. charges.Select(c => c!)], Money.Zero)
        {
            BillTo = member is null ? null : new MemberNo(member), DueOn = due, Credits = credited,
        };
        return new(invoice with { Total = total ?? invoice.Sum() });
    }

    private static InvoiceLine? Line(DocumentRow row, int place)
    {
        var id = row.Text(DocumentColumn.LineId, 50) ?? FormattableString.Invariant($"{place}");
        var (line, site, item) = (row.Whole(DocumentColumn.Line), row.Id(DocumentColumn.Site), row.Id(DocumentColumn.Item));
        var description = row.Text(DocumentColumn.Description, 200);
        var quantity = row.Required(DocumentColumn.Quantity) ? row.Quantity(DocumentColumn.Quantity) : null;
        var unit = row.Required(DocumentColumn.Unit) ? row.Unit(DocumentColumn.Unit) : null;
        var price = row.Required(DocumentColumn.Price) ? row.Price(DocumentColumn.Price) : null;
        var amount = row.Required(DocumentColumn.Amount) ? row.Amount(DocumentColumn.Amount) : null;
        if (amount < Money.Zero)
            row.Fault(DocumentColumn.Amount, "amount-negative", "Amounts are positive; take money off in a row with a Charge.");
        return row.IsSound
            ? new(id, line, site is null ? null : new SiteId(site), item is null ? null : new ItemNo(item),
                description ?? item ?? $"Line {id}", quantity!.Value, unit!, price!.Value, amount!.Value)
            : null;
    }

    private static InvoiceCharge? Charge(DocumentRow row)
    {
        var kind = row.Word(
            DocumentColumn.Charge, VendorDocumentWords.Charge, "Write freight, discount, fee, commodity credit, tax or other.");
        var amount = row.Required(DocumentColumn.Amount) ? row.Amount(DocumentColumn.Amount) : null;
        var reason = row.Text(DocumentColumn.Description, 200);
        if (kind is { } of && amount > Money.Zero && VendorDocumentWords.IsTakenOff(of))
            row.Fault(DocumentColumn.Amount, "amount-positive", "What is taken off is negative.");
        return row.IsSound ? new(kind!.Value, reason ?? kind.Value.ToString(), amount!.Value) : null;
    }
}
