using SSC.Purchasing.Exchange.Tabular;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Exchange.PriceLists;

/// <summary>What an import of a price list starts from.</summary>
/// <param name="Version">Version the schedule is to have: one more than the current one's.</param>
/// <param name="EffectiveFrom">First day of the new prices.</param>
/// <param name="DryRun">True to see what would change and get nothing to publish.</param>
public sealed record PriceListRequest(int Version, DateOnly EffectiveFrom, bool DryRun)
{
    /// <summary>The schedule that holds now, to compare with.</summary>
    public PriceSchedule? Current { get; init; }

    /// <summary>Why a higher tier may cost more; without it such a ladder is a fault of its row.</summary>
    public string? RiseReason { get; init; }
}

/// <summary>What became of a price list: all of it or nothing.</summary>
public abstract record PriceListOutcome
{
    private PriceListOutcome()
    {
    }

    /// <summary>
    /// The file as a whole cannot be used: a code of <see cref="TableReader"/>, <c>column-missing</c>, <c>column-repeated</c>,
    /// <c>tiers-stated-twice</c>, <c>list-empty</c> or <c>schedule-too-long</c>.
    /// </summary>
    public sealed record Refused(Refusal Refusal) : PriceListOutcome;

    /// <summary>Rows are at fault; nothing is imported.</summary>
    public sealed record Faulty(ImportReport Report) : PriceListOutcome;

    /// <summary>A dry run found nothing wrong.</summary>
    public sealed record Previewed(ImportReport Report, PriceScheduleDiff Diff) : PriceListOutcome;

    /// <summary>Publish this schedule on the contract; <see cref="ImportReport.SourceHash"/> belongs to it.</summary>
    public sealed record Ready(ImportReport Report, PriceScheduleDiff Diff, PriceSchedule Schedule) : PriceListOutcome;
}

/// <summary>
/// Reads a vendor's price list from CSV or XLSX into a price schedule, as vendors really send them: titles above the header,
/// headers of many names, section headings, repeated headers and rows, price ladders in columns (<c>200+</c>) or as one row for each
/// step (<c>Qty Break</c>). Row codes: <c>item-missing</c>, <c>description-missing</c>, <c>unit-missing</c>, <c>unit-unknown</c>,
/// <c>unit-ambiguous</c>, <c>pack-not-understood</c>, <c>price-missing</c>, those of prices, <c>quantity-not-a-number</c>,
/// <c>yes-or-no</c>, <c>item-price-conflict</c>, <c>item-repeated</c>, codes of cells and of
/// <see cref="PriceScheduleRules.CheckLine"/>. Notes: <c>row-repeated</c>, <c>heading</c>, <c>header-repeated</c>,
/// <c>gtin-zero-restored</c>.
/// </summary>
public static class PriceListImport
{
    /// <summary>Reads the list, checks every row and compares it with the current schedule.</summary>
    public static async Task<PriceListOutcome> Read(
        Stream source, PriceListRequest request, TableLimits? limits = null, CancellationToken ct = default)
    {
        var outcome = await TableReader.Read(source, PriceListColumns.IsHeader, limits, ct).ConfigureAwait(false);
        if (outcome is TableOutcome.Refused no) return new PriceListOutcome.Refused(no.Refusal);
        var table = ((TableOutcome.Read)outcome).Table;
        var columns = PriceListColumns.Aliases.Match(table.Header.Texts);
        var tiers = PriceListColumns.Tiers(table.Header.Texts);
        if (FlawOf(columns, tiers) is { } flaw) return new PriceListOutcome.Refused(flaw);

        var faults = new List<RowFault>();
        var notes = new List<RowNote>();
        var lines = ReadRows(table, new(columns, tiers, request.RiseReason), faults, notes);
        var report = new ImportReport(
            table.Sheet, table.Header.Number, table.Rows.Count, table.BlankRows, faults, notes, table.SourceHash);
        if (faults.Count > 0) return new PriceListOutcome.Faulty(report);
        if (lines.Count == 0) return Refuse("list-empty", "No item stands below the header.");
        if (lines.Count > PriceScheduleRules.MaxLines)
            return Refuse("schedule-too-long", $"A price schedule has at most {PriceScheduleRules.MaxLines} items; split the list.");

        var schedule = new PriceSchedule(request.Version, request.EffectiveFrom, [.. lines]);
        var diff = PriceScheduleDiff.Between(request.Current, schedule);
        return request.DryRun ? new PriceListOutcome.Previewed(report, diff) : new PriceListOutcome.Ready(report, diff, schedule);
    }

    private static PriceListOutcome.Refused Refuse(string code, string reason) => new(new(code, reason));

    private static Refusal? FlawOf(ColumnMap<PriceColumn> columns, IReadOnlyList<(int Column, Quantity From)> tiers)
    {
        if (!columns.Has(PriceColumn.Description)) return new("column-missing", "Add a column with the description of each item.");
        if (!columns.Has(PriceColumn.Unit))
            return new("column-missing", "Add a column with the unit of measure (UOM) that each price is for.");
        if (columns.Repeated.Count > 0)
            return new("column-repeated", $"The header names '{columns.NameOf(columns.Repeated[0])}' twice; keep the column that counts.");
        if (columns.Has(PriceColumn.TierFrom) && (tiers.Count > 0 || !columns.Has(PriceColumn.Price)))
        {
            return new(
                "tiers-stated-twice",
                $"Steps are either rows ('{columns.NameOf(PriceColumn.TierFrom)}' beside one price) or columns; keep one of the two.");
        }

        var twice = tiers.GroupBy(t => t.From).FirstOrDefault(g => g.Count() > 1);
        return twice is null
            ? null
            : new("column-repeated", $"The header has two price columns from quantity {twice.Key}; keep the one that counts.");
    }

    private static List<ScheduleLine> ReadRows(Table table, PriceListRows rows, List<RowFault> faults, List<RowNote> notes)
    {
        var order = new List<ItemNo>();
        var known = new Dictionary<ItemNo, (int Row, ScheduleLine Line)>();
        foreach (var row in table.Rows)
        {
            if (rows.IsHeading(row, table.Header) is { } heading) notes.Add(heading);
            else if (rows.Read(row, known, faults, notes) is not { } line) continue;
            else if (known.TryAdd(line.Item, (row.Number, line))) order.Add(line.Item);
            else if (rows.HasTierRows && Joined(known[line.Item].Line, line) is { } longer)
                known[line.Item] = known[line.Item] with { Line = longer };
            else Repeated(row.Number, line, known[line.Item], rows, faults, notes);
        }

        if (rows.HasTierRows)
        {
            // A ladder is whole only when the last row is read.
            foreach (var item in order) _ = rows.Check(known[item].Row, known[item].Line, faults);
            faults.Sort((one, other) => one.Row.CompareTo(other.Row));
        }

        return [.. order.Select(item => known[item].Line)];
    }

    /// <summary>An item's line with one more step of its ladder; null when the row is no further step of the same item.</summary>
    private static ScheduleLine? Joined(ScheduleLine line, ScheduleLine row) =>
        row with { Tiers = line.Tiers } == line && row.Tiers is [var step] && line.Tiers.All(t => t.From != step.From)
            ? line with { Tiers = line.Tiers.Append(step).OrderBy(t => t.From).ToStructuralList() }
            : null;

    private static void Repeated(
        int row, ScheduleLine line, (int Row, ScheduleLine Line) before, PriceListRows rows, List<RowFault> faults, List<RowNote> notes)
    {
        var (column, tierRows) = (rows.ItemHeader, rows.HasTierRows);
        var same = line with { Tiers = before.Line.Tiers } == before.Line;
        if (same && (line == before.Line || (tierRows && line.Tiers.All(before.Line.Tiers.Contains))))
            notes.Add(new(row, "row-repeated", $"The same as row {before.Row}; counted once."));
        else if (same || (!tierRows && line.Tiers != before.Line.Tiers))
            faults.Add(new(row, column, "item-price-conflict", $"{line.Item} stands in row {before.Row} at another price; keep one."));
        else
            faults.Add(new(row, column, "item-repeated", $"{line.Item} stands in row {before.Row} with other particulars; keep one."));
    }
}
