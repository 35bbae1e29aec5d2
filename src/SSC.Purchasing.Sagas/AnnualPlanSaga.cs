using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: every year by 1 June the members have the cooperative's plan (Minn. Stat. 123A.21), or everybody can see that they have
/// not. One instance per cooperative and fiscal year; each schedules the next.
/// </summary>
public sealed class AnnualPlanSaga : Saga<AnnualPlanPromise>
{
    private const string Overdue = "overdue", Next = "next";

    /// <summary>Days before the due day on which the clerk is reminded.</summary>
    private static readonly IReadOnlyList<int> ReminderDays = [60, 30, 7];

    /// <inheritdoc/>
    public override string Name => "annual_plan";

    /// <inheritdoc/>
    public override AnnualPlanPromise Initial(string id)
    {
        var at = id.LastIndexOf(':');
        return new(new(id[..at]), int.Parse(id[(at + 1)..], System.Globalization.CultureInfo.InvariantCulture), false);
    }

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) => e.Type switch
    {
        "board_constituted" => AnnualPlan.Key(
            ((Board.Event.Constituted)e.Fact).Cooperative, AnnualPlan.NextYear(BusinessCalendar.LocalDate(e.At))),
        "annual_plan_scheduled" or "annual_plan_delivered" => e.KeyIn(AnnualPlan.Category),
        _ => null,
    };

    /// <inheritdoc/>
    public override SagaStep<AnnualPlanPromise> On(AnnualPlanPromise state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: Board.Event.Constituted } => Send(state, new ScheduleAnnualPlan(state.Cooperative, state.Year)),
        SagaInput.Heard { Event.Fact: AnnualPlan.Event.Scheduled f } => new(state, [.. Timers(f.DueOn, input.At)]),
        SagaInput.Heard { Event.Fact: AnnualPlan.Event.Delivered } => new(state with { Delivered = true }),
        SagaInput.Woken { Timer: Next } => Send(state, new ScheduleAnnualPlan(state.Cooperative, state.Year + 1)),
        SagaInput.Woken when state.Delivered => new(state),
        SagaInput.Woken { Timer: Overdue } => Send(state, new RaiseAnnualPlanOverdue(state.Cooperative, state.Year)),
        SagaInput.Woken { Timer: var timer } when NumberOf(timer) is { } number =>
            Send(state, new RemindOfAnnualPlan(state.Cooperative, state.Year, number)),
        _ => new(state),
    };

    private static SagaStep<AnnualPlanPromise> Send(AnnualPlanPromise state, GovernanceCommand command) =>
        new(state, new SagaEffect.Send(command));

    // A plan that is scheduled late gets only the reminders that are still ahead.
    private static IEnumerable<SagaEffect> Timers(DateOnly due, DateTimeOffset now)
    {
        for (var i = 0; i < ReminderDays.Count; i++)
        {
            var at = BusinessCalendar.InstantOf(due.AddDays(-ReminderDays[i]), new(8, 0));
            if (at > now) yield return new SagaEffect.Wake($"reminder-{i + 1}", at);
        }

        var end = BusinessCalendar.EndOfDay(due).AddSeconds(1);
        yield return new SagaEffect.Wake(Overdue, end);
        yield return new SagaEffect.Wake(Next, end);
    }

    private static int? NumberOf(string timer) =>
        timer.StartsWith("reminder-", StringComparison.Ordinal) ? timer[^1] - '0' : null;
}

/// <summary>What the saga remembers of a plan.</summary>
/// <param name="Cooperative">Cooperative.</param>
/// <param name="Year">Fiscal year of the plan.</param>
/// <param name="Delivered">True once members have got it.</param>
public sealed record AnnualPlanPromise(CooperativeId Cooperative, int Year, bool Delivered);
