using System.Globalization;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: a pool year is counted, rated, adopted, offered, answered, tested and bound on its days, through every branch, and every
/// member knows before the year begins where it stands. One instance per pool year.
/// </summary>
public sealed class RenewalRoundSaga : Saga<RenewalPromise>
{
    private const string Census = "census", CensusLock = "census-lock", Offers = "offers", Response = "response:";
    private const string FirstReminder = "first-reminder", SecondReminder = "second-reminder";
    private const string Attestation = "attestation", StopLoss = "stop-loss", Start = "start", End = "end", Close = "close";

    /// <inheritdoc/>
    public override string Name => "renewal_round";

    /// <inheritdoc/>
    public override RenewalPromise Initial(string id) => new(id);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) => e.KeyIn(PoolYear.Category)
        ?? (e.KeyIn(RenewalOffer.Category) is not null && e.Fact is RenewalOffer.Event offer ? PoolYear.Key(offer.Pool, offer.Year) : null);

    /// <inheritdoc/>
    public override SagaStep<RenewalPromise> On(RenewalPromise state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: PoolYear.Event.Drafted f } => Begin(state with { Terms = f.Terms, Phase = YearPhase.Draft }),
        _ when state.Terms is null => new(state),
        SagaInput.Heard { Event.Fact: PoolYear.Event fact } i => OnYear(state, fact, i.At),
        SagaInput.Heard { Event.Fact: RenewalOffer.Event fact } => OnOffer(state, fact),
        SagaInput.Woken i => OnTimer(state, i),
        SagaInput.WasRefused { Command: BindPoolYear } i => new(state with { BindPending = true, LastRefusal = i.Refusal }),
        SagaInput.WasRefused i => new(state with { LastRefusal = i.Refusal }),
        _ => new(state),
    };

    private static SagaStep<RenewalPromise> Begin(RenewalPromise state)
    {
        var (terms, days) = (state.Terms!, state.Terms!.Parameters.Renewal);
        return new(
            state,
            new SagaEffect.Wake(Census, Morning(terms.Before(days.CensusOpens))),
            new SagaEffect.Wake(CensusLock, After(terms.Before(days.CensusLocks))),
            new SagaEffect.Wake(Attestation, After(terms.Before(days.Attestation))),
            new SagaEffect.Wake(StopLoss, After(terms.Before(days.StopLoss))),
            new SagaEffect.Wake(Start, Morning(terms.StartsOn)),
            new SagaEffect.Wake(End, After(terms.EndsOn)),
            new SagaEffect.Wake(Close, After(terms.EndsOn.AddDays(terms.Parameters.Withdrawal.RunOutDays))));
    }

    private static SagaStep<RenewalPromise> OnYear(RenewalPromise state, PoolYear.Event fact, DateTimeOffset at)
    {
        var (pool, year) = (state.Terms!.Pool, state.Terms.Year);
        return fact switch
        {
            PoolYear.Event.CensusOpened => new(state with { Phase = YearPhase.CensusOpen }),
            PoolYear.Event.CensusMoved f when state.Phase == YearPhase.Offering => Send(state, new RequoteOffer(pool, year, f.Member)),
            PoolYear.Event.RatesProposed f => new(state with { Phase = YearPhase.Rated, Held = f.Held }),
            PoolYear.Event.RatesRejected f => !f.Last ? new(state with { Phase = YearPhase.CensusOpen })
                : Send(state with { Phase = YearPhase.CensusOpen }, state.Held
                    ? new AbandonPoolYear(pool, year, AbandonReason.RatesNotAdopted)
                    : new HoldPoolRates(pool, year)),
            PoolYear.Event.RatesAdopted => new(
                state with { Phase = YearPhase.Adopted },
                new SagaEffect.Wake(Offers, Later(at, Morning(state.Terms.Before(state.Terms.Parameters.Renewal.Offers))))),
            PoolYear.Event.OfferingStarted f => StartOffering(state, f.Deadline),
            PoolYear.Event.OfferingExtended f => new(
                state with { Deadline = f.Deadline },
                new SagaEffect.Send(new ExtendOffers(pool, year, f.Deadline)), Answer(f.Deadline)),
            PoolYear.Event.ParticipationTested f => f.Result.Passed
                ? Send(state with { Tests = f.Attempt }, new BindPoolYear(pool, year))
                : new(state with { Tests = f.Attempt }),
            PoolYear.Event.TestOverridden => Send(state, new BindPoolYear(pool, year)),
            PoolYear.Event.AttestationFiled or PoolYear.Event.StopLossBound when state.BindPending =>
                Send(state with { BindPending = false }, new BindPoolYear(pool, year)),
            PoolYear.Event.ReRated => Send(
                state with { Phase = YearPhase.CensusOpen, Tests = 0, BindPending = false },
                new VoidOffers(pool, year, OfferChangeReason.ReRated)),
            PoolYear.Event.YearBound => Send(state with { Phase = YearPhase.Bound, BindPending = false }, new ApplyBinding(pool, year)),
            PoolYear.Event.StopLossRepriced { Answer: RepricingAnswer.ReserveAbsorbs } f =>
                Send(state, new AbsorbRepricing(pool, year, f.Increase)),
            PoolYear.Event.YearActivated => new(state with { Phase = YearPhase.Active }),
            PoolYear.Event.YearRunOutStarted => new(state with { Phase = YearPhase.RunOut }),
            PoolYear.Event.YearClosed => new(state with { Phase = YearPhase.Closed }),
            PoolYear.Event.YearAbandoned => Send(
                state with { Phase = YearPhase.Abandoned }, new VoidOffers(pool, year, OfferChangeReason.YearAbandoned)),
            _ => new(state),
        };
    }

    private static SagaStep<RenewalPromise> StartOffering(RenewalPromise state, DateOnly deadline)
    {
        var (terms, days) = (state.Terms!, state.Terms!.Parameters.Renewal);
        return new(
            state with { Phase = YearPhase.Offering, Deadline = deadline },
            new SagaEffect.Send(new IssueOffers(terms.Pool, terms.Year)),
            new SagaEffect.Wake(FirstReminder, Morning(terms.Before(days.FirstReminder))),
            new SagaEffect.Wake(SecondReminder, Morning(terms.Before(days.SecondReminder))),
            Answer(deadline));
    }

    private static SagaStep<RenewalPromise> OnOffer(RenewalPromise state, RenewalOffer.Event fact) => fact switch
    {
        RenewalOffer.Event.Escalated f => new(state, Answer(f.Until)),
        RenewalOffer.Event.Reissued f => new(state, Answer(f.Deadline)),
        RenewalOffer.Event.Declined f => Send(state, new NoteDecline(f.Pool, f.Year, f.Member)),
        RenewalOffer.Event.DefaultApplied { Renews: false } f => Send(state, new NoteDecline(f.Pool, f.Year, f.Member)),
        RenewalOffer.Event.DefaultReversed { Renews: false } f => Send(state, new NoteDecline(f.Pool, f.Year, f.Member)),
        _ => new(state),
    };

    private static SagaStep<RenewalPromise> OnTimer(RenewalPromise state, SagaInput.Woken timer)
    {
        var (pool, year) = (state.Terms!.Pool, state.Terms.Year);
        return (timer.Timer, state.Phase) switch
        {
            (Census, YearPhase.Draft) => Send(state, new OpenPoolCensus(pool, year)),
            (CensusLock, YearPhase.Draft) => new(
                state, new SagaEffect.Send(new OpenPoolCensus(pool, year)), new SagaEffect.Send(new LockPoolCensus(pool, year))),
            (CensusLock, YearPhase.CensusOpen) => Send(state, new LockPoolCensus(pool, year)),
            (Offers, YearPhase.Adopted) => Send(state, new StartPoolOffering(pool, year)),
            (FirstReminder, YearPhase.Offering) => Send(state, new RemindOffers(pool, year, 1)),
            (SecondReminder, YearPhase.Offering) => Send(state, new RemindOffers(pool, year, 2)),
            (Attestation, not (YearPhase.Closed or YearPhase.Abandoned)) => Send(state, new AlarmPoolAttestation(pool, year)),
            (StopLoss, not (YearPhase.Closed or YearPhase.Abandoned)) => Send(state, new AlarmPoolStopLoss(pool, year)),
            (Start, YearPhase.Bound) => Send(state, new ActivatePoolYear(pool, year)),
            (End, YearPhase.Active) => Send(state, new StartPoolRunOut(pool, year)),
            (Close, YearPhase.RunOut) => Send(state, new ClosePoolYear(pool, year)),
            ({ } name, YearPhase.Offering) when name.StartsWith(Response, StringComparison.Ordinal) => new(
                state, new SagaEffect.Send(new ApplyOfferDefaults(pool, year)),
                new SagaEffect.Send(new TestPoolParticipation(pool, year, state.Tests + 1))),
            _ => new(state), // late, repeated or overtaken: the state makes it harmless
        };
    }

    private static SagaEffect.Wake Answer(DateOnly deadline) =>
        new(Response + deadline.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), After(deadline));

    /// <summary>Rates adopted late, or again: a timer of its own, not the first one's repeated.</summary>
    private static DateTimeOffset Later(DateTimeOffset at, DateTimeOffset planned) => planned > at ? planned : at;

    private static DateTimeOffset Morning(DateOnly day) => BusinessCalendar.InstantOf(day, TimeOnly.MinValue);

    private static DateTimeOffset After(DateOnly day) => BusinessCalendar.EndOfDay(day).AddSeconds(1);

    private static SagaStep<RenewalPromise> Send(RenewalPromise state, object command) => new(state, new SagaEffect.Send(command));
}

/// <summary>What the saga remembers of a pool year.</summary>
/// <param name="Key">Key of the year.</param>
public sealed record RenewalPromise(string Key)
{
    /// <summary>What it was drafted with.</summary>
    public YearTerms? Terms { get; init; }

    /// <summary>How far it has come.</summary>
    public YearPhase Phase { get; init; }

    /// <summary>Last day to answer.</summary>
    public DateOnly? Deadline { get; init; }

    /// <summary>Participation tests so far.</summary>
    public int Tests { get; init; }

    /// <summary>The rates before the board are the current ones, carried on.</summary>
    public bool Held { get; init; }

    /// <summary>Enough take part, and attestation or stop-loss is missing.</summary>
    public bool BindPending { get; init; }

    /// <summary>The last refusal that a command met, for the pool administrator.</summary>
    public Refusal? LastRefusal { get; init; }
}

/// <summary>A command of the renewal round.</summary>
public abstract record RenewalCommand(PoolId Pool, int Year);

/// <summary>Ask participants for their counts.</summary>
[SagaCommand("open_pool_census")]
public sealed record OpenPoolCensus(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Lock the census; who kept silent stands with its last ledger.</summary>
[SagaCommand("lock_pool_census")]
public sealed record LockPoolCensus(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Carry the current rates on with trend.</summary>
[SagaCommand("hold_pool_rates")]
public sealed record HoldPoolRates(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Start the offering.</summary>
[SagaCommand("start_pool_offering")]
public sealed record StartPoolOffering(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Make an offer to every rated member.</summary>
[SagaCommand("issue_renewal_offers")]
public sealed record IssueOffers(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Take a member's offer back and make it again on the new census.</summary>
[SagaCommand("requote_renewal_offer")]
public sealed record RequoteOffer(PoolId Pool, int Year, MemberNo Member) : RenewalCommand(Pool, Year);

/// <summary>Remind whoever has not answered.</summary>
[SagaCommand("remind_renewal_offers")]
public sealed record RemindOffers(PoolId Pool, int Year, int Number) : RenewalCommand(Pool, Year);

/// <summary>Give every offer more time.</summary>
[SagaCommand("extend_renewal_offers")]
public sealed record ExtendOffers(PoolId Pool, int Year, DateOnly Deadline) : RenewalCommand(Pool, Year);

/// <summary>Let the rule on silence speak where the deadline has passed.</summary>
[SagaCommand("apply_renewal_defaults")]
public sealed record ApplyOfferDefaults(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>A member declined: its participation ends with the year.</summary>
[SagaCommand("note_renewal_decline")]
public sealed record NoteDecline(PoolId Pool, int Year, MemberNo Member) : RenewalCommand(Pool, Year);

/// <summary>Test whether enough take part.</summary>
[SagaCommand("test_pool_participation")]
public sealed record TestPoolParticipation(PoolId Pool, int Year, int Attempt) : RenewalCommand(Pool, Year);

/// <summary>Bind the year.</summary>
[SagaCommand("bind_pool_year")]
public sealed record BindPoolYear(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>What binding brings: offers bound, the reserve drawn for the band, ledgers opened.</summary>
[SagaCommand("apply_pool_binding")]
public sealed record ApplyBinding(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Void every offer of the year.</summary>
[SagaCommand("void_renewal_offers")]
public sealed record VoidOffers(PoolId Pool, int Year, OfferChangeReason Reason) : RenewalCommand(Pool, Year);

/// <summary>The attestation is missing on its day.</summary>
[SagaCommand("alarm_pool_attestation")]
public sealed record AlarmPoolAttestation(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>The stop-loss is missing on its day.</summary>
[SagaCommand("alarm_pool_stop_loss")]
public sealed record AlarmPoolStopLoss(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>The reserve pays for stop-loss that became dearer.</summary>
[SagaCommand("absorb_stop_loss_repricing")]
public sealed record AbsorbRepricing(PoolId Pool, int Year, Money Increase) : RenewalCommand(Pool, Year);

/// <summary>Coverage begins.</summary>
[SagaCommand("activate_pool_year")]
public sealed record ActivatePoolYear(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Coverage has ended.</summary>
[SagaCommand("start_pool_run_out")]
public sealed record StartPoolRunOut(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>The run-out is over.</summary>
[SagaCommand("close_pool_year")]
public sealed record ClosePoolYear(PoolId Pool, int Year) : RenewalCommand(Pool, Year);

/// <summary>Give the year up.</summary>
[SagaCommand("abandon_pool_year")]
public sealed record AbandonPoolYear(PoolId Pool, int Year, AbandonReason Reason) : RenewalCommand(Pool, Year);
