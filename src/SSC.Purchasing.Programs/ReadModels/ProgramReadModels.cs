using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Programs;

/// <summary>A program as people see it.</summary>
/// <param name="Program">Id.</param>
/// <param name="State">What it is.</param>
public sealed record ProgramRow(ProgramId Program, CoopProgram.State State);

/// <summary>Every program, by id; by kind and phase.</summary>
public sealed class ProgramList : ReadModel<ProgramRow>
{
    /// <inheritdoc/>
    public override string Name => "programs";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<ProgramRow>> Indexes { get; } =
        [new("kind", r => r.State.Kind.ToString()), new("phase", r => r.State.Phase.ToString())];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<CoopProgram.Event>(CoopProgram.Category);

    /// <inheritdoc/>
    public override ProgramRow? Apply(string key, ProgramRow? row, RecordedEvent e) =>
        new(new(key), CoopProgram.Evolve(row?.State ?? CoopProgram.Initial, (CoopProgram.Event)e.Fact));
}

/// <summary>An offering with what is free.</summary>
/// <param name="Offering">Id.</param>
/// <param name="Phase">How far it has come.</param>
/// <param name="Terms">What it is about.</param>
/// <param name="Capacity">Seats; null is no limit.</param>
/// <param name="Held">Seats held.</param>
/// <param name="Confirmed">Seats confirmed.</param>
/// <param name="Offered">Seats on offer to the line.</param>
/// <param name="Waiting">Seats waited for.</param>
/// <param name="Minimum">Where it stands with its minimum.</param>
public sealed record OfferingRow(
    OfferingId Offering, OfferingPhase Phase, OfferingTerms Terms, int? Capacity, int Held, int Confirmed, int Offered, int Waiting,
    MinimumStanding Minimum)
{
    /// <summary>Seats that can be had now; null is no limit.</summary>
    public int? Free => Capacity is { } capacity ? Math.Max(0, capacity - Held - Confirmed - Offered) : null;
}

/// <summary>
/// Every offering, by id; by program and phase. A row holds totals only: whose seats move is told by each event, so that the row stays
/// small however many members enroll.
/// </summary>
public sealed class OfferingBoard : ReadModel<OfferingRow>
{
    /// <inheritdoc/>
    public override string Name => "offerings";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<OfferingRow>> Indexes { get; } =
        [new("program", r => r.Terms.Program.Value), new("phase", r => r.Phase.ToString())];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<SeatLedger.Event>(SeatLedger.Category);

    /// <inheritdoc/>
    public override OfferingRow? Apply(string key, OfferingRow? row, RecordedEvent e) => (row, (SeatLedger.Event)e.Fact) switch
    {
        (_, SeatLedger.Event.Scheduled f) => new(
            new(key), OfferingPhase.Scheduled, f.Terms, f.Terms.Capacity, 0, 0, 0, 0,
            f.Terms.DecideAt is null ? MinimumStanding.Runs : MinimumStanding.Undecided),
        ({ } r, var f) => Fill(Move(r, f)),
        _ => throw new InvalidOperationException($"{e.Stream} does not begin with its schedule."),
    };

    private static OfferingRow Fill(OfferingRow r) => r.Phase is OfferingPhase.Open or OfferingPhase.Full
        ? r with { Phase = r.Free is 0 ? OfferingPhase.Full : OfferingPhase.Open }
        : r;

    private static OfferingRow Move(OfferingRow r, SeatLedger.Event fact) => fact switch
    {
        SeatLedger.Event.Opened => r with { Phase = OfferingPhase.Open },
        SeatLedger.Event.RequestCollected f => r with { Waiting = r.Waiting + f.Request.Seats },
        SeatLedger.Event.SeatsHeld f => r with { Held = r.Held + f.Request.Seats },
        SeatLedger.Event.SeatsGiven f => r with { Confirmed = r.Confirmed + f.Request.Seats },
        SeatLedger.Event.SeatsConfirmed f => r with { Held = r.Held - f.Seats, Confirmed = r.Confirmed + f.Seats },
        SeatLedger.Event.HoldExpired f => r with { Held = r.Held - f.Seats },
        SeatLedger.Event.WaitlistJoined f => r with { Waiting = r.Waiting + f.Request.Seats },
        SeatLedger.Event.WaitlistOffered f => r with { Waiting = r.Waiting - f.Seats, Offered = r.Offered + f.Seats },
        SeatLedger.Event.OfferAccepted f => r with { Offered = r.Offered - f.Seats, Confirmed = r.Confirmed + f.Seats },
        SeatLedger.Event.OfferDeclined f => r with
        {
            Offered = r.Offered - f.Seats, Waiting = f.KeepsRank ? r.Waiting + f.Seats : r.Waiting - f.Left,
        },
        SeatLedger.Event.OfferExpired f => r with
        {
            Offered = r.Offered - f.Seats, Waiting = f.Requeued ? r.Waiting + f.Seats : r.Waiting - f.Left,
        },
        SeatLedger.Event.SeatsReleased f => r with
        {
            Confirmed = r.Confirmed - f.Confirmed, Held = r.Held - f.Held, Offered = r.Offered - f.Offered, Waiting = r.Waiting - f.Waiting,
        },
        SeatLedger.Event.RoundDrawn f => r with
        {
            Held = r.Held + f.Held, Confirmed = r.Confirmed + f.Grants.Sum(g => g.Seats) - f.Held,
            Waiting = r.Waiting - f.Grants.Sum(g => g.Seats),
        },
        SeatLedger.Event.CutoffReached => r with { Waiting = 0, Offered = 0 },
        SeatLedger.Event.CapacityChanged f => r with { Capacity = f.To },
        SeatLedger.Event.MinimumReached or SeatLedger.Event.RunsAnyway => r with { Minimum = MinimumStanding.Runs },
        SeatLedger.Event.BelowMinimum => r with { Minimum = MinimumStanding.Below },
        SeatLedger.Event.DecisionExtended => r with { Minimum = MinimumStanding.Undecided },
        SeatLedger.Event.MergeProposed => r with { Minimum = MinimumStanding.Merging },
        SeatLedger.Event.Cancelled => r with { Phase = OfferingPhase.Cancelled },
        SeatLedger.Event.Closed => r with { Phase = OfferingPhase.Closed },
        SeatLedger.Event.Started => r with { Phase = OfferingPhase.Running },
        SeatLedger.Event.Completed => r with { Phase = OfferingPhase.Completed },
        _ => r,
    };
}

/// <summary>A member's enrollment as it and the program administrator see it.</summary>
/// <param name="Offering">Offering.</param>
/// <param name="Member">Member.</param>
/// <param name="State">Where it stands.</param>
/// <param name="ChangedAt">When anything last happened to it.</param>
public sealed record EnrollmentRow(OfferingId Offering, MemberNo Member, Enrollment.State State, DateTimeOffset ChangedAt);

/// <summary>Every enrollment, by key; by member, offering and status.</summary>
public sealed class EnrollmentList : ReadModel<EnrollmentRow>
{
    /// <inheritdoc/>
    public override string Name => "seat_enrollments";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<EnrollmentRow>> Indexes { get; } =
    [
        new("member", r => r.Member.Value), new("offering", r => r.Offering.Value), new("status", r => r.State.Status.ToString()),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<Enrollment.Event>(Enrollment.Category);

    /// <inheritdoc/>
    public override EnrollmentRow? Apply(string key, EnrollmentRow? row, RecordedEvent e)
    {
        var state = Enrollment.Evolve(row?.State ?? Enrollment.Initial, (Enrollment.Event)e.Fact);
        return new(state.Placement!.Offering, state.Placement.Member, state, e.At);
    }
}

/// <summary>A team.</summary>
/// <param name="Offering">Offering.</param>
/// <param name="Member">Member.</param>
/// <param name="State">What it is and where it stands.</param>
public sealed record TeamRow(OfferingId Offering, MemberNo Member, Team.State State);

/// <summary>Every team, by key; by offering, member and tier.</summary>
public sealed class TeamList : ReadModel<TeamRow>
{
    /// <inheritdoc/>
    public override string Name => "teams";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<TeamRow>> Indexes { get; } =
        [new("offering", r => r.Offering.Value), new("member", r => r.Member.Value), new("tier", r => r.State.Tier)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<Team.Event>(Team.Category);

    /// <inheritdoc/>
    public override TeamRow? Apply(string key, TeamRow? row, RecordedEvent e)
    {
        var state = Team.Evolve(row?.State ?? Team.Initial, (Team.Event)e.Fact);
        return new(state.Entry!.Offering, state.Entry.Member, state);
    }
}

/// <summary>A subscription.</summary>
/// <param name="Member">Member.</param>
/// <param name="State">What it is and where it stands.</param>
public sealed record SubscriptionRow(MemberNo Member, Subscription.State State);

/// <summary>Every subscription, by key; by member, service and phase.</summary>
public sealed class SubscriptionList : ReadModel<SubscriptionRow>
{
    /// <inheritdoc/>
    public override string Name => "service_subscriptions";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<SubscriptionRow>> Indexes { get; } =
    [
        new("member", r => r.Member.Value), new("service", r => r.State.Terms!.Service.Value), new("phase", r => r.State.Phase.ToString()),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<Subscription.Event>(Subscription.Category);

    /// <inheritdoc/>
    public override SubscriptionRow? Apply(string key, SubscriptionRow? row, RecordedEvent e)
    {
        var state = Subscription.Evolve(row?.State ?? Subscription.Initial, (Subscription.Event)e.Fact);
        return new(state.Terms!.Member, state);
    }
}

/// <summary>A certificate.</summary>
/// <param name="Code">Code by which anybody can verify it.</param>
/// <param name="State">What it says and whether it holds.</param>
public sealed record CertificateRow(string Code, Certificate.State State);

/// <summary>Every certificate, by code; by member and offering.</summary>
public sealed class CertificateList : ReadModel<CertificateRow>
{
    /// <inheritdoc/>
    public override string Name => "certificates";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<CertificateRow>> Indexes { get; } =
        [new("member", r => r.State.Text!.Member.Value), new("offering", r => r.State.Text!.Offering.Value)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<Certificate.Event>(Certificate.Category);

    /// <inheritdoc/>
    public override CertificateRow? Apply(string key, CertificateRow? row, RecordedEvent e) =>
        new(key, Certificate.Evolve(row?.State ?? Certificate.Initial, (Certificate.Event)e.Fact));
}
