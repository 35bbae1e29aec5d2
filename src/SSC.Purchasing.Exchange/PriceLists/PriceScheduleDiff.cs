using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Exchange.PriceLists;

/// <summary>A price of one item at a pooled quantity, before and after.</summary>
/// <param name="From">Pooled quantity at which either ladder begins a step.</param>
/// <param name="Before">What holds now.</param>
/// <param name="After">What the list says.</param>
public sealed record PriceMove(Quantity From, UnitPrice Before, UnitPrice After)
{
    /// <summary>Change in percent of the former price, two decimals, half away from zero; negative when it becomes cheaper.</summary>
    public decimal Percent => decimal.Round((After.Micros - Before.Micros) * 100m / Before.Micros, 2, MidpointRounding.AwayFromZero);

    /// <summary>True when it becomes dearer: publishing then needs a reason.</summary>
    public bool IsUp => After > Before;
}

/// <summary>How one item changes.</summary>
/// <param name="Item">The item.</param>
/// <param name="Before">The line that holds now.</param>
/// <param name="After">The line of the list.</param>
/// <param name="Moves">Prices that move; empty when none does.</param>
/// <param name="PackChanged">Unit, case size, package, increment or a minimum differ: compare prices with care.</param>
/// <param name="DescriptionChanged">The description, and with it perhaps the content of a package, differs.</param>
public sealed record LineChange(
    ItemNo Item, ScheduleLine Before, ScheduleLine After, IReadOnlyList<PriceMove> Moves, bool PackChanged, bool DescriptionChanged);

/// <summary>What a price list changes in the schedule that holds now.</summary>
/// <param name="Added">Items that are new, in item order.</param>
/// <param name="Removed">Items that the list no longer has, in item order.</param>
/// <param name="Changed">Items that differ, in item order.</param>
/// <param name="Unchanged">How many stay as they are.</param>
public sealed record PriceScheduleDiff(
    IReadOnlyList<ScheduleLine> Added, IReadOnlyList<ScheduleLine> Removed, IReadOnlyList<LineChange> Changed, int Unchanged)
{
    /// <summary>True when some price rises: the contract asks for a reason then.</summary>
    public bool HasRise => Changed.Any(c => c.Moves.Any(m => m.IsUp));

    /// <summary>Compares a schedule with the one it is to replace; everything is added when there is none.</summary>
    public static PriceScheduleDiff Between(PriceSchedule? before, PriceSchedule after)
    {
        var (old, fresh) = (ByItem(before), ByItem(after));
        var common = fresh.Where(f => old.ContainsKey(f.Key)).Select(f => Compare(old[f.Key], f.Value)).ToList();
        return new(
            [.. fresh.Where(f => !old.ContainsKey(f.Key)).Select(f => f.Value)],
            [.. old.Where(o => !fresh.ContainsKey(o.Key)).Select(o => o.Value)],
            [.. common.OfType<LineChange>()],
            common.Count(c => c is null));
    }

    private static SortedDictionary<ItemNo, ScheduleLine> ByItem(PriceSchedule? schedule) =>
        new((schedule?.Lines ?? []).ToDictionary(l => l.Item));

    private static LineChange? Compare(ScheduleLine before, ScheduleLine after)
    {
        if (before == after) return null;
        var moves =
            from start in before.Tiers.Concat(after.Tiers).Select(t => t.From).Distinct().Order()
            let move = new PriceMove(start, before.PriceAt(start), after.PriceAt(start))
            where move.Before != move.After
            select move;
        return new(
            after.Item, before, after, [.. moves], PackOf(before) != PackOf(after),
            !string.Equals(before.Description, after.Description, StringComparison.Ordinal));
    }

    private static (string, Quantity, Quantity, string?, Quantity, Quantity) PackOf(ScheduleLine line) =>
        (line.Unit, line.CaseSize, line.Increment, line.Package, line.MinimumOrder, line.MinimumDrop);
}
