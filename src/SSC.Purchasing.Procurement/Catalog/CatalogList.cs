using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Procurement.Catalog;

/// <summary>An item's line in one version of the price schedule.</summary>
/// <param name="Version">Version of the schedule.</param>
/// <param name="EffectiveFrom">First day on which it holds.</param>
/// <param name="Line">The line; null when that version no longer lists the item.</param>
public sealed record DatedLine(int Version, DateOnly EffectiveFrom, ScheduleLine? Line);

/// <summary>An item that can be ordered under a contract, with the price that holds and those already announced.</summary>
/// <param name="Contract">The contract; whether it is in force says its own entry.</param>
/// <param name="Vendor">The vendor.</param>
/// <param name="Item">The item.</param>
/// <param name="Lines">In version order; what no day from now on can need is dropped.</param>
public sealed record CatalogEntry(ContractId Contract, VendorId Vendor, ItemNo Item, StructuralList<DatedLine> Lines)
{
    /// <summary>The line that holds on a day, today or later; null when the item is not listed then.</summary>
    public ScheduleLine? LineOn(DateOnly day) => Lines.LastOrDefault(l => l.EffectiveFrom <= day)?.Line;

    /// <summary>The key of an item's entry.</summary>
    public static string Key(ContractId contract, ItemNo item) => $"{contract}/{item}";
}

/// <summary>Every catalog item, by <see cref="CatalogEntry.Key"/>; by vendor, contract and UNSPSC code.</summary>
public sealed class CatalogList : ReadModel<CatalogEntry>
{
    /// <inheritdoc/>
    public override string Name => "catalog_items";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<CatalogEntry>> Indexes { get; } =
    [
        new("vendor", r => r.Vendor.Value),
        new("contract", r => r.Contract.Value),
        new("unspsc", r => r.Lines.Select(l => l.Line?.Unspsc).LastOrDefault(code => code is not null)),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) =>
        from contract in e.KeysIn<Contract.Event>(Contract.Category)
        let published = e.Fact as Contract.Event.PriceSchedulePublished
        where published is not null
        from item in published.Schedule.Lines.Select(l => l.Item).Concat(published.Withdrawn)
        select CatalogEntry.Key(new(contract), item);

    /// <inheritdoc/>
    public override CatalogEntry? Apply(string key, CatalogEntry? row, RecordedEvent e)
    {
        var published = (Contract.Event.PriceSchedulePublished)e.Fact;
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var item = new ItemNo(key[(slash + 1)..]);
        var entry = row ?? new(new(key[..slash]), published.Vendor, item, []);
        var line = new DatedLine(published.Schedule.Version, published.Schedule.EffectiveFrom, published.Schedule.Find(item));
        return entry with { Lines = Needed(entry.Lines.Add(line), BusinessCalendar.LocalDate(e.At)) };
    }

    // A line is never needed again when a later version holds by the time it would, or by today.
    private static StructuralList<DatedLine> Needed(StructuralList<DatedLine> lines, DateOnly today) =>
        [.. lines.Where((line, i) => !lines.Skip(i + 1).Any(later =>
            later.EffectiveFrom <= (line.EffectiveFrom > today ? line.EffectiveFrom : today)))];
}
