using System.Globalization;
using SSC.Purchasing.InsurancePool.Experience;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: no recovery from the stop-loss carrier is lost: filed in time, chased while it is silent, an appeal of a denial brought to
/// mind before its days run out, the aggregate tested with every month's experience and filed when the run-out is over. One instance per
/// case; one per pool for its aggregate.
/// </summary>
public sealed class StopLossSaga : Saga<StopLossPromise>
{
    private const int DaysInHand = 5; // filed, or an appeal brought to mind, so many days before the last one, when nobody did
    private const string File = "file", Chase = "chase", Appeal = "appeal:", Aggregate = "aggregate:";

    /// <inheritdoc/>
    public override string Name => "stop_loss";

    /// <inheritdoc/>
    public override StopLossPromise Initial(string id) => new(id);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) => e.KeyIn(StopLossCase.Category) ?? e.Type switch
    {
        "pool_experience_imported" or "pool_experience_corrected" when e.Fact is ExperienceLedger.Event { Member: null } f =>
            $"{f.Pool}:aggregate",
        "pool_stop_loss_bound" or "pool_year_run_out_started" => $"{e.KeyIn(PoolYear.Category)!.Split(':')[0]}:aggregate",
        _ => null,
    };

    /// <inheritdoc/>
    public override SagaStep<StopLossPromise> On(StopLossPromise state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: StopLossCase.Event fact } i =>
            OnCase(state with { Pool = fact.Pool, Case = fact.Reference }, fact, i.At),
        SagaInput.Heard { Event.Fact: ExperienceLedger.Event fact } => new(
            state with { Pool = fact.Pool },
            [.. state.Years.Select(y => new SagaEffect.Send(new TestPoolAggregate(fact.Pool, y)))]),
        SagaInput.Heard { Event: { } e } => OnYear(state, e),
        SagaInput.Woken i => OnTimer(state, i),
        _ => new(state),
    };

    private static SagaStep<StopLossPromise> OnCase(StopLossPromise state, StopLossCase.Event fact, DateTimeOffset at) => fact switch
    {
        StopLossCase.Event.ThresholdCrossed { FileBy: { } by }
            when !state.AwaitsFiling && state.Phase is CasePhase.Absent or CasePhase.Noticed => new(
            state with { AwaitsFiling = true, Phase = CasePhase.Noticed },
            new SagaEffect.Wake(File, BusinessCalendar.InstantOf(by.AddDays(-DaysInHand), TimeOnly.MinValue))),
        StopLossCase.Event.ThresholdCrossed when state.Phase == CasePhase.Absent => new(state with { Phase = CasePhase.Noticed }),
        StopLossCase.Event.RecoveryFiled f =>
            Ask(state with { AwaitsFiling = false, Phase = CasePhase.Filed, ChaseDays = f.ChaseDays }, at),
        StopLossCase.Event.DenialAppealed => Ask(state with { Phase = CasePhase.Filed }, at),
        StopLossCase.Event.RecoveryReceived => new(state with { Phase = CasePhase.Reimbursed }),
        StopLossCase.Event.RecoveryDenied { AppealBy: { } by } => new(
            state with { Phase = CasePhase.Denied, AppealBy = by },
            new SagaEffect.Wake($"{Appeal}{by:yyyy-MM-dd}", BusinessCalendar.InstantOf(by.AddDays(-DaysInHand), TimeOnly.MinValue))),
        StopLossCase.Event.RecoveryDenied => new(state with { Phase = CasePhase.Denied, AppealBy = null }),
        StopLossCase.Event.CarrierChased f => Ask(state with { Chases = f.Number }, at),
        _ => new(state),
    };

    private static SagaStep<StopLossPromise> Ask(StopLossPromise state, DateTimeOffset at) =>
        new(state, new SagaEffect.Wake(Chase, BusinessCalendar.AddCalendarDays(at, state.ChaseDays)));

    private static SagaStep<StopLossPromise> OnYear(StopLossPromise state, RecordedEvent e)
    {
        var key = e.KeyIn(PoolYear.Category)!.Split(':');
        var year = int.Parse(key[1], CultureInfo.InvariantCulture);
        var next = state with { Pool = new(key[0]) };
        return e.Fact is PoolYear.Event.YearRunOutStarted f
            ? new(next, new SagaEffect.Wake(Aggregate + key[1], BusinessCalendar.EndOfDay(f.Ends).AddSeconds(1)))
            : new(next with { Years = next.Years.Contains(year) ? next.Years : next.Years.Add(year) });
    }

    private static SagaStep<StopLossPromise> OnTimer(StopLossPromise state, SagaInput.Woken timer) => (timer.Timer, state.Phase) switch
    {
        (File, _) when state.AwaitsFiling => Send(state, new FileStopLoss(state.Pool, state.Case!.Value)),
        (Chase, CasePhase.Filed) => Send(state, new ChaseStopLoss(state.Pool, state.Case!.Value, state.Chases + 1)),
        ({ } name, CasePhase.Denied) when state.AppealBy is { } by && name == $"{Appeal}{by:yyyy-MM-dd}" =>
            Send(state, new RemindOfAppeal(state.Pool, state.Case!.Value, by)),
        ({ } name, _) when name.StartsWith(Aggregate, StringComparison.Ordinal) => new(
            state,
            new SagaEffect.Send(new TestPoolAggregate(state.Pool, YearIn(name))),
            new SagaEffect.Send(new FileStopLoss(state.Pool, StopLossCase.AggregateOf(YearIn(name))))),
        _ => new(state),
    };

    private static int YearIn(string timer) => int.Parse(timer[Aggregate.Length..], CultureInfo.InvariantCulture);

    private static SagaStep<StopLossPromise> Send(StopLossPromise state, object command) => new(state, new SagaEffect.Send(command));
}

/// <summary>What the saga remembers of a case, or of a pool's aggregate.</summary>
/// <param name="Key">Key of the instance.</param>
public sealed record StopLossPromise(string Key)
{
    /// <summary>The pool.</summary>
    public PoolId Pool { get; init; }

    /// <summary>The case.</summary>
    public OpaqueRef? Case { get; init; }

    /// <summary>Years with a stop-loss.</summary>
    public StructuralList<int> Years { get; init; }

    /// <summary>Where the case stands.</summary>
    public CasePhase Phase { get; init; }

    /// <summary>It is above the specific amount and not filed.</summary>
    public bool AwaitsFiling { get; init; }

    /// <summary>Days of silence until the carrier is asked again.</summary>
    public int ChaseDays { get; init; }

    /// <summary>Times the carrier was asked again.</summary>
    public int Chases { get; init; }

    /// <summary>Last day of an appeal of the denial.</summary>
    public DateOnly? AppealBy { get; init; }
}

/// <summary>A command on stop-loss.</summary>
public abstract record StopLossCommand(PoolId Pool);

/// <summary>Test where a year's aggregate stands.</summary>
[SagaCommand("test_pool_aggregate")]
public sealed record TestPoolAggregate(PoolId Pool, int Year) : StopLossCommand(Pool);

/// <summary>File a case.</summary>
[SagaCommand("file_stop_loss")]
public sealed record FileStopLoss(PoolId Pool, OpaqueRef Case) : StopLossCommand(Pool);

/// <summary>Ask a silent carrier again.</summary>
[SagaCommand("chase_stop_loss")]
public sealed record ChaseStopLoss(PoolId Pool, OpaqueRef Case, int Number) : StopLossCommand(Pool);

/// <summary>Remind the pool that a denial is appealed through a day.</summary>
[SagaCommand("remind_of_stop_loss_appeal")]
public sealed record RemindOfAppeal(PoolId Pool, OpaqueRef Case, DateOnly AppealBy) : StopLossCommand(Pool);
