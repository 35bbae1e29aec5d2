using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Enrollment;

/// <content>The end of coverage before the end of the year: a member is put out of its pool, or has left it.</content>
public sealed partial class EnrollmentLedger
{
    /// <summary>What an end of coverage changes: the first month without contracts, and lines for what was billed after it.</summary>
    internal static (CoverageMonth CountsFrom, StructuralList<AdjustmentLine> Lines) EndOf(State state, DateOnly lastDay)
    {
        var (terms, free) = (state.Terms!, FirstFreeDay(state, lastDay));
        var month = CoverageMonth.Of(free);
        var whole = PartialMonths.PartOf(free, terms.Rules.PartialMonth) is var (days, of) && days == of;
        var lines = new List<AdjustmentLine>();
        for (var each = month; each <= state.LastMonth; each = each.AddMonths(1))
        {
            if (each > state.FrozenThrough && (each != month || whole)) continue; // not billed yet, and it will not be
            lines.AddRange(
                from count in state.CountsIn(each)
                let line = PartialMonths.Line(
                    each, new(count.Plan, count.Tier, -count.Contracts), free, terms.Rules, state.RateOf(count.Tier))
                where line.Amount != Money.Zero
                select line);
        }

        return (whole ? month : month.AddMonths(1), [.. lines]);
    }

    /// <summary>The first day that is not paid for: where months are charged whole, one that has begun is.</summary>
    private static DateOnly FirstFreeDay(State state, DateOnly lastDay)
    {
        var next = lastDay.AddDays(1);
        if (next < state.Terms!.StartsOn) return state.Terms.StartsOn;
        return state.Terms.Rules.PartialMonth == PartialMonthRule.FullMonth && next.Day != 1
            ? CoverageMonth.Of(next).AddMonths(1).FirstDay
            : next;
    }

    private static Decision<Event> EndCoverage(Command.EndCoverage c, State state)
    {
        if (c.LastDay >= state.CoverageEndsOn || c.LastDay >= state.Terms!.StartsOn.AddYears(1).AddDays(-1)) return Nothing;
        var (from, lines) = EndOf(state, c.LastDay);
        return new Event.CoverageEnded(c.LastDay, from, lines, PartialMonths.CurrentRuleVersion);
    }

    private static State Ended(State state, Event.CoverageEnded e) => state with
    {
        CoverageEndsOn = e.LastDay,
        CountsThrough = e.CountsFrom.AddMonths(-1),
        Pending = [.. state.Pending, .. e.Lines],
        Cells = state.Cells.ToStructuralMap(
            cell => cell.Key, cell => cell.Value.Select((n, i) => state.FirstMonth.AddMonths(i) < e.CountsFrom ? n : 0).ToStructuralList()),
    };
}
