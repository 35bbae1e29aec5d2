using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>What comes back when a member gives seats up, by the days left to the start.</summary>
/// <param name="Tiers">Strictly descending by days; what none of them reaches gets nothing back.</param>
public sealed record RefundPolicy(StructuralList<RefundTier> Tiers)
{
    /// <summary>The hundredths of a percent that come back so many days before the start; 0 on the day itself or after it.</summary>
    public int BasisPoints(int daysBefore) => Tiers.Where(t => daysBefore >= t.DaysBefore).Select(t => t.BasisPoints).FirstOrDefault();

    /// <summary><c>refund-tiers-invalid</c>; null when all is well.</summary>
    public static Refusal? Flaw(RefundPolicy policy)
    {
        var last = int.MaxValue;
        foreach (var tier in policy.Tiers)
        {
            if (tier.DaysBefore < 0 || tier.DaysBefore >= last || tier.BasisPoints is < 0 or > AccountSplit.Whole) return Invalid;
            last = tier.DaysBefore;
        }

        return policy.Tiers.Count > 20 ? Invalid : null;
    }

    private static Refusal Invalid =>
        new("refund-tiers-invalid", "Give at most 20 tiers of 0 to 100 %, each with fewer days than the one before.");
}

/// <summary>A part that comes back.</summary>
/// <param name="DaysBefore">At least so many days before the day of the start.</param>
/// <param name="BasisPoints">Hundredths of a percent of what is given up, 0 to 10,000.</param>
public sealed record RefundTier(int DaysBefore, int BasisPoints);

/// <summary>A refund with the figures it came from.</summary>
/// <param name="Paid">Price of the seats before.</param>
/// <param name="Remaining">Price of the seats that remain, at the prices quoted: a discount that is lost is not paid out.</param>
/// <param name="DaysBefore">Days to the start; null when the whole amount comes back whatever the day.</param>
/// <param name="BasisPoints">Tier reached.</param>
/// <param name="Amount">What comes back.</param>
/// <param name="RuleVersion">Version of the rule.</param>
public sealed record Refund(Money Paid, Money Remaining, int? DaysBefore, int BasisPoints, Money Amount, int RuleVersion)
{
    /// <summary>Version of the rule that new refunds name.</summary>
    public const int CurrentVersion = 1;

    /// <summary>(paid − price of what remains, never below zero) × tier, rounded once to the cent.</summary>
    /// <param name="quote">Prices quoted.</param>
    /// <param name="before">Seats before.</param>
    /// <param name="after">Seats that remain.</param>
    /// <param name="policy">Policy in force at placement.</param>
    /// <param name="daysBefore">Days to the start.</param>
    public static Refund Reprice(QuotedPrices quote, int before, int after, RefundPolicy policy, int daysBefore)
    {
        var (paid, remaining) = (quote.PriceOf(before), quote.PriceOf(after));
        var tier = policy.BasisPoints(daysBefore);
        var given = paid > remaining ? paid - remaining : Money.Zero;
        return new(paid, remaining, daysBefore, tier, Money.Round(given.Dollars * tier / AccountSplit.Whole), CurrentVersion);
    }

    /// <summary>All of it, whatever the policy says: the cooperative called it off.</summary>
    /// <param name="paid">What was paid for the seats that are left.</param>
    public static Refund InFull(Money paid) => new(paid, Money.Zero, null, AccountSplit.Whole, paid, CurrentVersion);

    /// <summary>Days from a moment to the start, counted by dates on the wall.</summary>
    public static int DaysUntil(DateTimeOffset startsAt, DateTimeOffset now) =>
        BusinessCalendar.LocalDate(startsAt).DayNumber - BusinessCalendar.LocalDate(now).DayNumber;
}
