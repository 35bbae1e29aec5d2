using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>One date of a program: when, how many, until when.</summary>
/// <param name="Program">Program.</param>
/// <param name="Title">What members call it.</param>
/// <param name="Sessions">By start; at least one.</param>
/// <param name="Capacity">Seats; 0 is none at all, null is no limit.</param>
/// <param name="Minimum">Seats below which it does not run by itself; 0 when it runs in any case.</param>
/// <param name="OpensAt">When seats are given out or, with an opening round, when requests are collected.</param>
/// <param name="Cutoff">When the line is closed: what is free then is public, and nobody waits any more.</param>
public sealed record OfferingTerms(
    ProgramId Program, string Title, StructuralList<Session> Sessions, int? Capacity, int Minimum, DateTimeOffset OpensAt,
    DateTimeOffset Cutoff)
{
    /// <summary>Most seats of one member; null when there is no limit.</summary>
    public int? SeatsPerMember { get; init; }

    /// <summary>End of the opening round, for scarce dates; null when seats go in the order of asking.</summary>
    public DateTimeOffset? RoundUntil { get; init; }

    /// <summary>When it is decided whether enough have enrolled; null when the minimum is not looked at.</summary>
    public DateTimeOffset? DecideAt { get; init; }

    /// <summary>What is done below the minimum, one after the other; then the program administrator is asked.</summary>
    public StructuralList<UnderMinimumAction> UnderMinimum { get; init; }

    /// <summary>The rules of its line.</summary>
    public SeatRules Rules { get; init; } = SeatRules.Default;

    /// <summary>Where it takes place.</summary>
    public string? Place { get; init; }

    /// <summary>The start of its first session.</summary>
    public DateTimeOffset StartsAt => Sessions.Count == 0 ? Cutoff : Sessions[0].StartsAt;

    /// <summary>The end of its last session.</summary>
    public DateTimeOffset EndsAt => Sessions.Count == 0 ? Cutoff : Sessions.Max(s => s.EndsAt);

    /// <summary>
    /// The text or id at fault, <c>sessions-invalid</c>, <c>capacity-negative</c>, <c>minimum-out-of-range</c>, <c>cap-out-of-range</c>,
    /// <c>offering-times-invalid</c>, <c>seat-rules-invalid</c>, <c>under-minimum-invalid</c>; null when all is well.
    /// </summary>
    public static Refusal? Flaw(OfferingTerms terms)
    {
        if ((PlainText.CheckId("program", terms.Program.Value) ?? PlainText.Check("title", terms.Title)
            ?? PlainText.CheckOptional("place", terms.Place)) is { } text) return text;
        if (terms.Sessions.Count is 0 or > 60 || terms.Sessions.Any(s => s.Minutes is < 1 or > 1_440)
            || terms.Sessions.Zip(terms.Sessions.Skip(1)).Any(p => p.First.StartsAt > p.Second.StartsAt))
            return new("sessions-invalid", "Give 1 to 60 sessions in the order of their starts, each of 1 to 1,440 minutes.");
        if (terms.Capacity is < 0 or > SeatLedger.MostSeats)
            return new("capacity-negative", "Capacity is 0 (no seat) or more, or left out for no limit.");
        if (terms.Minimum < 0 || terms.Minimum > (terms.Capacity ?? SeatLedger.MostSeats))
            return new("minimum-out-of-range", "The minimum is 0 to the capacity.");
        if (terms.SeatsPerMember is < 1 or > SeatLedger.MostSeats) return new("cap-out-of-range", "A member's limit is one seat or more.");
        if (terms.OpensAt >= terms.Cutoff || terms.Cutoff > terms.StartsAt
            || (terms.RoundUntil is { } round && (round <= terms.OpensAt || round >= terms.Cutoff))
            || (terms.DecideAt is { } decide && (decide <= terms.OpensAt || decide >= terms.StartsAt)))
            return new("offering-times-invalid", "It opens, then its round ends, then its line closes, then it starts.");
        if (terms.UnderMinimum.Count > 5 || terms.UnderMinimum.Any(a => !Enum.IsDefined(a)))
            return new("under-minimum-invalid", "Name at most five actions below the minimum.");
        return SeatRules.Flaw(terms.Rules);
    }
}

/// <summary>One session.</summary>
/// <param name="StartsAt">Start.</param>
/// <param name="Minutes">Length, 1 to 1,440 minutes.</param>
public sealed record Session(DateTimeOffset StartsAt, int Minutes)
{
    /// <summary>Its end.</summary>
    public DateTimeOffset EndsAt => StartsAt.AddMinutes(Minutes);
}

/// <summary>What is done when too few have enrolled.</summary>
public enum UnderMinimumAction
{
    /// <summary>Wait some days longer, once.</summary>
    Extend,

    /// <summary>Cancel; everything is paid back.</summary>
    Cancel,

    /// <summary>Ask the program administrator.</summary>
    Ask,
}

/// <summary>The rules of an offering's seats and its line: parameters that the cooperative sets, kept with the offering.</summary>
/// <param name="HoldMinutes">A seat is held so long until the member confirms.</param>
/// <param name="OfferHours">An offer from the line stands so long at most.</param>
/// <param name="HoursBeforeStart">No offer stands in the last hours before the start.</param>
/// <param name="AllowSkip">A later entry that fits may go ahead of a head that does not.</param>
/// <param name="MostSkips">So often at most; then seats are kept for the head.</param>
/// <param name="ExtensionDays">Days that an extension below the minimum lasts.</param>
/// <param name="ConsentDays">Days that members have to consent to another date.</param>
public sealed record SeatRules(
    int HoldMinutes, int OfferHours, int HoursBeforeStart, bool AllowSkip, int MostSkips, int ExtensionDays, int ConsentDays)
{
    /// <summary>
    /// What holds unless an offering says otherwise: fifteen minutes to confirm, 48 hours for an offer but none in the last 24 hours,
    /// two skips, five days' extension, three days for consent. The cooperative's own choice, in force from 1 July 2026.
    /// </summary>
    public static readonly SeatRules Default = new(15, 48, 24, false, 2, 5, 3);

    /// <summary><c>seat-rules-invalid</c>; null when all is well.</summary>
    public static Refusal? Flaw(SeatRules rules) =>
        rules.HoldMinutes is < 1 or > 10_080 || rules.OfferHours is < 1 or > 720 || rules.HoursBeforeStart is < 0 or > 720
        || rules.MostSkips is < 0 or > 10 || rules.ExtensionDays is < 1 or > 60 || rules.ConsentDays is < 1 or > 60
            ? new("seat-rules-invalid",
                "Holds last 1 minute to 7 days, offers 1 to 720 hours, skips 0 to 10, extensions and consent 1 to 60 days.")
            : null;
}
