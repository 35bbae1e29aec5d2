using System.Globalization;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>
/// Something that a member owes or gets back, told so that one invoice can carry it beside what other modules charge: no module's types.
/// </summary>
/// <param name="Member">Who owes it.</param>
/// <param name="Source">Where it comes from: <c>enrollment</c>, <c>subscription</c>, <c>service-use</c>, <c>cost-share</c>.</param>
/// <param name="Reference">Ids joined by colons, unique and stable: the same fact always has the same.</param>
/// <param name="Description">What it is for, without a person's name.</param>
/// <param name="Amount">Owed; negative when it comes back.</param>
/// <param name="On">Day on which it arose.</param>
public sealed record ChargeFact(MemberNo Member, string Source, string Reference, string Description, Money Amount, DateOnly On)
{
    /// <summary>Number of the member's invoice that settled it; null while it is owed.</summary>
    public string? SettledBy { get; init; }

    /// <summary>Day on which it was settled.</summary>
    public DateOnly? SettledOn { get; init; }
}

/// <summary>What programs charge, read off recorded events. Pure; an event without money gives nothing.</summary>
public static class ProgramCharges
{
    /// <summary>The charges of one event.</summary>
    public static IReadOnlyList<ChargeFact> Of(RecordedEvent e) => e.Fact switch
    {
        Enrollment.Event fact => OfEnrollment(e, fact),
        Subscription.Event fact => OfSubscription(e, fact),
        ServiceUse.Event.Recorded f => [Used(e, f.Use, f.Amount, "")],
        ServiceUse.Event.Reversed f => [Used(e, f.Use, -f.Amount, ", taken back")],
        SeatLedger.Event.CostSplit f =>
        [
            .. f.Shares.Where(s => s.Value != Money.Zero).Select(s => new ChargeFact(
                s.Key, "cost-share", Reference(e, s.Key.Value),
                string.Create(CultureInfo.InvariantCulture, $"{f.Description}: {f.Seats[s.Key]} of {f.Seats.Values.Sum()} seats"), s.Value,
                On(e))),
        ],
        _ => [],
    };

    private static ChargeFact[] OfEnrollment(RecordedEvent e, Enrollment.Event fact)
    {
        var (what, amount) = fact switch
        {
            Enrollment.Event.SeatsConfirmed f => (Seats(f.Seats, "confirmed"), f.Charge),
            Enrollment.Event.SeatsReduced f => (Seats(f.From - f.To, "given up"), -f.Refund.Amount),
            Enrollment.Event.Cancelled f => (Seats(f.Seats, "cancelled"), -f.Refund.Amount),
            Enrollment.Event.CalledOff f => (Seats(f.Seats, "called off by the cooperative"), -f.Refund.Amount),
            Enrollment.Event.Moved f => (Seats(f.Seats, $"moved to {f.To}"), -f.Refund.Amount),
            _ => ("", Money.Zero),
        };
        if (amount == Money.Zero || e.KeyIn(Enrollment.Category)?.Split(':') is not [var offering, var member]) return [];
        return [new(new(member), "enrollment", Reference(e, null), $"{offering}: {what}", amount, On(e))];
    }

    private static ChargeFact[] OfSubscription(RecordedEvent e, Subscription.Event fact)
    {
        var (what, amount, on) = fact switch
        {
            Subscription.Event.Begun f => (Days("subscription", f.Fee), f.Fee.Amount, f.From),
            Subscription.Event.Continued f => ("subscription renewed", f.Fee, new FiscalYear(f.Terms.Year).FirstDay),
            Subscription.Event.SlotsAdded f => (Days("slots added", f.Fee), f.Fee.Amount, f.From),
            _ => ("", Money.Zero, default),
        };
        if (amount == Money.Zero || e.KeyIn(Subscription.Category)?.Split(':') is not [var service, var member, var year]) return [];
        return [new(new(member), "subscription", Reference(e, null), $"{service} {year}: {what}", amount, on)];
    }

    private static ChargeFact Used(RecordedEvent e, UseRecord use, Money amount, string end) => new(
        use.Member, "service-use", Reference(e, null), $"{use.Title}: {use.Quantity} {use.Unit}{end}", amount, use.On);

    private static string Seats(int seats, string what) => string.Create(CultureInfo.InvariantCulture, $"{seats} seats {what}");

    private static string Days(string what, Proration fee) =>
        string.Create(CultureInfo.InvariantCulture, $"{what}, {fee.Days} of {fee.OfDays} days");

    private static string Reference(RecordedEvent e, string? part) =>
        string.Create(CultureInfo.InvariantCulture, $"{e.Stream}:{e.Version}{(part is null ? "" : ":")}{part}");

    private static DateOnly On(RecordedEvent e) => BusinessCalendar.LocalDate(e.At);
}

/// <summary>Every charge of programs by its reference, and the invoice that settled it; by member and source.</summary>
public sealed class ProgramChargeList : ReadModel<ChargeFact>
{
    /// <inheritdoc/>
    public override string Name => "program_charges";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<ChargeFact>> Indexes { get; } =
        [new("member", r => r.Member.Value), new("source", r => r.Source)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.Fact is ProgramCharge.Event
        ? e.KeysIn<ProgramCharge.Event>(ProgramCharge.Category)
        : ProgramCharges.Of(e).Select(c => c.Reference);

    /// <inheritdoc/>
    public override ChargeFact? Apply(string key, ChargeFact? row, RecordedEvent e) => e.Fact switch
    {
        ProgramCharge.Event.Settled f => row is null ? null : row with { SettledBy = f.Invoice, SettledOn = f.On },
        ProgramCharge.Event.Reopened => row is null ? null : row with { SettledBy = null, SettledOn = null },
        _ => ProgramCharges.Of(e).Single(c => string.Equals(c.Reference, key, StringComparison.Ordinal)),
    };
}
