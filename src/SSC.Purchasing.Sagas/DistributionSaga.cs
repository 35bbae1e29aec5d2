using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: surplus above the target comes before the board, what the board approves is shared out on its record date, and an
/// assessment is asked or billed, closed and covered by the side that its regime names. One instance per run; one per pool's valuations.
/// </summary>
public sealed class DistributionSaga : Saga<SharingPromise>
{
    private const string RecordDate = "record-date", Due = "due:";

    /// <inheritdoc/>
    public override string Name => "pool_sharing";

    /// <inheritdoc/>
    public override SharingPromise Initial(string id) => new(id);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) =>
        e.KeyIn(Distribution.Category) is { } dividend ? $"distribution:{dividend}"
        : e.KeyIn(AssessmentRun.Category) is { } assessment ? $"assessment:{assessment}"
        : e.Type is "pool_reserve_booked" ? $"valuation:{((ReserveValuation.Event.Booked)e.Fact).Pool}" : null;

    /// <inheritdoc/>
    public override SagaStep<SharingPromise> On(SharingPromise state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: ReserveValuation.Event.Booked f } => f.Surplus > f.Target
            ? Send(state with { Pool = f.Pool }, new ProposeDividend(f.Pool, f.AsOf))
            : new(state),
        SagaInput.Heard { Event.Fact: Distribution.Event fact } => OnDividend(state with { Pool = fact.Pool, Run = fact.Id }, fact),
        SagaInput.Heard { Event.Fact: AssessmentRun.Event fact } => OnAssessment(state with { Pool = fact.Pool, Run = fact.Id }, fact),
        SagaInput.Woken i => OnTimer(state, i),
        SagaInput.WasRefused i => new(state with { LastRefusal = i.Refusal }),
        _ => new(state),
    };

    private static SagaStep<SharingPromise> OnDividend(SharingPromise state, Distribution.Event fact) => fact switch
    {
        Distribution.Event.Proposed f => new(state with { RecordDate = f.RecordDate, Dividend = true }),
        Distribution.Event.Approved => new(
            state with { Waiting = SharingWait.ForRecordDate },
            new SagaEffect.Wake(RecordDate, BusinessCalendar.InstantOf(state.RecordDate!.Value, TimeOnly.MinValue))),
        Distribution.Event.Allocated or Distribution.Event.Cancelled => new(state with { Waiting = SharingWait.ForNothing }),
        Distribution.Event.Posted { Method: DistributionMethod.CreditMemo } => Send(state, new CreditDividends(state.Pool, state.Run)),
        _ => new(state),
    };

    private static SagaStep<SharingPromise> OnAssessment(SharingPromise state, AssessmentRun.Event fact) => fact switch
    {
        AssessmentRun.Event.Proposed f => new(state with { RecordDate = f.RecordDate, Regime = f.Regime }),
        AssessmentRun.Event.Approved => new(
            state with { Waiting = SharingWait.ForRecordDate },
            new SagaEffect.Wake(RecordDate, BusinessCalendar.InstantOf(state.RecordDate!.Value, TimeOnly.MinValue))),
        AssessmentRun.Event.Allocated f => Await(state, f.DueOn),
        AssessmentRun.Event.Respread f => Await(state, f.DueOn),
        AssessmentRun.Event.PaymentReversed f when state.Regime == LiabilityRegime.JointAndSeveral => Await(state, f.DueOn),
        AssessmentRun.Event.ConsentsClosed f => new(
            state with { Waiting = SharingWait.ForNothing },
            f.ChargedToReserve > Money.Zero
                ? [new SagaEffect.Send(new ChargeReserve(state.Pool, state.Run, f.ChargedToReserve))]
                : []),
        AssessmentRun.Event.Posted or AssessmentRun.Event.Cancelled => new(state with { Waiting = SharingWait.ForNothing }),
        _ => new(state),
    };

    private static SagaStep<SharingPromise> Await(SharingPromise state, DateOnly due) => new(
        state with { Waiting = SharingWait.ForAnswers, DueOn = due },
        new SagaEffect.Wake($"{Due}{due:yyyy-MM-dd}", BusinessCalendar.EndOfDay(due).AddSeconds(1)));

    private static SagaStep<SharingPromise> OnTimer(SharingPromise state, SagaInput.Woken timer) => (timer.Timer, state.Waiting) switch
    {
        (RecordDate, SharingWait.ForRecordDate) => Send(
            state, state.Dividend ? new AllocateDividend(state.Pool, state.Run) : new AllocateAssessment(state.Pool, state.Run)),
        ({ } name, SharingWait.ForAnswers) when name == $"{Due}{state.DueOn:yyyy-MM-dd}" =>
            Send(state, new CloseAssessmentAnswers(state.Pool, state.Run, state.Regime)),
        _ => new(state), // late, repeated or overtaken
    };

    private static SagaStep<SharingPromise> Send(SharingPromise state, object command) => new(state, new SagaEffect.Send(command));
}

/// <summary>What a run waits for.</summary>
public enum SharingWait
{
    /// <summary>The board, or nothing any more.</summary>
    ForNothing,

    /// <summary>The record date.</summary>
    ForRecordDate,

    /// <summary>Consents or payments.</summary>
    ForAnswers,
}

/// <summary>What the saga remembers of a run.</summary>
/// <param name="Key">Key of the instance.</param>
public sealed record SharingPromise(string Key)
{
    /// <summary>The pool.</summary>
    public PoolId Pool { get; init; }

    /// <summary>The run.</summary>
    public string Run { get; init; } = string.Empty;

    /// <summary>True for a dividend, false for an assessment.</summary>
    public bool Dividend { get; init; }

    /// <summary>The record date.</summary>
    public DateOnly? RecordDate { get; init; }

    /// <summary>Who is liable.</summary>
    public LiabilityRegime Regime { get; init; }

    /// <summary>What it waits for.</summary>
    public SharingWait Waiting { get; init; }

    /// <summary>End of consents or payments.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>The last refusal that a command met.</summary>
    public Refusal? LastRefusal { get; init; }
}

/// <summary>A command on sharing out.</summary>
public abstract record SharingCommand(PoolId Pool);

/// <summary>Propose the surplus above the target as a dividend.</summary>
[SagaCommand("propose_pool_dividend")]
public sealed record ProposeDividend(PoolId Pool, DateOnly AsOf) : SharingCommand(Pool);

/// <summary>Share a dividend out.</summary>
[SagaCommand("allocate_pool_dividend")]
public sealed record AllocateDividend(PoolId Pool, string Run) : SharingCommand(Pool);

/// <summary>Put a posted dividend on the members' next bills.</summary>
[SagaCommand("credit_pool_dividends")]
public sealed record CreditDividends(PoolId Pool, string Run) : SharingCommand(Pool);

/// <summary>Share an assessment out.</summary>
[SagaCommand("allocate_pool_assessment")]
public sealed record AllocateAssessment(PoolId Pool, string Run) : SharingCommand(Pool);

/// <summary>The days of consent or payment are over.</summary>
[SagaCommand("close_assessment_answers")]
public sealed record CloseAssessmentAnswers(PoolId Pool, string Run, LiabilityRegime Regime) : SharingCommand(Pool);

/// <summary>The reserve pays what was not consented to.</summary>
[SagaCommand("charge_pool_reserve")]
public sealed record ChargeReserve(PoolId Pool, string Run, Money Amount) : SharingCommand(Pool);
