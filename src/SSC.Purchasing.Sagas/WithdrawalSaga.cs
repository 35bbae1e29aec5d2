using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: who joins is on the roster, and who leaves is covered and billed through its last day and no longer, has its claims taken
/// through the run-out and is released from what it is liable for on the day that its regime says. One instance per participation.
/// </summary>
public sealed class WithdrawalSaga : Saga<WithdrawalPromise>
{
    private const string Exit = "exit", RunOut = "run-out", Liability = "liability";

    /// <inheritdoc/>
    public override string Name => "pool_withdrawal";

    /// <inheritdoc/>
    public override WithdrawalPromise Initial(string id) => new(id);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) => e.KeyIn(PoolParticipation.Category);

    /// <inheritdoc/>
    public override SagaStep<WithdrawalPromise> On(WithdrawalPromise state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: PoolParticipation.Event fact } =>
            OnFact(state with { Pool = fact.Pool, Member = fact.Member }, fact),
        SagaInput.Woken i => OnTimer(state, i),
        SagaInput.WasRefused i => new(state with { LastRefusal = i.Refusal }),
        _ => new(state),
    };

    private static SagaStep<WithdrawalPromise> OnFact(WithdrawalPromise state, PoolParticipation.Event fact) => fact switch
    {
        PoolParticipation.Event.JoinderSigned => Send(state, new AdmitToPool(state.Pool, state.Member)),
        PoolParticipation.Event.WithdrawalNoticed f => new(state with { ExitOn = f.ExitOn }, After(Exit, f.ExitOn)),
        PoolParticipation.Event.NoticeRescinded => new(state with { ExitOn = null }),
        PoolParticipation.Event.Withdrawn f => new(
            state with { ExitOn = f.ExitOn, LiableUntil = f.LiableUntil, Left = true },
            new SagaEffect.Send(new ReleaseFromPool(state.Pool, state.Member)),
            new SagaEffect.Send(new EndPoolCoverage(state.Pool, state.Member, f.ExitOn)), After(RunOut, f.RunOutEnds)),
        PoolParticipation.Event.RunOutClosed => state.LiableUntil is { } until
            ? new(state, After(Liability, until))
            : Send(state, new ReleaseLiability(state.Pool, state.Member)),
        PoolParticipation.Event.LiabilityReleased => new(state with { ExitOn = null, Left = false }),
        _ => new(state),
    };

    private static SagaStep<WithdrawalPromise> OnTimer(WithdrawalPromise state, SagaInput.Woken timer) => (timer.Timer, state.Left) switch
    {
        // A notice that was rescinded, or moved, leaves its timer behind: the exit that holds now decides.
        (Exit, false) when state.ExitOn is { } exit && BusinessCalendar.LocalDate(timer.Due) > exit =>
            Send(state, new WithdrawParticipant(state.Pool, state.Member)),
        (RunOut, true) => Send(state, new CloseParticipantRunOut(state.Pool, state.Member)),
        (Liability, true) => Send(state, new ReleaseLiability(state.Pool, state.Member)),
        _ => new(state),
    };

    private static SagaEffect.Wake After(string timer, DateOnly day) => new(timer, BusinessCalendar.EndOfDay(day).AddSeconds(1));

    private static SagaStep<WithdrawalPromise> Send(WithdrawalPromise state, object command) => new(state, new SagaEffect.Send(command));
}

/// <summary>What the saga remembers of a participation.</summary>
/// <param name="Key">Key of the participation.</param>
public sealed record WithdrawalPromise(string Key)
{
    /// <summary>The pool.</summary>
    public PoolId Pool { get; init; }

    /// <summary>The member.</summary>
    public MemberNo Member { get; init; }

    /// <summary>Last day of coverage, once notice is given.</summary>
    public DateOnly? ExitOn { get; init; }

    /// <summary>Last day of liability.</summary>
    public DateOnly? LiableUntil { get; init; }

    /// <summary>Coverage has ended.</summary>
    public bool Left { get; init; }

    /// <summary>The last refusal that a command met.</summary>
    public Refusal? LastRefusal { get; init; }
}

/// <summary>A command on joining and leaving.</summary>
public abstract record WithdrawalCommand(PoolId Pool, MemberNo Member);

/// <summary>Put a member on the roster, then let it take part.</summary>
[SagaCommand("admit_to_pool")]
public sealed record AdmitToPool(PoolId Pool, MemberNo Member) : WithdrawalCommand(Pool, Member);

/// <summary>Coverage has ended.</summary>
[SagaCommand("withdraw_pool_participant")]
public sealed record WithdrawParticipant(PoolId Pool, MemberNo Member) : WithdrawalCommand(Pool, Member);

/// <summary>Take a member off the roster, and let its claims run out.</summary>
[SagaCommand("release_from_pool")]
public sealed record ReleaseFromPool(PoolId Pool, MemberNo Member) : WithdrawalCommand(Pool, Member);

/// <summary>Bill a member nothing for after its last day.</summary>
[SagaCommand("end_pool_coverage")]
public sealed record EndPoolCoverage(PoolId Pool, MemberNo Member, DateOnly LastDay) : WithdrawalCommand(Pool, Member);

/// <summary>The run-out is over.</summary>
[SagaCommand("close_pool_participant_run_out")]
public sealed record CloseParticipantRunOut(PoolId Pool, MemberNo Member) : WithdrawalCommand(Pool, Member);

/// <summary>Nothing is owed any more.</summary>
[SagaCommand("release_pool_liability")]
public sealed record ReleaseLiability(PoolId Pool, MemberNo Member) : WithdrawalCommand(Pool, Member);
