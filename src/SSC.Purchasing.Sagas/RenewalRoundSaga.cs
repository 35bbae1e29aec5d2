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
    private const string Contest = "contest:";

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
        SagaInput.Heard { Event.Fact: RenewalOffer.Event fact } i => OnOffer(state, fact, i.At),
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
            PoolYear.Event.ParticipationTested f => f.Result.Passed || state.Overridden
                ? Bind(state with { Tests = f.Attempt, Passed = true }, at)
                : new(state with { Tests = f.Attempt, Passed = false }),
            PoolYear.Event.TestOverridden => Bind(state with { Passed = true, Overridden = true }, at),
            PoolYear.Event.AttestationFiled or PoolYear.Event.StopLossBound when state.BindPending =>
                Bind(state with { BindPending = false }, at),
            PoolYear.Event.ReRated => TakeBack(
                state with { Phase = YearPhase.CensusOpen, Tests = 0, Passed = false, Overridden = false, BindPending = false },
                OfferChangeReason.ReRated),
            PoolYear.Event.YearBound => Send(state with { Phase = YearPhase.Bound, BindPending = false }, new ApplyBinding(pool, year)),
            PoolYear.Event.StopLossRepriced { Answer: RepricingAnswer.ReserveAbsorbs } f =>
                Send(state, new AbsorbRepricing(pool, year, f.Increase)),
            PoolYear.Event.YearActivated => new(state with { Phase = YearPhase.Active }),
            PoolYear.Event.YearRunOutStarted => new(state with { Phase = YearPhase.RunOut }),
            PoolYear.Event.YearClosed => new(state with { Phase = YearPhase.Closed }),
            PoolYear.Event.YearAbandoned => TakeBack(state with { Phase = YearPhase.Abandoned }, OfferChangeReason.YearAbandoned),
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

    private static SagaStep<RenewalPromise> OnOffer(RenewalPromise state, RenewalOffer.Event fact, DateTimeOffset at)
    {
        var answered = state with { Contestable = state.Contestable.Remove(fact.Member) };
        switch (fact)
        {
            case RenewalOffer.Event.Escalated f: return new(state, Answer(f.Until));
            case RenewalOffer.Event.Reissued f: return new(answered, Answer(f.Deadline));
            case RenewalOffer.Event.Accepted f: return Stay(answered, f.Member);
            case RenewalOffer.Event.Declined f: return Leave(answered, f.Member);
            case RenewalOffer.Event.DefaultApplied f:
                var until = f.On.AddDays(state.Terms!.Parameters.Renewal.ContestDays);
                var silent = state with { Contestable = state.Contestable.Set(f.Member, until) };
                return f.Renews ? Stay(silent, f.Member) : Leave(silent, f.Member);
            case RenewalOffer.Event.DefaultReversed f:
                var reversed = f.Renews ? Stay(answered, f.Member) : Leave(answered, f.Member);
                return TestsAgain(state, at)
                    ? new(reversed.State,
                        [.. reversed.Effects, new SagaEffect.Send(new TestPoolParticipation(f.Pool, f.Year, state.Tests + 1))])
                    : reversed;
            default: return new(state);
        }
    }

    /// <summary>The board changed an outcome that was tested, and no deadline ahead brings the next test by itself.</summary>
    private static bool TestsAgain(RenewalPromise state, DateTimeOffset at) =>
        state is { Phase: YearPhase.Offering, Tests: > 0 } && (state.Passed || BusinessCalendar.LocalDate(at) > state.Deadline);

    private static SagaStep<RenewalPromise> Leave(RenewalPromise state, MemberNo member) => Send(
        state.Leaving.Contains(member) ? state : state with { Leaving = state.Leaving.Add(member) },
        new NoteDecline(state.Terms!.Pool, state.Terms.Year, member));

    /// <summary>A decline was the notice; who stays after all has none.</summary>
    private static SagaStep<RenewalPromise> Stay(RenewalPromise state, MemberNo member) => state.Leaving.Contains(member)
        ? Send(
            state with { Leaving = [.. state.Leaving.Where(m => m != member)] },
            new RescindDecline(state.Terms!.Pool, state.Terms.Year, member))
        : new(state);

    /// <summary>Every offer is void, and so is what its decline brought.</summary>
    private static SagaStep<RenewalPromise> TakeBack(RenewalPromise state, OfferChangeReason reason)
    {
        var (pool, year) = (state.Terms!.Pool, state.Terms.Year);
        return new(
            state with { Contestable = default, Leaving = [] },
            [
                new SagaEffect.Send(new VoidOffers(pool, year, reason)),
                .. state.Leaving.Select(m => new SagaEffect.Send(new RescindDecline(pool, year, m))),
            ]);
    }

    /// <summary>Nothing is bound while the board may still reverse what silence meant.</summary>
    private static SagaStep<RenewalPromise> Bind(RenewalPromise state, DateTimeOffset at)
    {
        var today = BusinessCalendar.LocalDate(at);
        if (!state.Contestable.Values.Any(until => until >= today))
            return Send(state, new BindPoolYear(state.Terms!.Pool, state.Terms.Year));
        var last = state.Contestable.Values.Max();
        return new(state, new SagaEffect.Wake(Contest + Day(last), After(last)));
    }

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
            ({ } name, YearPhase.Offering) when state.Passed && name.StartsWith(Contest, StringComparison.Ordinal) => Bind(state, timer.At),
            _ => new(state), // late, repeated or overtaken: the state makes it harmless
        };
    }

    private static SagaEffect.Wake Answer(DateOnly deadline) => new(Response + Day(deadline), After(deadline));

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

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

    /// <summary>Enough take part, by the last test or because the board let it pass.</summary>
    public bool Passed { get; init; }

    /// <summary>The board let a failed test pass.</summary>
    public bool Overridden { get; init; }

    /// <summary>Where silence has spoken: the last day on which the board may reverse it.</summary>
    public StructuralMap<MemberNo, DateOnly> Contestable { get; init; }

    /// <summary>Members whose decline was their notice.</summary>
    public StructuralList<MemberNo> Leaving { get; init; }

    /// <summary>The rates before the board are the current ones, carried on.</summary>
    public bool Held { get; init; }

    /// <summary>Enough take part, and attestation or stop-loss is missing.</summary>
    public bool BindPending { get; init; }

    /// <summary>The last refusal that a command met, for the pool administrator.</summary>
    public Refusal? LastRefusal { get; init; }
}
