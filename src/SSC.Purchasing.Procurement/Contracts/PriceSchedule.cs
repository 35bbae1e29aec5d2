using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Contracts;

/// <summary>A step of a price ladder: from this pooled quantity on, this price.</summary>
/// <param name="From">Least pooled quantity, in the line's unit; the first step's may be zero.</param>
/// <param name="Price">Price of one unit.</param>
public sealed record Tier(Quantity From, UnitPrice Price);

/// <summary>One item of a price schedule: what it is, how it is packed, and its price ladder.</summary>
/// <param name="Item">The vendor's item number.</param>
/// <param name="Description">What a buyer reads, at most 200 characters.</param>
/// <param name="Unit">The unit that quantities and prices count, a UN/ECE Recommendation 20 code (or a Recommendation 21 package with
/// an X prefix): <c>EA</c>, <c>GLL</c>, <c>LBR</c>, <c>STN</c>, <c>RM</c>, <c>XCS</c> …</param>
/// <param name="CaseSize">Units in the vendor's case or lot: the consolidated order is a whole number of these.</param>
/// <param name="Increment">A member's quantity is a whole multiple of this many units.</param>
/// <param name="Tiers">The ladder, at least one step, strictly rising in quantity.</param>
public sealed record ScheduleLine(
    ItemNo Item, string Description, string Unit, Quantity CaseSize, Quantity Increment, StructuralList<Tier> Tiers)
{
    /// <summary>What a case is, a UN/ECE Recommendation 21 code with an X prefix (<c>XCS</c>, <c>XCT</c>); null when unsaid.</summary>
    public string? Package { get; init; }

    /// <summary>Least pooled quantity the vendor accepts, in units; zero for none.</summary>
    public Quantity MinimumOrder { get; init; }

    /// <summary>Least quantity the vendor drops at one site, in units; zero for none.</summary>
    public Quantity MinimumDrop { get; init; }

    /// <summary>UNSPSC code, 8 digits.</summary>
    public string? Unspsc { get; init; }

    /// <summary>NIGP code, 3, 5, 7 or 11 digits.</summary>
    public string? Nigp { get; init; }

    /// <summary>GTIN-8, -12, -13 or -14 with its check digit.</summary>
    public string? Gtin { get; init; }

    /// <summary>True for food paid from a federal child nutrition account (7 CFR 210.21): no member-paid percentage fee.</summary>
    public bool FederalFood { get; init; }

    /// <summary>USDA commodity value credited per unit, a positive amount that lowers what the member pays.</summary>
    public Money? CommodityCreditPerUnit { get; init; }

    /// <summary>Fee per unit (a food distributor's fee for service, a cooperative's cents per gallon), on top of the price.</summary>
    public Money? FeePerUnit { get; init; }

    /// <summary>True when members may state a tolerance that fills cases; true unless said otherwise.</summary>
    public bool ToleranceAllowed { get; init; } = true;

    /// <summary>The step of the ladder that a pooled quantity reaches; below the first step, the first.</summary>
    public Tier TierAt(Quantity pooled)
    {
        var reached = Tiers[0];
        foreach (var tier in Tiers)
        {
            if (tier.From <= pooled) reached = tier;
        }

        return reached;
    }

    /// <summary>The unit price that a pooled quantity reaches.</summary>
    public UnitPrice PriceAt(Quantity pooled) => TierAt(pooled).Price;

    /// <summary>The next step of the ladder above a pooled quantity; null on the last.</summary>
    public Tier? NextTier(Quantity pooled)
    {
        for (var i = 1; i < Tiers.Count; i++)
        {
            if (Tiers[i].From > pooled) return Tiers[i];
        }

        return null;
    }

    /// <summary>Units still missing to the next step; null on the last.</summary>
    public Quantity? MissingToNextTier(Quantity pooled) => NextTier(pooled) is { } next ? next.From - pooled : null;

    /// <summary>The per-unit fee on a quantity, rounded once, half away from zero.</summary>
    public Money FeeOn(Quantity quantity) => Money.Round((FeePerUnit ?? Money.Zero).Dollars * quantity.Units);

    /// <summary>The commodity credit on a quantity, rounded once, half away from zero; positive.</summary>
    public Money CreditOn(Quantity quantity) => Money.Round((CommodityCreditPerUnit ?? Money.Zero).Dollars * quantity.Units);
}

/// <summary>A vendor's accepted prices under one contract, numbered and dated; a later one replaces it, never backwards in time.</summary>
/// <param name="Version">1, 2, 3 … within the contract.</param>
/// <param name="EffectiveFrom">First day (America/Chicago) on which these prices hold.</param>
/// <param name="Lines">Items, each item number once.</param>
public sealed record PriceSchedule(int Version, DateOnly EffectiveFrom, StructuralList<ScheduleLine> Lines)
{
    /// <summary>The line of an item, or null.</summary>
    public ScheduleLine? Find(ItemNo item)
    {
        foreach (var line in Lines)
        {
            if (line.Item == item) return line;
        }

        return null;
    }
}
