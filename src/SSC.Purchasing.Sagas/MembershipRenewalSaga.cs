using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: a participating member's fee is assessed every year, reminded of, and paid, or its membership lapses; and a payment that
/// comes late after all brings it back. One instance per member.
/// </summary>
public sealed class MembershipRenewalSaga : Saga<MembershipRenewal>
{
    private const string Renewal = "renewal";
    private const int RenewalLeadDays = 60;
    private const int ReminderBeforeDays = 7;
    private const int RetryDays = 30;

    /// <inheritdoc/>
    public override string Name => "membership_renewal";

    /// <inheritdoc/>
    public override MembershipRenewal Initial(string id) => new(new(id), false, default, default);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) => e.Type switch
    {
        "member_admitted" when ((Member.Event.Admitted)e.Fact).Facts.Type == MemberType.Participating => e.KeyIn(Member.Category),
        "member_type_changed" => e.KeyIn(Member.Category),
        "membership_fee_assessed" or "membership_fee_paid" or "membership_fee_payment_reversed" or "membership_year_lapsed" =>
            e.KeyIn(MembershipYear.Category)?.Split(':')[0],
        _ => null,
    };

    /// <inheritdoc/>
    public override SagaStep<MembershipRenewal> On(MembershipRenewal state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: Member.Event fact } i => OnMember(state, fact, i.At),
        SagaInput.Heard { Event.Fact: MembershipYear.Event fact } i => OnYear(state, fact, YearOf(i.Event), i.At),
        SagaInput.Woken i => OnTimer(state, i),
        SagaInput.WasRefused { Command: AssessMembershipFee c, Refusal.Code: "fee-schedule-missing" } i =>
            new(state, new SagaEffect.Wake(Timer("assess", c.Year), BusinessCalendar.AddCalendarDays(i.At, RetryDays))),
        _ => new(state),
    };

    private static SagaStep<MembershipRenewal> OnMember(MembershipRenewal state, Member.Event fact, DateTimeOffset at)
    {
        var participating = fact switch
        {
            Member.Event.Admitted f => f.Facts.Type == MemberType.Participating,
            Member.Event.TypeChanged f => f.Type == MemberType.Participating,
            _ => state.Participating,
        };
        if (participating == state.Participating) return new(state);
        var year = FiscalYear.Of(BusinessCalendar.LocalDate(at));
        return participating
            ? new(
                state with { Participating = true },
                new SagaEffect.Send(new AssessMembershipFee(state.Member, year.Year)), NextRenewal(year.Year + 1))
            : new(state with { Participating = false });
    }

    private static SagaStep<MembershipRenewal> OnYear(MembershipRenewal state, MembershipYear.Event fact, int year, DateTimeOffset at) =>
        fact switch
        {
            MembershipYear.Event.Assessed { Fee: var fee } => new(
                state with { Owed = state.Owed.Set(year, fee.LapsesOn) },
                Morning(Timer("reminder-1", year), fee.DueOn.AddDays(-ReminderBeforeDays)),
                Morning(Timer("reminder-2", year), fee.DueOn.AddDays(1)),
                Morning(Timer("lapse", year), fee.LapsesOn)),
            MembershipYear.Event.Paid f => new(
                state with { Owed = state.Owed.Remove(year), Lapsed = state.Lapsed.Remove(year) },
                state.Lapsed.TryGetValue(year, out var on)
                    ? [new SagaEffect.Send(new ResumeMembership(state.Member, on, f.On))]
                    : Array.Empty<SagaEffect>()),
            MembershipYear.Event.PaymentReversed => new(
                state with { Owed = state.Owed.Set(year, BusinessCalendar.LocalDate(at).AddDays(RetryDays)) },
                new SagaEffect.Wake(Timer("lapse", year), BusinessCalendar.AddCalendarDays(at, RetryDays))),
            MembershipYear.Event.Lapsed f => new(
                state with { Owed = state.Owed.Remove(year), Lapsed = state.Lapsed.Set(year, f.On) },
                new SagaEffect.Send(new EndLapsedMembership(state.Member, f.On))),
            _ => new(state),
        };

    private static SagaStep<MembershipRenewal> OnTimer(MembershipRenewal state, SagaInput.Woken woken)
    {
        if (woken.Timer is Renewal)
        {
            var next = FiscalYear.Of(BusinessCalendar.LocalDate(woken.Due)).Year + 1;
            return state.Participating
                ? new(state, new SagaEffect.Send(new AssessMembershipFee(state.Member, next)), NextRenewal(next + 1))
                : new(state);
        }

        var parts = woken.Timer.Split(':');
        var year = int.Parse(parts[1], CultureInfo.InvariantCulture);
        if (parts[0] is "assess")
        {
            // Nobody is billed for a year that is over.
            return state.Participating && BusinessCalendar.LocalDate(woken.At) <= new FiscalYear(year).LastDay
                ? new(state, new SagaEffect.Send(new AssessMembershipFee(state.Member, year)))
                : new(state);
        }

        if (!state.Owed.ContainsKey(year)) return new(state);
        return new(state, new SagaEffect.Send(parts[0] switch
        {
            "reminder-1" => new RemindOfMembershipFee(state.Member, year, 1),
            "reminder-2" => new RemindOfMembershipFee(state.Member, year, 2),
            _ => new LapseMembershipYear(state.Member, year),
        }));
    }

    private static int YearOf(RecordedEvent e) =>
        int.Parse(e.KeyIn(MembershipYear.Category)!.Split(':')[1], CultureInfo.InvariantCulture);

    private static string Timer(string name, int year) => string.Create(CultureInfo.InvariantCulture, $"{name}:{year}");

    private static SagaEffect.Wake Morning(string timer, DateOnly day) => new(timer, BusinessCalendar.InstantOf(day, new(8, 0)));

    private static SagaEffect.Wake NextRenewal(int year) => Morning(Renewal, new FiscalYear(year).FirstDay.AddDays(-RenewalLeadDays));
}

/// <summary>What the saga remembers of a member.</summary>
/// <param name="Member">Member.</param>
/// <param name="Participating">True while its membership is participating, so that it owes a fee.</param>
/// <param name="Owed">Fiscal years that are owed, and when they lapse.</param>
/// <param name="Lapsed">Fiscal years that lapsed, and when.</param>
public sealed record MembershipRenewal(
    MemberNo Member, bool Participating, StructuralMap<int, DateOnly> Owed, StructuralMap<int, DateOnly> Lapsed);
