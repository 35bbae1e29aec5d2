using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>How far an offering has come.</summary>
public enum OfferingPhase
{
    /// <summary>Not scheduled yet.</summary>
    Absent,

    /// <summary>Scheduled; not open yet.</summary>
    Scheduled,

    /// <summary>Seats are free, or requests are collected.</summary>
    Open,

    /// <summary>No seat is free; requests join the line.</summary>
    Full,

    /// <summary>Takes no more requests.</summary>
    Closed,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Over.</summary>
    Completed,

    /// <summary>Cancelled.</summary>
    Cancelled,
}

/// <summary>Where an offering stands with its minimum.</summary>
public enum MinimumStanding
{
    /// <summary>Not decided yet.</summary>
    Undecided,

    /// <summary>It runs.</summary>
    Runs,

    /// <summary>Too few; its rules or the program administrator say what comes.</summary>
    Below,

    /// <summary>Members are asked to move to another date.</summary>
    Merging,
}

/// <summary>An offer to an entry of the line that is neither taken, declined nor expired.</summary>
/// <param name="Seats">Seats offered.</param>
/// <param name="IsPart">The entry waits for more than this.</param>
/// <param name="Expires">Until when it stands.</param>
public sealed record SeatOffer(int Seats, bool IsPart, DateTimeOffset Expires);

/// <summary>One request and what has become of its seats.</summary>
/// <param name="Request">As it was recorded.</param>
public sealed record SeatLine(SeatRequest Request)
{
    /// <summary>Seats asked for in the opening round, not decided yet.</summary>
    public int Collected { get; init; }

    /// <summary>Seats held.</summary>
    public int Held { get; init; }

    /// <summary>Until when.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>Seats ever confirmed.</summary>
    public int Confirmed { get; init; }

    /// <summary>Confirmed seats ever given back.</summary>
    public int Released { get; init; }

    /// <summary>Seats waited for, without those on offer.</summary>
    public int Waiting { get; init; }

    /// <summary>Offers that stand, by name.</summary>
    public StructuralMap<string, SeatOffer> Offers { get; init; }

    /// <summary>Offers that were ever made; the next one's number less one.</summary>
    public int OffersMade { get; init; }

    /// <summary>Names of offers that were taken.</summary>
    public StructuralList<string> Accepted { get; init; }

    /// <summary>Round of the opening round whose seat it waits for; 0 without one.</summary>
    public int Round { get; init; }

    /// <summary>Offers that ran out: once it goes to the tail, twice it is out.</summary>
    public int Requeues { get; init; }

    /// <summary>Times that a later entry went ahead of it.</summary>
    public int Skips { get; init; }

    /// <summary>The largest part that it has declined; the same or less is not offered to it again.</summary>
    public int DeclinedPart { get; init; }

    /// <summary>Confirmed seats that the member has now.</summary>
    public int Taken => Confirmed - Released;

    /// <summary>Seats on offer.</summary>
    public int Offered => Offers.Values.Sum(o => o.Seats);

    /// <summary>Seats that nobody else can have.</summary>
    public int Committed => Held + Taken + Offered;

    /// <summary>True while anything is left of it.</summary>
    public bool IsLive => Committed + Waiting + Collected > 0;

    /// <summary>
    /// Rank in the line, lower first: those whose offer ran out last, then by priority class, round, time and name of the request. A
    /// pure function of the recorded events.
    /// </summary>
    public (int Requeues, int PriorityClass, int Round, DateTimeOffset At, string Id) Rank =>
        (Requeues, Request.PriorityClass, Round, Request.At, Request.Id);

    /// <summary>Compares two ranks.</summary>
    public static int Compare(SeatLine a, SeatLine b)
    {
        var (x, y) = (a.Rank, b.Rank);
        var order = (x.Requeues, x.PriorityClass, x.Round, x.At).CompareTo((y.Requeues, y.PriorityClass, y.Round, y.At));
        return order != 0 ? order : string.CompareOrdinal(x.Id, y.Id);
    }
}
