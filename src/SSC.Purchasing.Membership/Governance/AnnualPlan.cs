using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>
/// The plan that a service cooperative gives its members every year by 1 June (Minn. Stat. 123A.21). Stream
/// <c>annual-plan-{CooperativeId}:{year}</c>, where the year is the fiscal year that the plan is for.
/// </summary>
public sealed class AnnualPlan : IDecider<AnnualPlan.Command, AnnualPlan.State, AnnualPlan.Event>
{
    /// <summary>What can be asked of a plan. Any of them but <see cref="Schedule"/> before it: <c>plan-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Note that a plan is due: <c>cooperative-malformed</c>, <c>year-out-of-range</c>.</summary>
        public sealed record Schedule(CooperativeId Cooperative, int Year) : Command;

        /// <summary>Remind the clerk for the n-th time; harmless once it is delivered.</summary>
        public sealed record Remind(int Number) : Command;

        /// <summary>Raise the alarm: the day has passed. <c>plan-not-overdue</c> before that; harmless once it is delivered.</summary>
        public sealed record RaiseOverdue(DateOnly On) : Command;

        /// <summary>
        /// Record that members have got it; more members may follow. <c>document-hash-malformed</c>, <c>members-missing</c>,
        /// <c>too-many-members</c>, <c>plan-differs</c>.
        /// </summary>
        public sealed record Deliver(string DocumentHash, StructuralList<MemberNo> Members, DateOnly On) : Command;
    }

    /// <summary>What has happened to a plan.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It is due on a day.</summary>
        [EventAlias("annual_plan_scheduled")]
        public sealed record Scheduled(CooperativeId Cooperative, int Year, DateOnly DueOn) : Event;

        /// <summary>The clerk was reminded.</summary>
        [EventAlias("annual_plan_reminded")]
        public sealed record Reminded(int Number) : Event;

        /// <summary>It is overdue.</summary>
        [EventAlias("annual_plan_overdue")]
        public sealed record Overdue(DateOnly On) : Event;

        /// <summary>These members have got it.</summary>
        [EventAlias("annual_plan_delivered")]
        public sealed record Delivered(string DocumentHash, StructuralList<MemberNo> Members, DateOnly On, bool InTime) : Event;
    }

    /// <summary>Where a plan stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>Not scheduled.</summary>
        public sealed record Absent : State;

        /// <summary>To be written and delivered.</summary>
        public sealed record Due(CooperativeId Cooperative, int Year, DateOnly DueOn, int Reminders, DateOnly? OverdueSince) : State;

        /// <summary>Delivered.</summary>
        public sealed record Delivered(
            CooperativeId Cooperative, int Year, DateOnly DueOn, string DocumentHash, StructuralList<MemberNo> Members,
            DateOnly FirstOn, bool InTime) : State;
    }

    private const int MaxMembers = 5_000;
    private const int EarliestYear = 2000;
    private const int LatestYear = 2200;
    private const int DueMonth = 6;
    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    /// <inheritdoc/>
    public static string Category => "annual-plan";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <summary>The key of a cooperative's plan for a fiscal year.</summary>
    public static string Key(CooperativeId cooperative, int year) => FormattableString.Invariant($"{cooperative}:{year}");

    /// <summary>1 June before the fiscal year begins.</summary>
    public static DateOnly DueOn(int year) => new(year - 1, DueMonth, 1);

    /// <summary>The fiscal year whose plan is the next one due, on a day.</summary>
    public static int NextYear(DateOnly day) => day <= DueOn(day.Year + 1) ? day.Year + 1 : day.Year + 2;

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Schedule c, State.Absent) => Scheduling(c),
        (Command.Schedule, _) => Nothing,
        (_, State.Absent) => new Refusal("plan-unknown", "No plan of this cooperative is due for this year."),

        (Command.Remind c, State.Due s) => c.Number > s.Reminders ? new Event.Reminded(c.Number) : Nothing,
        (Command.RaiseOverdue, State.Due { OverdueSince: not null }) => Nothing,
        (Command.RaiseOverdue c, State.Due s) => c.On > s.DueOn
            ? new Event.Overdue(c.On)
            : new Refusal("plan-not-overdue", $"The plan is due on {s.DueOn:yyyy-MM-dd}."),
        (Command.Remind or Command.RaiseOverdue, _) => Nothing,
        (Command.Deliver c, State.Due s) => Delivering(c, [], s.DueOn),
        (Command.Deliver c, State.Delivered s) => string.Equals(c.DocumentHash, s.DocumentHash, StringComparison.Ordinal)
            ? Delivering(c, s.Members, s.DueOn)
            : new Refusal("plan-differs", "Another text was delivered as this year's plan; deliver the same to everybody."),
        _ => throw new UnreachableException($"{command} is not a command of a plan."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Scheduled e) => new State.Due(e.Cooperative, e.Year, e.DueOn, 0, null),
        (State.Due s, Event.Reminded e) => s with { Reminders = e.Number },
        (State.Due s, Event.Overdue e) => s with { OverdueSince = e.On },
        (State.Due s, Event.Delivered e) =>
            new State.Delivered(s.Cooperative, s.Year, s.DueOn, e.DocumentHash, e.Members, e.On, e.InTime),
        (State.Delivered s, Event.Delivered e) => s with
        {
            Members = s.Members.Concat(e.Members).ToStructuralList(),
            InTime = s.InTime && e.InTime,
        },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static Decision<Event> Scheduling(Command.Schedule c) =>
        PlainText.CheckId("cooperative", c.Cooperative.Value) is { } no ? no
        : c.Year is < EarliestYear or > LatestYear
            ? new Refusal("year-out-of-range", $"Give a fiscal year from {EarliestYear} to {LatestYear}.")
            : new Event.Scheduled(c.Cooperative, c.Year, DueOn(c.Year));

    private static Decision<Event> Delivering(Command.Deliver c, StructuralList<MemberNo> already, DateOnly due)
    {
        if (!PlainText.IsSha256(c.DocumentHash))
            return new Refusal("document-hash-malformed", "Give the SHA-256 of the plan as 64 lower-case hexadecimal digits.");
        if (c.Members.Count == 0) return new Refusal("members-missing", "Say which members have got the plan.");
        if (c.Members.Any(m => !Id.IsWellFormed(m.Value))) return new Refusal("member-malformed", "Give member numbers.");
        var fresh = c.Members.Except(already).Distinct().Order().ToStructuralList();
        if (fresh.Count == 0) return Nothing;
        return already.Count + fresh.Count > MaxMembers
            ? new Refusal("too-many-members", $"A plan is delivered to at most {MaxMembers} members.")
            : new Event.Delivered(c.DocumentHash, fresh, c.On, c.On <= due);
    }
}
