using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>Where a resolution stands, for lists.</summary>
public enum ResolutionStanding
{
    /// <summary>Being written.</summary>
    Draft,

    /// <summary>Before the board.</summary>
    Proposed,

    /// <summary>The roll is being called.</summary>
    Voting,

    /// <summary>Adopted.</summary>
    Adopted,

    /// <summary>Voted down.</summary>
    Rejected,

    /// <summary>Taken back.</summary>
    Withdrawn,

    /// <summary>Undone by a later one.</summary>
    Rescinded,
}

/// <summary>A resolution as a list shows it.</summary>
/// <param name="Matter">What it is about.</param>
/// <param name="Standing">Where it stands.</param>
/// <param name="Number">Its number in the minutes, once the roll was called.</param>
/// <param name="DecidedOn">Day of the meeting that decided.</param>
/// <param name="EffectiveOn">First day of its effect, when adopted.</param>
/// <param name="Tally">What the last roll call came to.</param>
public sealed record ResolutionRow(
    ResolutionMatter Matter, ResolutionStanding Standing, string? Number, DateOnly? DecidedOn, DateOnly? EffectiveOn, Tally? Tally);

/// <summary>The resolutions, by id; indexes <c>cooperative</c>, <c>kind</c>, <c>subject</c>, <c>standing</c>.</summary>
public sealed class ResolutionRegister : ReadModel<ResolutionRow>
{
    /// <inheritdoc/>
    public override string Name => "resolutions";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<ResolutionRow>> Indexes { get; } =
    [
        new("cooperative", r => r.Matter.Cooperative.Value), new("kind", r => r.Matter.Kind.ToString()),
        new("subject", r => r.Matter.Subject), new("standing", r => r.Standing.ToString()),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<Resolution.Event>(Resolution.Category);

    /// <inheritdoc/>
    public override ResolutionRow? Apply(string key, ResolutionRow? row, RecordedEvent e) => e.Fact switch
    {
        Resolution.Event.Drafted f => new(f.Matter, ResolutionStanding.Draft, null, null, null, null),
        Resolution.Event.Redrafted f => row! with { Matter = row.Matter with { Title = f.Title, DocumentHash = f.DocumentHash } },
        Resolution.Event.Proposed => row! with { Standing = ResolutionStanding.Proposed },
        Resolution.Event.RollCallOpened => row! with { Standing = ResolutionStanding.Voting },
        Resolution.Event.QuorumMissed f => row! with { Standing = ResolutionStanding.Proposed, Tally = f.Tally },
        Resolution.Event.Adopted f => row! with
        {
            Standing = ResolutionStanding.Adopted, Number = f.Number, DecidedOn = f.MeetingDate, EffectiveOn = f.EffectiveOn,
            Tally = f.Tally,
        },
        Resolution.Event.Rejected f =>
            row! with { Standing = ResolutionStanding.Rejected, Number = f.Number, DecidedOn = f.MeetingDate, Tally = f.Tally },
        Resolution.Event.Withdrawn => row! with { Standing = ResolutionStanding.Withdrawn },
        Resolution.Event.Rescinded => row! with { Standing = ResolutionStanding.Rescinded },
        _ => row,
    };
}

/// <summary>An election as a list shows it.</summary>
/// <param name="Terms">How it runs.</param>
/// <param name="Candidates">Number of candidates.</param>
/// <param name="Voters">Members that may vote; 0 until voting opens.</param>
/// <param name="Ballots">Ballots cast.</param>
/// <param name="Results">What they came to, once counted.</param>
/// <param name="CertifiedOn">Day of the certificate.</param>
public sealed record ElectionRow(
    ElectionTerms Terms, int Candidates, int Voters, int Ballots, StructuralList<SeatResult> Results, DateOnly? CertifiedOn);

/// <summary>The elections, by id; index <c>cooperative</c>.</summary>
public sealed class ElectionRegister : ReadModel<ElectionRow>
{
    /// <inheritdoc/>
    public override string Name => "elections";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<ElectionRow>> Indexes { get; } = [new("cooperative", r => r.Terms.Cooperative.Value)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<Election.Event>(Election.Category);

    /// <inheritdoc/>
    public override ElectionRow? Apply(string key, ElectionRow? row, RecordedEvent e) => e.Fact switch
    {
        Election.Event.Called f => new(f.Terms, 0, 0, 0, [], null),
        Election.Event.Nominated => row! with { Candidates = row.Candidates + 1 },
        Election.Event.VotingOpened f => row! with { Voters = f.Voters.Count },
        Election.Event.BallotCast => row! with { Ballots = row.Ballots + 1 },
        Election.Event.Counted f => row! with { Results = f.Results },
        Election.Event.Certified f => row! with { CertifiedOn = f.On },
        _ => row,
    };
}

/// <summary>A committee as a list shows it.</summary>
/// <param name="Committee">Its id.</param>
/// <param name="Cooperative">Whom it advises.</param>
/// <param name="Kind">Who sits on it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Recommendations">What it recommended so far.</param>
public sealed record CommitteeRow(string Committee, CooperativeId Cooperative, CommitteeKind Kind, string Name, int Recommendations);

/// <summary>The advisory committees, by id; index <c>cooperative</c>.</summary>
public sealed class CommitteeRegister : ReadModel<CommitteeRow>
{
    /// <inheritdoc/>
    public override string Name => "advisory_committees";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<CommitteeRow>> Indexes { get; } = [new("cooperative", r => r.Cooperative.Value)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<AdvisoryCommittee.Event>(AdvisoryCommittee.Category);

    /// <inheritdoc/>
    public override CommitteeRow? Apply(string key, CommitteeRow? row, RecordedEvent e) => e.Fact switch
    {
        AdvisoryCommittee.Event.Established f => new(f.Committee, f.Cooperative, f.Kind, f.Name, 0),
        AdvisoryCommittee.Event.Recommended => row! with { Recommendations = row.Recommendations + 1 },
        _ => row,
    };
}

/// <summary>Where a membership year stands, for lists.</summary>
public enum MembershipStanding
{
    /// <summary>The fee is owed.</summary>
    Owed,

    /// <summary>Paid.</summary>
    Paid,

    /// <summary>Lapsed unpaid.</summary>
    Lapsed,
}

/// <summary>A member's year as a list shows it.</summary>
/// <param name="Fee">The fee.</param>
/// <param name="Standing">Where it stands.</param>
/// <param name="Reminders">Reminders sent.</param>
/// <param name="Paid">How it was paid; null while it is not.</param>
public sealed record MembershipYearRow(MembershipFee Fee, MembershipStanding Standing, int Reminders, string? Paid);

/// <summary>The membership years, by <c>{memberNo}:{year}</c>; indexes <c>member</c>, <c>cooperative</c>, <c>standing</c>.</summary>
public sealed class MembershipYearRegister : ReadModel<MembershipYearRow>
{
    /// <inheritdoc/>
    public override string Name => "membership_years";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<MembershipYearRow>> Indexes { get; } =
    [
        new("member", r => r.Fee.Member.Value), new("cooperative", r => r.Fee.Cooperative.Value),
        new("standing", r => r.Standing.ToString()),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<MembershipYear.Event>(MembershipYear.Category);

    /// <inheritdoc/>
    public override MembershipYearRow? Apply(string key, MembershipYearRow? row, RecordedEvent e) => e.Fact switch
    {
        MembershipYear.Event.Assessed f => new(f.Fee, MembershipStanding.Owed, 0, null),
        MembershipYear.Event.Reminded f => row! with { Reminders = f.Number },
        MembershipYear.Event.Paid f => row! with { Standing = MembershipStanding.Paid, Paid = f.Reference },
        MembershipYear.Event.PaymentReversed => row! with { Standing = MembershipStanding.Owed, Paid = null },
        MembershipYear.Event.Lapsed => row! with { Standing = MembershipStanding.Lapsed },
        _ => row,
    };
}

/// <summary>A plan as a list shows it.</summary>
/// <param name="Cooperative">Whose.</param>
/// <param name="Year">For which fiscal year.</param>
/// <param name="DueOn">1 June before it.</param>
/// <param name="Overdue">True when the day passed without it and it is still missing.</param>
/// <param name="DeliveredOn">First day on which members got it.</param>
/// <param name="Members">How many members have got it.</param>
/// <param name="InTime">Null until it is delivered.</param>
public sealed record AnnualPlanRow(
    CooperativeId Cooperative, int Year, DateOnly DueOn, bool Overdue, DateOnly? DeliveredOn, int Members, bool? InTime);

/// <summary>The annual plans, by <c>{cooperative}:{year}</c>; index <c>cooperative</c>.</summary>
public sealed class AnnualPlanRegister : ReadModel<AnnualPlanRow>
{
    /// <inheritdoc/>
    public override string Name => "annual_plans";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<AnnualPlanRow>> Indexes { get; } = [new("cooperative", r => r.Cooperative.Value)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<AnnualPlan.Event>(AnnualPlan.Category);

    /// <inheritdoc/>
    public override AnnualPlanRow? Apply(string key, AnnualPlanRow? row, RecordedEvent e) => e.Fact switch
    {
        AnnualPlan.Event.Scheduled f => new(f.Cooperative, f.Year, f.DueOn, false, null, 0, null),
        AnnualPlan.Event.Overdue => row! with { Overdue = true },
        AnnualPlan.Event.Delivered f => row! with
        {
            Overdue = false, DeliveredOn = row.DeliveredOn ?? f.On, Members = row.Members + f.Members.Count,
            InTime = row.InTime != false && f.InTime,
        },
        _ => row,
    };
}

/// <summary>Where a member's invoice stands, for lists.</summary>
public enum InvoiceStanding
{
    /// <summary>Collecting charges.</summary>
    Open,

    /// <summary>Owed.</summary>
    Issued,

    /// <summary>Nothing is owed any more.</summary>
    Settled,

    /// <summary>Void.</summary>
    Voided,
}

/// <summary>A member's invoice as a list shows it.</summary>
/// <param name="Member">Whose.</param>
/// <param name="Month">For which month.</param>
/// <param name="Standing">Where it stands.</param>
/// <param name="Number">Its number, once issued.</param>
/// <param name="DueOn">Last day to pay, once issued.</param>
/// <param name="Total">Σ of the charges.</param>
/// <param name="Balance">What is owed; negative when the cooperative owes.</param>
/// <param name="Charges">What is charged, by source and reference.</param>
public sealed record MemberInvoiceRow(
    MemberNo Member, BillingMonth Month, InvoiceStanding Standing, string? Number, DateOnly? DueOn, Money Total, Money Balance,
    StructuralMap<string, Money> Charges);

/// <summary>The members' invoices, by <c>{memberNo}:{month}</c>; indexes <c>member</c>, <c>month</c>, <c>standing</c>.</summary>
public sealed class MemberInvoiceRegister : ReadModel<MemberInvoiceRow>
{
    /// <inheritdoc/>
    public override string Name => "member_invoices";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<MemberInvoiceRow>> Indexes { get; } =
    [
        new("member", r => r.Member.Value), new("month", r => r.Month.Value), new("standing", r => r.Standing.ToString()),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<MemberInvoice.Event>(MemberInvoice.Category);

    /// <inheritdoc/>
    public override MemberInvoiceRow? Apply(string key, MemberInvoiceRow? row, RecordedEvent e) => e.Fact switch
    {
        MemberInvoice.Event.Charged f => Summed(
            row ?? new(f.Member, f.Month, InvoiceStanding.Open, null, null, Money.Zero, Money.Zero, default),
            (row?.Charges ?? default).Set(f.Charge.Key, f.Charge.Amount)),
        MemberInvoice.Event.ChargeRemoved f => Summed(row!, row!.Charges.Remove(Charge.KeyOf(f.Source, f.Reference))),
        MemberInvoice.Event.Issued f => Moved(row! with { Number = f.Number, DueOn = f.DueOn }, Money.Zero),
        MemberInvoice.Event.PaymentRecorded f => Moved(row!, -f.Payment.Amount),
        MemberInvoice.Event.PaymentReversed f => Moved(row!, f.Amount),
        MemberInvoice.Event.Credited f => Moved(row!, -f.Memo.Amount),
        MemberInvoice.Event.Refunded f => Moved(row!, f.Payment.Amount),
        MemberInvoice.Event.CarriedOver f => Moved(row!, f.Amount),
        MemberInvoice.Event.Voided => row! with { Standing = InvoiceStanding.Voided, Balance = Money.Zero },
        _ => row,
    };

    private static MemberInvoiceRow Summed(MemberInvoiceRow row, StructuralMap<string, Money> charges)
    {
        var total = charges.Values.Sum();
        return row with { Charges = charges, Total = total, Balance = total };
    }

    private static MemberInvoiceRow Moved(MemberInvoiceRow row, Money by)
    {
        var balance = row.Balance + by;
        return row with { Balance = balance, Standing = balance > Money.Zero ? InvoiceStanding.Issued : InvoiceStanding.Settled };
    }
}
