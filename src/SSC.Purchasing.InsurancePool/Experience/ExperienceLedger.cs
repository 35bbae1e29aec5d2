using System.Diagnostics;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Experience;

/// <summary>Claims of a month, added up: never of a person, a diagnosis or an employee.</summary>
/// <param name="Month">Month in which they were incurred.</param>
/// <param name="ContractMonths">Contracts covered in it.</param>
/// <param name="Paid">Paid for it so far.</param>
/// <param name="LargeCases">Cases above the pooling point, for the pool as a whole; zero in a member's ledger.</param>
public sealed record ExperienceMonth(CoverageMonth Month, int ContractMonths, Money Paid, int LargeCases);

/// <summary>Why a month is corrected.</summary>
public enum ExperienceCorrection
{
    /// <summary>The carrier restated it.</summary>
    CarrierRestated,

    /// <summary>It was loaded to the wrong member.</summary>
    WrongMember,

    /// <summary>The count of contracts was wrong.</summary>
    ContractsWrong,
}

/// <summary>
/// Claims experience of a pool or of a member in it, as month totals. Stream <c>pool-experience-{PoolId}</c> or
/// <c>pool-experience-{PoolId}:{MemberNo}</c>. A file counts once, by its hash; the totals of a later file replace those before.
/// </summary>
public sealed class ExperienceLedger : IDecider<ExperienceLedger.Command, ExperienceLedger.State, ExperienceLedger.Event>
{
    private const int MostMonths = 240;
    private static readonly Money MostPaid = Money.FromDollars(10_000_000_000m);

    /// <summary>What can be asked of a ledger.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Take in a file's totals. <c>months-invalid</c>, <c>month-in-future</c>, <c>member-large-cases</c>, <c>claims-after-run-out</c>
        /// when the member has left and its run-out was over, <c>file-hash-malformed</c>.
        /// </summary>
        /// <param name="Pool">Pool.</param>
        /// <param name="Member">Member; null for the pool as a whole.</param>
        /// <param name="Source">The file.</param>
        /// <param name="Months">Totals, each month once.</param>
        /// <param name="ReceivedOn">Day of receipt.</param>
        /// <param name="RunOutEnds">Last day on which claims of a member that left are taken.</param>
        public sealed record Import(
            PoolId Pool, MemberNo? Member, FileHash Source, StructuralList<ExperienceMonth> Months, DateOnly ReceivedOn,
            DateOnly? RunOutEnds) : Command;

        /// <summary>Correct a month that was imported. <c>month-unknown</c>, <c>months-invalid</c>.</summary>
        public sealed record Correct(OpaqueRef Reference, ExperienceMonth Month, ExperienceCorrection Reason) : Command;
    }

    /// <summary>What has happened to a ledger.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The pool, in every event.</summary>
        public PoolId Pool { get; init; }

        /// <summary>The member; null for the pool as a whole.</summary>
        public MemberNo? Member { get; init; }

        /// <summary>A file was taken in.</summary>
        [EventAlias("pool_experience_imported")]
        public sealed record Imported(FileHash Source, DateOnly ReceivedOn, StructuralList<ExperienceMonth> Months) : Event;

        /// <summary>A month was corrected.</summary>
        [EventAlias("pool_experience_corrected")]
        public sealed record Corrected(
            OpaqueRef Reference, ExperienceMonth Month, ExperienceMonth Before, ExperienceCorrection Reason) : Event;
    }

    /// <summary>A ledger.</summary>
    public sealed record State
    {
        /// <summary>The pool.</summary>
        public PoolId Pool { get; init; }

        /// <summary>The member.</summary>
        public MemberNo? Member { get; init; }

        /// <summary>Files so far.</summary>
        public StructuralList<FileHash> Sources { get; init; }

        /// <summary>Corrections so far.</summary>
        public StructuralList<OpaqueRef> References { get; init; }

        /// <summary>Totals by month.</summary>
        public StructuralMap<CoverageMonth, ExperienceMonth> Months { get; init; }
    }

    /// <inheritdoc/>
    public static string Category => "pool-experience";

    /// <inheritdoc/>
    public static State Initial { get; } = new();

    /// <summary>The key of a ledger.</summary>
    public static string Key(PoolId pool, MemberNo? member) => member is { } m ? $"{pool}:{m}" : pool.Value;

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => command switch
    {
        Command.Import c when state.Sources.Contains(c.Source) => Nothing,
        Command.Import c => Flaw(c) is { } no ? no
            : new Event.Imported(c.Source, c.ReceivedOn, [.. c.Months.OrderBy(m => m.Month)]) { Pool = c.Pool, Member = c.Member },
        Command.Correct c when state.References.Contains(c.Reference) => Nothing,
        Command.Correct c => !state.Months.TryGetValue(c.Month.Month, out var before)
            ? new Refusal("month-unknown", "Nothing was imported for this month; import it.")
            : (c.Reference.Flaw ?? Flaw([c.Month], state.Member)) is { } no ? no
            : before == c.Month ? Nothing
            : new Event.Corrected(c.Reference, c.Month, before, c.Reason) { Pool = state.Pool, Member = state.Member },
        _ => throw new UnreachableException($"{command} is no command of an experience ledger."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Imported e => state with
        {
            Pool = e.Pool, Member = e.Member, Sources = state.Sources.Add(e.Source),
            Months = e.Months.Aggregate(state.Months, (months, m) => months.Set(m.Month, m)),
        },
        Event.Corrected e => state with
        {
            References = state.References.Add(e.Reference), Months = state.Months.Set(e.Month.Month, e.Month),
        },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static Refusal? Flaw(Command.Import c)
    {
        if ((PlainText.CheckId("pool", c.Pool.Value) ?? c.Source.Flaw ?? Flaw(c.Months, c.Member)) is { } no) return no;
        if (c.Months.Any(m => m.Month > CoverageMonth.Of(c.ReceivedOn)))
            return new("month-in-future", "Experience is of months that have begun.");
        return c.RunOutEnds is { } last && c.ReceivedOn > last
            ? new("claims-after-run-out", $"Claims of this member were taken through {last:yyyy-MM-dd}; these are too late.")
            : null;
    }

    private static Refusal? Flaw(StructuralList<ExperienceMonth> months, MemberNo? member)
    {
        if (months.Count is 0 or > MostMonths || months.Select(m => m.Month).Distinct().Count() != months.Count
            || months.Any(m => m.ContractMonths is < 0 or > Counts.Most || m.Paid < Money.Zero || m.Paid > MostPaid || m.LargeCases < 0))
            return new("months-invalid", $"Give 1 to {MostMonths} months, each once, with totals that are not negative.");
        return member is not null && months.Any(m => m.LargeCases > 0)
            ? new("member-large-cases", "Large cases are counted for the pool as a whole, never for one member.")
            : null;
    }
}
