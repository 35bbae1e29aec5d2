using System.Diagnostics;
using System.Globalization;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Enrollment;

/// <summary>
/// A member's contracts by plan, tier and month of a pool year: counts and nothing else. Stream
/// <c>pool-enrollment-{PoolId}:{year}:{MemberNo}</c>. A count never falls below zero, a change reaches back N months and no further, and a
/// month that was frozen changes only by adjustment lines on the next bill. Language and state are in <c>EnrollmentLedger.Language.cs</c>,
/// an early end of coverage in <c>EnrollmentLedger.Coverage.cs</c>.
/// </summary>
public sealed partial class EnrollmentLedger : IDecider<EnrollmentLedger.Command, EnrollmentLedger.State, EnrollmentLedger.Event>
{
    private const int MonthsOfYear = 12;

    /// <inheritdoc/>
    public static string Category => "pool-enrollment";

    /// <inheritdoc/>
    public static State Initial { get; } = new(LedgerPhase.Absent);

    /// <summary>The key of a ledger.</summary>
    public static string Key(PoolId pool, int year, MemberNo member) =>
        string.Create(CultureInfo.InvariantCulture, $"{pool}:{year:0000}:{member}");

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state)
    {
        var decision = Judge(command, state);
        if (decision is not Decision<Event>.Accepted accepted || accepted.Events.Count == 0) return decision;
        var terms = command is Command.Open open ? open.Terms : state.Terms!;
        return new Decision<Event>.Accepted(
            [.. accepted.Events.Select(e => e with { Pool = terms.Pool, Year = terms.Year, Member = terms.Member })]);
    }

    private static Decision<Event> Judge(Command command, State state) => (command, state.Phase) switch
    {
        (Command.Open c, LedgerPhase.Absent) => Open(c),
        (_, LedgerPhase.Absent) => new Refusal("ledger-unknown", "The member has no enrollment ledger for this year."),
        (Command.Open, _) => Nothing, // opened once, on the bound offer; changes come as adjustments
        (Command.Freeze c, _) => Freeze(c.Month, state),
        (Command.Close, LedgerPhase.Frozen) => Nothing,
        (Command.Close, _) => state.FrozenThrough == state.LastMonth
            ? new Event.Closed(state.Pending, state.Credits)
            : new Refusal("months-not-billed", "Freeze every month of the year first."),
        (Command.Adjust c, _) when state.References.Contains(c.Reference) => Nothing,
        (Command.Credit c, _) when state.References.Contains(c.Reference) => Nothing,
        (Command.WaiveRetro c, _) when state.References.Contains(c.Reference) && !state.Denied.ContainsKey(c.Reference) => Nothing,
        (_, LedgerPhase.Frozen) => new Refusal("ledger-frozen", "The year's enrollment is frozen; nothing changes any more."),
        (Command.Adjust c, _) => Adjust(c, state),
        (Command.WaiveRetro c, _) => Waive(c, state),
        (Command.EndCoverage c, _) => EndCoverage(c, state),
        (Command.Credit c, _) => c.Reference.Flaw is { } no ? no
            : c.Amount == Money.Zero ? new Refusal("amount-invalid", "A credit or charge is not zero.")
            : new Event.Credited(new(c.Reference, c.Cause, c.Amount)),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.CountsReported e => new(LedgerPhase.Open)
        {
            Terms = e.Terms,
            Cells = e.Counts.ToStructuralMap(
                c => Cell(c.Plan, c.Tier), c => Enumerable.Repeat(c.Contracts, MonthsOfYear).ToStructuralList()),
        },
        Event.CountsAdjusted e => state with
        {
            References = state.References.Contains(e.Reference) ? state.References : state.References.Add(e.Reference),
            Cells = With(state, e.Changes, e.CountsFrom, state.CountsThrough),
            Pending = [.. state.Pending, .. e.Lines],
            Sources = e.Source is { } s && !state.Sources.Contains(s) ? state.Sources.Add(s) : state.Sources,
        },
        Event.RetroOutsideWindow e => state with
        {
            References = state.References.Contains(e.Reference) ? state.References : state.References.Add(e.Reference),
            Denied = state.Denied.Set(e.Reference, e.Lines),
        },
        Event.RetroWaived e => state with
        {
            Denied = state.Denied.Remove(e.Reference),
            Pending = [.. state.Pending, .. e.Lines],
            Cells = e.Lines.Where(l => l.Part == Factor.One)
                .Aggregate(state, (s, l) => s with { Cells = With(s, [new(l.Plan, l.Tier, l.Change)], l.Month, l.Month) }).Cells,
        },
        Event.Credited e => state with
        {
            References = state.References.Add(e.Credit.Reference), Credits = state.Credits.Add(e.Credit),
        },
        Event.CoverageEnded e => Ended(state, e),
        Event.MonthFrozen e => state with { FrozenThrough = e.Month, Pending = [], Credits = [] },
        Event.Closed => state with { Phase = LedgerPhase.Frozen, Pending = [], Credits = [] },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    internal static string Cell(PlanId plan, Tier tier) => $"{plan}:{tier}";

    private static Decision<Event> Open(Command.Open c)
    {
        if (c.Terms.Rates.Select(r => r.Tier).Distinct().Count() != c.Terms.Rates.Count || c.Terms.Rates.Count == 0
            || c.Terms.Rates.Any(r => r.Rate < Money.Zero) || c.Terms.StartsOn.Day != 1)
            return new Refusal("ledger-terms-invalid", "A ledger begins on the first of a month, with one rate for each tier.");
        return Counts.Flaw(c.Counts, c.Terms.Plans) is { } no
            ? no
            : new Event.CountsReported(c.Terms, Counts.InOrder(c.Counts));
    }

    private static Decision<Event> Adjust(Command.Adjust c, State state)
    {
        if (Flaw(c, state) is { } no) return no;
        var terms = state.Terms!;
        var effective = CoverageMonth.Of(c.EffectiveOn);
        var earliest = PartialMonths.Earliest(c.ReportedOn, terms.Rules.RetroMonths);
        var from = effective < earliest ? earliest : effective;
        var whole = PartialMonths.PartOf(c.EffectiveOn, terms.Rules.PartialMonth) is var (days, of) && days == of;
        var countsFrom = from == effective && !whole ? from.AddMonths(1) : from;
        if (BelowZero(state, c.Changes, countsFrom) is { } short1) return short1;

        var events = new List<Event>();
        if (from <= state.LastCounted)
        {
            var lines = LinesOf(c, state, from, state.LastCounted)
                .Where(l => l.Month <= state.FrozenThrough || (l.Month == effective && !whole)).ToStructuralList();
            events.Add(new Event.CountsAdjusted(
                c.Reference, c.Changes, c.EffectiveOn, c.ReportedOn, countsFrom, c.Reason, lines, c.Source,
                PartialMonths.CurrentRuleVersion));
        }

        if (effective < earliest)
        {
            var until = earliest.AddMonths(-1) is var last && last > state.LastCounted ? state.LastCounted : last;
            var denied = LinesOf(c, state, effective, until).ToStructuralList();
            events.Add(new Event.RetroOutsideWindow(
                c.Reference, denied, denied.Select(l => l.Amount).Sum(), terms.Rules.RetroMonths));
        }

        return new Decision<Event>.Accepted(events);
    }

    private static Refusal? Flaw(Command.Adjust c, State state)
    {
        if ((c.Reference.Flaw ?? c.Source?.Flaw) is { } no) return no;
        var terms = state.Terms!;
        if (c.Changes.Count is 0 or > 50 || c.Changes.Any(x => x.Change is 0 or < -Counts.Most or > Counts.Most)
            || c.Changes.Select(x => (x.Plan, x.Tier)).Distinct().Count() != c.Changes.Count || !Enum.IsDefined(c.Reason))
            return new("change-invalid", "A change names each cell once, with a number that is not zero, and a reason of the list.");
        if (c.Changes.Any(x => !terms.Plans.Contains(x.Plan)) || c.Changes.Any(x => terms.Rates.All(r => r.Tier != x.Tier)))
            return new("plan-unknown", "The year has no such plan or tier.");
        return CoverageMonth.Of(c.EffectiveOn) is var month && (month < state.FirstMonth || month > state.LastMonth)
            ? new("month-outside-year", $"The change takes effect from {state.FirstMonth} to {state.LastMonth}.")
            : month > state.LastCounted
                ? new("coverage-ended", $"The member was covered through {state.CoverageEndsOn:yyyy-MM-dd}; nothing changes after that.")
            : c.ReportedOn < terms.StartsOn.AddYears(-1) || c.ReportedOn > terms.StartsOn.AddYears(2)
                ? new("report-day-invalid", "Give the day of the report, near the pool year.")
                : null;
    }

    private static IEnumerable<AdjustmentLine> LinesOf(Command.Adjust c, State state, CoverageMonth from, CoverageMonth until)
    {
        for (var month = from; month <= until; month = month.AddMonths(1))
        {
            foreach (var change in c.Changes)
            {
                var line = PartialMonths.Line(month, change, c.EffectiveOn, state.Terms!.Rules, state.RateOf(change.Tier));
                if (line.Amount != Money.Zero) yield return line;
            }
        }
    }

    private static Refusal? BelowZero(State state, StructuralList<CountChange> changes, CoverageMonth from)
    {
        foreach (var change in changes)
        {
            for (var month = from; month <= state.LastCounted; month = month.AddMonths(1))
            {
                var count = state.CountOf(change.Plan, change.Tier, month) + change.Change;
                if (count < 0)
                    return new("count-below-zero", $"{change.Plan} {change.Tier} would fall below zero in {month}; check the counts.");
                if (count > Counts.Most) return new("count-out-of-range", $"A cell has at most {Counts.Most} contracts.");
            }
        }

        return null;
    }

    private static Decision<Event> Waive(Command.WaiveRetro c, State state)
    {
        if (!state.Denied.TryGetValue(c.Reference, out var lines))
            return new Refusal("nothing-denied", "No change under this reference was outside the window.");
        var key = Key(state.Terms!.Pool, state.Terms.Year, state.Terms.Member);
        if (ResolutionCited.Flaw(c.Adopted, ResolutionKind.RetroWaiver, key) is { } no) return no;
        foreach (var line in lines.Where(l => l.Part == Factor.One))
        {
            if (state.CountOf(line.Plan, line.Tier, line.Month) + line.Change < 0)
                return new Refusal("count-below-zero", $"{line.Plan} {line.Tier} would fall below zero in {line.Month}.");
        }

        return new Event.RetroWaived(c.Reference, lines, ResolutionCited.Of(c.Adopted!));
    }

    private static Decision<Event> Freeze(CoverageMonth month, State state)
    {
        if (month < state.FirstMonth || month > state.LastMonth)
            return new Refusal("month-outside-year", $"The year has the months {state.FirstMonth} to {state.LastMonth}.");
        if (state.FrozenThrough is { } through && month <= through) return Nothing;
        var next = state.FrozenThrough is { } last ? last.AddMonths(1) : state.FirstMonth;
        if (month != next) return new Refusal("month-out-of-order", $"Freeze {next} first.");
        var counts = state.CountsIn(month);
        return new Event.MonthFrozen(
            month, counts, state.Pending, state.Credits, state.BillOf(month));
    }

    private static StructuralMap<string, StructuralList<int>> With(
        State state, StructuralList<CountChange> changes, CoverageMonth from, CoverageMonth? until)
    {
        var cells = state.Cells;
        foreach (var change in changes)
        {
            var key = Cell(change.Plan, change.Tier);
            var months = cells.TryGetValue(key, out var known) ? known : Enumerable.Repeat(0, MonthsOfYear).ToStructuralList();
            cells = cells.Set(key, months.Select((n, i) =>
                state.FirstMonth.AddMonths(i) is var month && month >= from && (until is null || month <= until) ? n + change.Change : n)
                .ToStructuralList());
        }

        return cells;
    }
}
