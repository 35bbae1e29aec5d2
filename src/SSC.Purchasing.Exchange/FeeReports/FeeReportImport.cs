using SSC.Purchasing.Exchange.PriceLists;
using SSC.Purchasing.Exchange.Tabular;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Fees;

namespace SSC.Purchasing.Exchange.FeeReports;

/// <summary>What became of a vendor's quarterly report: all of it or nothing.</summary>
public abstract record FeeReportOutcome
{
    private FeeReportOutcome()
    {
    }

    /// <summary>
    /// The file as a whole cannot be used: a code of <see cref="TableReader"/>, <c>column-missing</c>, <c>column-repeated</c>.
    /// </summary>
    public sealed record Refused(Refusal Refusal) : FeeReportOutcome;

    /// <summary>Rows are at fault; nothing is recorded.</summary>
    public sealed record Faulty(ImportReport Report) : FeeReportOutcome;

    /// <summary>Record this; a file with a header and no rows reports no sales.</summary>
    public sealed record Ready(ImportReport Report, StructuralList<ReportedSale> Rows, Money Fee) : FeeReportOutcome;
}

/// <summary>
/// Reads a vendor's report of a quarter's sales from CSV or XLSX: a row per purchase order, or per member and item of it, with net sales
/// and the fee. Row codes: <c>order-missing</c>, <c>sales-missing</c>, <c>amount-not-a-number</c>, <c>quantity-not-a-number</c>,
/// <c>id-malformed</c>, and codes of cells.
/// </summary>
public static class FeeReportImport
{
    private enum Column
    {
        Order,
        Member,
        Item,
        Quantity,
        Sales,
        Fee,
    }

    private static readonly ColumnAliases<Column> Aliases = new(
        (Column.Order, ["PO #", "PO", "PO Number", "Purchase Order", "Purchase Order #", "Order Number", "Order #", "Order"]),
        (Column.Member, ["Member", "Member #", "Member No", "Member Number", "Customer", "Customer #", "Customer Number", "Account #"]),
        (Column.Item, ["Item", "Item #", "Item No", "Item Number", "SKU", "Product #", "Product Code"]),
        (Column.Quantity, ["Quantity", "Qty", "Units", "Qty Sold", "Units Sold"]),
        (Column.Sales, ["Net Sales", "Sales", "Net Amount", "Sales Amount", "Total Sales", "Amount", "Extended Price"]),
        (Column.Fee, ["Fee", "Admin Fee", "Administrative Fee", "Fee Amount", "Fee Due", "Rebate"]));

    /// <summary>Reads the report and checks every row.</summary>
    public static async Task<FeeReportOutcome> Read(Stream source, TableLimits? limits = null, CancellationToken ct = default)
    {
        var outcome = await TableReader.Read(source, IsHeader, limits, ct).ConfigureAwait(false);
        if (outcome is TableOutcome.Refused no) return new FeeReportOutcome.Refused(no.Refusal);
        var table = ((TableOutcome.Read)outcome).Table;
        var columns = Aliases.Match(table.Header.Texts);
        if (columns.Repeated.Count > 0)
            return new FeeReportOutcome.Refused(new(
                "column-repeated", $"The header names '{columns.NameOf(columns.Repeated[0])}' twice; keep the column that counts."));
        if (!columns.Has(Column.Fee)) return new FeeReportOutcome.Refused(new("column-missing", "Add a column with the fee on each row."));
        var faults = new List<RowFault>();
        var rows = new List<ReportedSale>();
        var fee = Money.Zero;
        foreach (var row in table.Rows)
        {
            if (ReadRow(new(row, columns, faults)) is not { } read) continue;
            rows.Add(read.Sale);
            fee += read.Fee;
        }

        var report = new ImportReport(table.Sheet, table.Header.Number, table.Rows.Count, table.BlankRows, faults, [], table.SourceHash);
        return faults.Count > 0 ? new FeeReportOutcome.Faulty(report) : new FeeReportOutcome.Ready(report, [.. rows], fee);
    }

    private static bool IsHeader(IReadOnlyList<string> row)
    {
        var columns = Aliases.Match(row);
        return columns.Has(Column.Order) && columns.Has(Column.Sales);
    }

    private static (ReportedSale Sale, Money Fee)? ReadRow(RowCells<Column> cells)
    {
        var order = cells.Required(Column.Order, "order-missing", "Name the purchase order that was sold on.");
        var sales = Amount(cells, Column.Sales, cells.Required(Column.Sales, "sales-missing",
            "Give the net sales of the row, also when 0."));
        var fee = Amount(cells, Column.Fee, cells.Text(Column.Fee));
        var member = IdIn(cells, Column.Member);
        var item = IdIn(cells, Column.Item);
        Quantity? units = null;
        if (cells.Text(Column.Quantity) is { } text && (units = PriceText.ReadQuantity(text)) is null)
            cells.Fault(Column.Quantity, "quantity-not-a-number", "Write the quantity as a number with at most three decimals.");
        if (!cells.IsSound) return null;
        return (
            new(cells.Number, order!, member is null ? null : new MemberNo(member), item is null ? null : new ItemNo(item), units, sales),
            fee);
    }

    private static Money Amount(RowCells<Column> cells, Column column, string? text)
    {
        if (text is null) return Money.Zero;
        if (PriceText.ReadAmount(text) is { } amount) return amount;
        cells.Fault(column, "amount-not-a-number", "Write the amount in dollars and cents such as 1,234.50, not negative.");
        return Money.Zero;
    }

    private static string? IdIn(RowCells<Column> cells, Column column)
    {
        if (cells.Text(column) is not { } text) return null;
        if (!Id.IsWellFormed(text)) cells.Fault(column, "id-malformed",
            "Use the number as in the order: letters, digits, '.', '_' and '-'.");
        return text;
    }
}
