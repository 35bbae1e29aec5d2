using SSC.Purchasing.Kernel;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Tests.Programs;

/// <summary>A workshop of one day and members who want seats, as the specs of this folder use them.</summary>
internal static class ProgramSamples
{
    public static readonly ProgramId Workshop = new("PD-math");
    public static readonly OfferingId October = new("PD-math-oct");
    public static readonly DateTimeOffset Start = new(2026, 10, 14, 14, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Opens = Start.AddDays(-60);
    public static readonly DateTimeOffset Cutoff = Start.AddDays(-3);
    public static readonly DateTimeOffset Now = Start.AddDays(-30);

    public static OfferingTerms Terms(int? capacity = 10, bool allowSkip = false, int minimum = 0) => new(
        Workshop, "Number sense", [new(Start, 360)], capacity, minimum, Opens, Cutoff)
    {
        Rules = SeatRules.Default with { AllowSkip = allowSkip },
        DecideAt = minimum > 0 ? Start.AddDays(-14) : null,
    };

    public static SeatLedger.Event[] Open(OfferingTerms terms) =>
        [new SeatLedger.Event.Scheduled(October, terms), new SeatLedger.Event.Opened()];

    public static SeatLedger.Command.Ask Ask(string member, int seats, string? po = null, DateTimeOffset? at = null, int priority = 0) =>
        new(new(new(member), priority, null), seats, po, at ?? Now);

    public static SeatLedger.Event.WaitlistJoined Waits(string member, int seats, int minute, int round = 0) =>
        new(new($"{member}.1", new(member), seats, 0, Now.AddMinutes(minute)), round);

    public static SeatLedger.Event.SeatsGiven Has(string member, int seats) =>
        new(new($"{member}.1", new(member), seats, 0, Now) { PurchaseOrder = "PO" });

    public static QuotedPrices Quote(decimal first, decimal? more = null, int discountFrom = 0, int discount = 0, int surcharge = 0) => new(
        new(2026, 9, 1), Money.FromDollars(first), Money.FromDollars(more ?? first),
        discountFrom > 0 ? [new(discountFrom, discount)] : [], surcharge);

    public static Placement Placement(QuotedPrices quote, RefundPolicy? refunds = null, int seats = 6, string request = "M-001.1") => new(
        request, October, Workshop, new("M-001"), seats, "Number sense", quote, refunds ?? Policy, Start);

    public static readonly RefundPolicy Policy = new([new(14, 10_000), new(7, 5_000)]);

    /// <summary>An enrollment with confirmed seats.</summary>
    public static Enrollment.Event[] Confirmed(QuotedPrices quote, int seats, RefundPolicy? refunds = null)
    {
        var follow = new Enrollment.Command.Follow(Placement(quote, refunds, seats), new(0, seats, 0, 0), 3);
        return [.. ((Decision<Enrollment.Event>.Accepted)Enrollment.Decide(follow, Enrollment.Initial)).Events];
    }
}
