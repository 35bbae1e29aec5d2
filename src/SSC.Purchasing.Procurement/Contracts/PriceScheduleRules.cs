using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Catalog;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.Contracts;

/// <summary>What a price schedule must be before it is accepted; also used row by row when a vendor's list is imported.</summary>
public static class PriceScheduleRules
{
    /// <summary>Most lines in one schedule.</summary>
    public const int MaxLines = 5_000;

    /// <summary>Most steps in one ladder.</summary>
    public const int MaxTiers = 20;

    /// <summary>Longest description, characters.</summary>
    public const int MaxDescription = 200;

    /// <summary>Highest unit price accepted: ten million dollars.</summary>
    public static readonly UnitPrice MaxPrice = UnitPrice.FromDollars(10_000_000m);

    /// <summary>The first thing wrong with a schedule as a whole and with each of its lines; null when it is sound.</summary>
    /// <param name="schedule">The schedule offered.</param>
    /// <param name="before">The prices it replaces, or null.</param>
    /// <param name="riseReason">Why prices rise, or null when none does.</param>
    /// <param name="fee">The contract's fee.</param>
    /// <returns>A refusal: <c>schedule-empty</c>, <c>schedule-too-long</c>, <c>schedule-item-repeated</c>, <c>federal-percentage-fee</c>,
    /// <c>price-rise-without-reason</c>, or one of <see cref="CheckLine"/>.</returns>
    public static Refusal? Check(PriceSchedule schedule, PriceSchedule? before, string? riseReason, FeeTerms fee)
    {
        if (schedule.Lines.Count == 0) return new("schedule-empty", "A price schedule needs at least one line.");
        if (schedule.Lines.Count > MaxLines) return new("schedule-too-long", $"Split the schedule: at most {MaxLines} lines are accepted.");
        var former = before?.Lines.ToDictionary(l => l.Item);
        var seen = new HashSet<ItemNo>();
        foreach (var line in schedule.Lines)
        {
            if (!seen.Add(line.Item)) return new("schedule-item-repeated", $"Item {line.Item} is listed twice; keep one line.");
            if (CheckLine(line, riseReason) is { } wrong) return wrong;
            if (CheckFederalFood(line, fee) is { } fees) return fees;
            if (riseReason is null && former is not null && former.TryGetValue(line.Item, out var old) && Rises(old, line))
                return new("price-rise-without-reason", $"Item {line.Item} becomes dearer; give the reason for the rise.");
        }

        return null;
    }

    /// <summary>
    /// The first thing wrong with one line: <c>item-invalid</c>, <c>description-invalid</c>, <c>unit-unknown</c>, <c>package-unknown</c>,
    /// <c>unspsc-invalid</c>, <c>nigp-invalid</c>, <c>gtin-invalid</c>, <c>case-size-invalid</c>, <c>increment-invalid</c>,
    /// <c>minimum-invalid</c>, <c>quantity-not-whole</c>, <c>increment-does-not-fit-case</c>, <c>charge-invalid</c>, or the ladder's
    /// <c>tiers-missing</c>, <c>too-many-tiers</c>, <c>tier-not-rising</c>, <c>price-invalid</c>, <c>tier-price-rises</c>; else null.
    /// </summary>
    public static Refusal? CheckLine(ScheduleLine line, string? riseReason = null) =>
        CheckCodes(line) ?? CheckQuantities(line) ?? CheckCharges(line) ?? CheckLadder(line, riseReason);

    /// <summary>
    /// <c>federal-percentage-fee</c> when a federally funded food line meets a percentage fee that members pay: the effect is a cost
    /// plus percentage of cost, which 7 CFR 210.21 and 2 CFR 200.324 forbid.
    /// </summary>
    public static Refusal? CheckFederalFood(ScheduleLine line, FeeTerms fee) => line.FederalFood && fee.IsMemberPaidPercentage()
        ? new("federal-percentage-fee", $"Item {line.Item} is federally funded food: charge a fee per unit, or let the vendor pay it.")
        : null;

    private static Refusal? CheckCodes(ScheduleLine line) => line switch
    {
        _ when !Id.IsWellFormed(line.Item.Value) =>
            new("item-invalid", $"An item number is 1 to {Id.MaxLength} letters, digits, . _ - or :."),
        _ when !PlainText.IsWellFormed(line.Description, MaxDescription) =>
            new("description-invalid", $"Describe item {line.Item} in 1 to {MaxDescription} printable characters."),
        _ when Units.Find(line.Unit) is null => new("unit-unknown", $"Item {line.Item}: use a UN/ECE unit code such as EA, GLL or XCS."),
        { Package: { } package } when Units.Find(package) is not { IsPackage: true } =>
            new("package-unknown", $"Item {line.Item}: use a package code with an X prefix such as XCS, XCT or XBX."),
        { Unspsc: { } code } when !ItemCodes.IsUnspsc(code) => new("unspsc-invalid", $"Item {line.Item}: a UNSPSC code has 8 digits."),
        { Nigp: { } code } when !ItemCodes.IsNigp(code) => new("nigp-invalid", $"Item {line.Item}: a NIGP code has 3, 5, 7 or 11 digits."),
        { Gtin: { } code } when !ItemCodes.IsGtin(code) => new("gtin-invalid", $"Item {line.Item}: its GTIN's length or end is wrong."),
        _ => null,
    };

    private static Refusal? CheckQuantities(ScheduleLine line)
    {
        if (!IsPositive(line.CaseSize)) return new("case-size-invalid", $"Item {line.Item}: a case holds above 0 and at most 10⁹.");
        if (!IsPositive(line.Increment)) return new("increment-invalid", $"Item {line.Item}: the increment is above 0 and at most 10⁹.");
        if (!IsInRange(line.MinimumOrder) || !IsInRange(line.MinimumDrop))
            return new("minimum-invalid", $"Item {line.Item}: a minimum is 0 to 10⁹ units.");
        if (!Units.Find(line.Unit)!.Fractional && !AllWhole(line))
            return new("quantity-not-whole", $"Item {line.Item} is counted in whole {line.Unit}; use whole numbers.");
        return line.CaseSize.IsMultipleOf(line.Increment) || line.Increment.IsMultipleOf(line.CaseSize)
            ? null
            : new("increment-does-not-fit-case", $"Item {line.Item}: increment and case size must divide one another.");
    }

    private static Refusal? CheckCharges(ScheduleLine line) =>
        IsCharge(line.FeePerUnit) && IsCharge(line.CommodityCreditPerUnit)
            ? null
            : new("charge-invalid", $"Item {line.Item}: state fee and credit per unit as amounts from 0 to 1,000,000.00.");

    private static Refusal? CheckLadder(ScheduleLine line, string? riseReason)
    {
        if (line.Tiers.Count == 0) return new("tiers-missing", $"Item {line.Item} needs a price.");
        if (line.Tiers.Count > MaxTiers) return new("too-many-tiers", $"Item {line.Item}: at most {MaxTiers} tiers are accepted.");
        var whole = !Units.Find(line.Unit)!.Fractional;
        for (var i = 0; i < line.Tiers.Count; i++)
        {
            var tier = line.Tiers[i];
            if (!IsInRange(tier.From) || (whole && !IsWhole(tier.From)) || (i > 0 && tier.From <= line.Tiers[i - 1].From))
                return new("tier-not-rising", $"Item {line.Item}: each tier starts at a higher quantity than the one before.");
            if (tier.Price.Micros <= 0 || tier.Price > MaxPrice)
                return new("price-invalid", $"Item {line.Item}: a price is above 0 and at most {MaxPrice}.");
            if (i > 0 && riseReason is null && tier.Price > line.Tiers[i - 1].Price)
                return new("tier-price-rises", $"Item {line.Item} is dearer in a higher tier; correct it or give the reason.");
        }

        return null;
    }

    // A ladder rises when, at any quantity where a step of either begins, the new price is above the old one.
    private static bool Rises(ScheduleLine old, ScheduleLine fresh) =>
        old.Tiers.Concat(fresh.Tiers).Any(t => fresh.PriceAt(t.From) > old.PriceAt(t.From));

    private static bool AllWhole(ScheduleLine line) =>
        IsWhole(line.CaseSize) && IsWhole(line.Increment) && IsWhole(line.MinimumOrder) && IsWhole(line.MinimumDrop);

    private static bool IsWhole(Quantity quantity) => quantity.IsMultipleOf(Quantity.Of(1));

    private static bool IsPositive(Quantity quantity) => quantity > Quantity.Zero && quantity <= Quantity.Max;

    private static bool IsInRange(Quantity quantity) => quantity >= Quantity.Zero && quantity <= Quantity.Max;

    private static bool IsCharge(Money? charge) => charge is null or { Cents: >= 0 and <= 100_000_000 };
}
