using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>What a program costs, as the cooperative sets it; each part is there for programs of its kind only.</summary>
/// <param name="Seats">Price of a seat or a team; null when nothing is sold by the seat.</param>
/// <param name="Subscription">Yearly fee; null when it is no subscription.</param>
/// <param name="Use">Price of a unit of use; null when nothing is billed by use.</param>
/// <param name="Surcharge">What others than full members pay on top; null when all pay the same.</param>
public sealed record ProgramPricing(
    SeatPricing? Seats = null, SubscriptionPricing? Subscription = null, UsePricing? Use = null, Surcharge? Surcharge = null);

/// <summary>The price of seats over time.</summary>
/// <param name="Steps">By the day of enrollment, strictly ascending; at least one.</param>
/// <param name="Discounts">By the number of seats, strictly ascending; none when every seat costs the same.</param>
public sealed record SeatPricing(StructuralList<PriceStep> Steps, StructuralList<VolumeDiscount> Discounts = default);

/// <summary>A price and the first day on which it is quoted.</summary>
/// <param name="From">First day.</param>
/// <param name="First">A member's first seat or team.</param>
/// <param name="More">Each further one.</param>
public sealed record PriceStep(DateOnly From, Money First, Money More);

/// <summary>A discount on all seats from a number on.</summary>
/// <param name="FromSeats">From so many seats, two or more.</param>
/// <param name="BasisPoints">Hundredths of a percent off, 1 to 10,000.</param>
public sealed record VolumeDiscount(int FromSeats, int BasisPoints);

/// <summary>What some types of membership pay on top.</summary>
/// <param name="BasisPoints">Hundredths of a percent, 1 to 100,000.</param>
/// <param name="MemberTypes">Types that pay it, e.g. <c>NonProfit</c>, <c>Participating</c>.</param>
public sealed record Surcharge(int BasisPoints, StructuralList<string> MemberTypes);

/// <summary>A yearly fee.</summary>
/// <param name="AnnualFee">For the whole service year, 1 July to 30 June.</param>
/// <param name="Slots">Slots included.</param>
/// <param name="SlotFee">Each further slot, for the whole year.</param>
/// <param name="NoticeDays">Notice is given at least so many days before the year's end.</param>
public sealed record SubscriptionPricing(Money AnnualFee, int Slots, Money SlotFee, int NoticeDays);

/// <summary>The price of a unit of use.</summary>
/// <param name="Unit">What is counted, e.g. <c>hour</c>, <c>background check</c>.</param>
/// <param name="Price">Price of one.</param>
public sealed record UsePricing(string Unit, UnitPrice Price);

/// <summary>
/// The prices that a member was quoted. What it pays and what it gets back is reckoned with these, whatever the program costs later.
/// </summary>
/// <param name="On">Day of the quotation.</param>
/// <param name="First">First seat.</param>
/// <param name="More">Each further one.</param>
/// <param name="Discounts">By the number of seats.</param>
/// <param name="SurchargeBasisPoints">On top, hundredths of a percent; 0 when none.</param>
public sealed record QuotedPrices(
    DateOnly On, Money First, Money More, StructuralList<VolumeDiscount> Discounts, int SurchargeBasisPoints)
{
    /// <summary>Version of the rule that <see cref="PriceOf"/> is.</summary>
    public const int RuleVersion = 1;

    /// <summary>
    /// (first + (n−1) × more) × (1 − discount of the highest step reached) × (1 + surcharge), rounded once to the cent, half away from
    /// zero; nothing for no seat.
    /// </summary>
    /// <param name="seats">Seats, not negative.</param>
    public Money PriceOf(int seats)
    {
        if (seats <= 0) return Money.Zero;
        var list = First.Dollars + ((seats - 1) * More.Dollars);
        var off = Discounts.Where(d => d.FromSeats <= seats).Select(d => d.BasisPoints).LastOrDefault();
        return Money.Round(list * (AccountSplit.Whole - off) / AccountSplit.Whole
            * (AccountSplit.Whole + SurchargeBasisPoints) / AccountSplit.Whole);
    }
}

/// <summary>What can be wrong with prices, and what they come to.</summary>
public static class PricingRules
{
    /// <summary>Highest price of one thing: a million dollars.</summary>
    public static readonly Money Highest = Money.FromDollars(1_000_000m);

    private const int MostSteps = 20;

    /// <summary>
    /// <c>pricing-empty</c>, <c>price-out-of-range</c>, <c>price-steps-invalid</c>, <c>discounts-invalid</c>, <c>surcharge-invalid</c>,
    /// <c>slots-out-of-range</c>, <c>notice-days-out-of-range</c>, or what is wrong with the unit's name; null when all is well.
    /// </summary>
    public static Refusal? Flaw(ProgramPricing pricing)
    {
        if (pricing is { Seats: null, Subscription: null, Use: null })
            return new("pricing-empty", "Give a price by the seat, by the year or by use.");
        return (pricing.Seats is { } seats ? SeatFlaw(seats) : null)
            ?? (pricing.Subscription is { } yearly ? SubscriptionFlaw(yearly) : null)
            ?? (pricing.Use is { } use ? PlainText.Check("unit", use.Unit, 40) : null)
            ?? (pricing.Use is { Price.Micros: < 0 or > 1_000_000_000_000 } ? OutOfRange : null)
            ?? (pricing.Surcharge is { } extra && (extra.BasisPoints is < 1 or > 100_000 || extra.MemberTypes.Count == 0
                || !extra.MemberTypes.All(Id.IsWellFormed))
                ? new("surcharge-invalid", "A surcharge is 0.01 % to 1,000 %, for at least one type of membership.")
                : null);
    }

    /// <summary>The prices quoted to a member of a type on a day; null when the program has no price by the seat on that day.</summary>
    public static QuotedPrices? Quote(ProgramPricing pricing, string memberType, DateOnly on)
    {
        if (pricing.Seats is not { } seats || seats.Steps.LastOrDefault(s => s.From <= on) is not { } step) return null;
        return new(on, step.First, step.More, seats.Discounts, SurchargeFor(pricing, memberType));
    }

    /// <summary>The surcharge of a type of membership, hundredths of a percent.</summary>
    public static int SurchargeFor(ProgramPricing pricing, string memberType) =>
        pricing.Surcharge is { } extra && extra.MemberTypes.Contains(memberType, StringComparer.Ordinal) ? extra.BasisPoints : 0;

    private static Refusal OutOfRange => new("price-out-of-range", "A price is zero to a million dollars.");

    private static bool IsPrice(Money price) => price >= Money.Zero && price <= Highest;

    private static Refusal? SeatFlaw(SeatPricing seats)
    {
        if (seats.Steps.Any(s => !IsPrice(s.First) || !IsPrice(s.More))) return OutOfRange;
        if (seats.Steps.Count is 0 or > MostSteps || !Ascends(seats.Steps.Select(s => s.From.DayNumber)))
            return new("price-steps-invalid", "Give 1 to 20 prices, each from a later day than the one before.");
        return seats.Discounts.Count > MostSteps || !Ascends(seats.Discounts.Select(d => d.FromSeats))
            || seats.Discounts.Any(d => d.FromSeats < 2 || d.BasisPoints is < 1 or > AccountSplit.Whole)
            ? new("discounts-invalid", "Discounts start at two seats or more, each from more seats than the one before, up to 100 %.")
            : null;
    }

    private static Refusal? SubscriptionFlaw(SubscriptionPricing yearly)
    {
        if (!IsPrice(yearly.AnnualFee) || !IsPrice(yearly.SlotFee)) return OutOfRange;
        if (yearly.Slots is < 0 or > Subscription.MostSlots)
            return new("slots-out-of-range", $"Slots are 0 to {Subscription.MostSlots}.");
        return yearly.NoticeDays is < 0 or > 365 ? new("notice-days-out-of-range", "Notice is 0 to 365 days.") : null;
    }

    private static bool Ascends(IEnumerable<int> values)
    {
        int? last = null;
        foreach (var value in values)
        {
            if (last >= value) return false;
            last = value;
        }

        return true;
    }
}
