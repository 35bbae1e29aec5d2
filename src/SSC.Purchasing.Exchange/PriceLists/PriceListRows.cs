using SSC.Purchasing.Exchange.Tabular;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Exchange.PriceLists;

/// <summary>Turns the rows of one price list into lines of a schedule.</summary>
internal sealed class PriceListRows(
    ColumnMap<PriceColumn> columns, IReadOnlyList<(int Column, Quantity From)> tierColumns, string? riseReason)
{
    /// <summary>The header's text over the item numbers.</summary>
    public string? ItemHeader => columns.NameOf(PriceColumn.Item);

    /// <summary>True when each step of a ladder is a row of its own, with a column that says from which quantity it holds.</summary>
    public bool HasTierRows => columns.Has(PriceColumn.TierFrom);

    /// <summary>
    /// A note when a row is no item: the header again (after a page break), or a lone text (a section's title, a footnote). A lone
    /// item number, which has a digit, is an item with everything missing.
    /// </summary>
    public RowNote? IsHeading(TableRow row, TableRow header)
    {
        if (row.Texts.SequenceEqual(header.Texts, StringComparer.OrdinalIgnoreCase))
            return new(row.Number, "header-repeated", "The header again; left out.");
        var said = Enumerable.Range(0, row.Cells.Count).Where(i => !row.Cells[i].IsEmpty).ToList();
        if (said.Count != 1 || row[said[0]].Fault is not null || tierColumns.Any(t => t.Column == said[0])) return null;
        var column = columns.Columns.FirstOrDefault(c => c.Value == said[0], new(PriceColumn.Description, said[0])).Key;
        var text = row[said[0]].Text;
        var isItem = column == PriceColumn.Item && Id.IsWellFormed(text) && text.Any(char.IsAsciiDigit);
        return isItem || column == PriceColumn.Price
            ? null
            : new(row.Number, "heading", $"Taken for a heading and left out: {(text.Length <= 80 ? text : text[..80] + "…")}");
    }

    /// <summary>
    /// The line of a row; null when something is wrong with it, all of which is collected. Where steps are rows, the line has the
    /// row's step only, and a further step may leave out what <paramref name="earlier"/> says of its item.
    /// </summary>
    public ScheduleLine? Read(
        TableRow row, IReadOnlyDictionary<ItemNo, (int Row, ScheduleLine Line)> earlier, List<RowFault> faults, List<RowNote> notes)
    {
        var cells = new RowCells<PriceColumn>(row, columns, faults);
        var item = cells.Required(PriceColumn.Item, "item-missing", "Give the item number.");
        if (item is not null && !Id.IsWellFormed(item))
        {
            cells.Fault(
                PriceColumn.Item, "item-invalid", $"An item number is 1 to {Id.MaxLength} letters, digits, . _ - or :, without spaces.");
        }

        if (HasTierRows && item is not null && earlier.TryGetValue(new(item), out var before)
            && cells.Text(PriceColumn.Description) is null && cells.Text(PriceColumn.Unit) is null)
        {
            var step = ReadTiers(cells);
            return cells.IsSound ? before.Line with { Tiers = step } : null;
        }

        var description = cells.Required(PriceColumn.Description, "description-missing", "Describe the item.");
        var (unit, packing) = ReadUnitAndPack(cells);
        var tiers = ReadTiers(cells);
        var increment = ReadQuantity(cells, PriceColumn.Increment);
        var minimumOrder = ReadQuantity(cells, PriceColumn.MinimumOrder);
        var minimumDrop = ReadQuantity(cells, PriceColumn.MinimumDrop);
        var federal = ReadYesOrNo(cells, PriceColumn.FederalFood);
        var (unspsc, nigp, gtin) = (Digits(cells, PriceColumn.Unspsc), Digits(cells, PriceColumn.Nigp), ReadGtin(cells, notes));
        if (!cells.IsSound || unit is null || packing is null) return null;

        var line = new ScheduleLine(
            new(item!), Described(description!, packing), unit.Code, packing.CaseSize, increment ?? IncrementOf(packing.CaseSize), tiers)
        {
            Package = packing.Package?.Code,
            MinimumOrder = minimumOrder ?? Quantity.Zero,
            MinimumDrop = minimumDrop ?? Quantity.Zero,
            Unspsc = unspsc,
            Nigp = nigp,
            Gtin = gtin,
            FederalFood = federal,
        };
        return HasTierRows || Check(row.Number, line, faults) ? line : null;
    }

    /// <summary>Whether a whole line may stand in a schedule; what is wrong with it is collected under its row.</summary>
    public bool Check(int row, ScheduleLine line, List<RowFault> faults)
    {
        if (PriceScheduleRules.CheckLine(line, riseReason) is not { } flaw) return true;
        faults.Add(new(row, columns.NameOf(ColumnOf(flaw.Code)), flaw.Code, flaw.Reason));
        return false;
    }

    private static (UnitOfMeasure? Unit, Packing? Packing) ReadUnitAndPack(RowCells<PriceColumn> cells)
    {
        var pack = cells.Text(PriceColumn.CaseQuantity) ?? cells.Text(PriceColumn.Pack);
        if (cells.Required(PriceColumn.Unit, "unit-missing", "Give the unit of measure that the price is for.") is not { } text)
            return default;
        var unit = VendorUnits.Find(text, out var doubtful);
        if (unit is null && !doubtful)
        {
            (text, var inUnit) = PackText.SplitUnit(text);
            pack ??= inUnit;
            unit = VendorUnits.Find(text, out doubtful);
        }

        if (unit is null)
        {
            cells.Fault(
                PriceColumn.Unit, doubtful ? "unit-ambiguous" : "unit-unknown",
                doubtful
                    ? $"'{text}' has two meanings; write the unit out."
                    : $"Unit '{text}' is not known; write EA, CASE, GAL, LB or the like.");
            return default;
        }

        var packing = pack is null ? Packing.Loose : PackText.Read(pack, unit);
        if (packing is null)
        {
            cells.Fault(
                PriceColumn.Pack, "pack-not-understood",
                $"'{pack}' cannot be told for a price per {unit.Name}; write how many of it a case holds, e.g. 12/CS.");
        }

        return (unit, packing);
    }

    private StructuralList<Tier> ReadTiers(RowCells<PriceColumn> cells)
    {
        var tiers = new SortedDictionary<Quantity, UnitPrice>();
        var faultsBefore = cells.FaultCount;
        var from = HasTierRows ? ReadStart(cells) : Quantity.Zero;
        if (cells.Text(PriceColumn.Price) is { } price) Add(cells, tiers, cells.NameOf(PriceColumn.Price), from, price);
        foreach (var (column, start) in tierColumns)
        {
            if (cells.TextAt(column) is not { } text) continue;
            Add(cells, tiers, columns.Header[column], Lowest(start), text);
        }

        if (tiers.Count == 0 && cells.FaultCount == faultsBefore) cells.Fault(PriceColumn.Price, "price-missing", "Give the price.");
        return [.. tiers.Select(t => new Tier(t.Key, t.Value))];
    }

    private static Quantity ReadStart(RowCells<PriceColumn> cells)
    {
        if (cells.Text(PriceColumn.TierFrom) is not { } text) return Quantity.Zero;
        if (PriceListColumns.TierStart(text) is { } start) return Lowest(start);
        cells.Fault(PriceColumn.TierFrom, "quantity-not-a-number", "Write the pooled quantity from which the price holds, e.g. 200.");
        return Quantity.Zero;
    }

    /// <summary>A quantity break from one unit on is the plain price.</summary>
    private static Quantity Lowest(Quantity start) => start <= Quantity.Of(1) ? Quantity.Zero : start;

    private static void Add(
        RowCells<PriceColumn> cells, SortedDictionary<Quantity, UnitPrice> tiers, string? column, Quantity start, string text)
    {
        if (PriceText.ReadPrice(text, out var fault) is not { } price)
            cells.Fault(column, fault!.Code, fault.Reason);
        else if (!tiers.TryAdd(start, price) && tiers[start] != price)
            cells.Fault(column, "item-price-conflict", "Two columns give different prices for the smallest quantity; keep one.");
    }

    private static Quantity? ReadQuantity(RowCells<PriceColumn> cells, PriceColumn column)
    {
        if (cells.Text(column) is not { } text) return null;
        if (PriceText.ReadQuantity(text) is { } quantity) return quantity;
        cells.Fault(column, "quantity-not-a-number", "Write a number with at most three decimals, without its unit.");
        return null;
    }

    private static bool ReadYesOrNo(RowCells<PriceColumn> cells, PriceColumn column)
    {
        switch (cells.Text(column)?.ToUpperInvariant())
        {
            case null or "NO" or "N" or "FALSE" or "0": return false;
            case "YES" or "Y" or "TRUE" or "1" or "X": return true;
            default:
                cells.Fault(column, "yes-or-no", "Write yes or no.");
                return false;
        }
    }

    private static string? Digits(RowCells<PriceColumn> cells, PriceColumn column) =>
        cells.Text(column)?.Replace("-", string.Empty, StringComparison.Ordinal).Replace(" ", string.Empty, StringComparison.Ordinal);

    // Spreadsheets drop the leading zero of a UPC; the check digit tells whether that is what happened.
    private static string? ReadGtin(RowCells<PriceColumn> cells, List<RowNote> notes)
    {
        var code = Digits(cells, PriceColumn.Gtin);
        if (code is not { Length: 11 } || !ItemCodes.IsGtin("0" + code)) return code;
        notes.Add(new(cells.Number, "gtin-zero-restored", $"The leading zero of UPC 0{code} was restored."));
        return "0" + code;
    }

    private static string Described(string description, Packing packing) =>
        packing.Content is not { } content || description.Contains(content, StringComparison.OrdinalIgnoreCase)
            ? description
            : $"{description} ({content})";

    private static Quantity IncrementOf(Quantity caseSize) => caseSize.IsMultipleOf(Quantity.Of(1)) ? Quantity.Of(1) : caseSize;

    private static PriceColumn ColumnOf(string code) => code.Split('-')[0] switch
    {
        "item" => PriceColumn.Item,
        "description" => PriceColumn.Description,
        "unit" => PriceColumn.Unit,
        "package" or "case" or "quantity" => PriceColumn.Pack,
        "increment" => PriceColumn.Increment,
        "minimum" => PriceColumn.MinimumOrder,
        "unspsc" => PriceColumn.Unspsc,
        "nigp" => PriceColumn.Nigp,
        "gtin" => PriceColumn.Gtin,
        _ => PriceColumn.Price,
    };
}
