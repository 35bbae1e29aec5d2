using System.Diagnostics;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Distributions;

/// <summary>Where a distribution or an assessment stands.</summary>
public enum RunPhase
{
    /// <summary>None under this id.</summary>
    Absent,

    /// <summary>Proposed.</summary>
    Proposed,

    /// <summary>The board approved it.</summary>
    Approved,

    /// <summary>Shared out.</summary>
    Allocated,

    /// <summary>In the books.</summary>
    Posted,

    /// <summary>Given up.</summary>
    Cancelled,
}

/// <summary>How a member gets its dividend.</summary>
public enum DistributionMethod
{
    /// <summary>A credit on the next contribution invoice.</summary>
    CreditMemo,

    /// <summary>A payment.</summary>
    Payment,
}

/// <summary>Why a run is given up.</summary>
public enum RunCancellation
{
    /// <summary>The figures were corrected.</summary>
    Corrected,

    /// <summary>The board decided otherwise.</summary>
    BoardDecision,
}

/// <summary>
/// A dividend of a pool's surplus: proposed on a booked valuation, approved by resolution, shared by contribution on a frozen record date.
/// Stream <c>pool-distribution-{PoolId}:{id}</c>. After posting, a correction is a counter-run of its own.
/// </summary>
public sealed class Distribution : IDecider<Distribution.Command, Distribution.State, Distribution.Event>
{
    /// <summary>What can be asked of a distribution. Any but <see cref="Propose"/> before it: <c>run-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Propose it. <c>surplus-below-target</c> when more is shared than lies above the target, <c>amount-invalid</c>. A counter-run
        /// names the run that it corrects and what each member got there; it shares out the differences.
        /// </summary>
        public sealed record Propose(
            PoolId Pool, string Id, Money Amount, DateOnly ValuationAsOf, Money Surplus, Money Target, DateOnly RecordDate,
            DistributionMethod Method) : Command
        {
            /// <summary>The posted run that is corrected.</summary>
            public string? Corrects { get; init; }

            /// <summary>What each member got there.</summary>
            public StructuralList<MemberShareOut> Before { get; init; }
        }

        /// <summary>The board approves. <c>resolution-missing</c>.</summary>
        public sealed record Approve(AdoptedResolution? Adopted) : Command;

        /// <summary>Share it out on the record date's basis. <c>basis-zero</c>, <c>basis-invalid</c>, <c>record-date-ahead</c>.</summary>
        public sealed record Allocate(StructuralList<ContributionBasis> Bases, Factor? LossLimit, DateOnly Today) : Command;

        /// <summary>Book it.</summary>
        public sealed record Post(DateOnly On) : Command;

        /// <summary>Give it up; <c>run-posted</c>: make a counter-run.</summary>
        public sealed record Cancel(RunCancellation Reason) : Command;
    }

    /// <summary>What has happened to a distribution.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The pool, in every event.</summary>
        public PoolId Pool { get; init; }

        /// <summary>The run, in every event.</summary>
        public string Id { get; init; } = string.Empty;

        /// <summary>It was proposed.</summary>
        [EventAlias("pool_distribution_proposed")]
        public sealed record Proposed(
            Money Amount, DateOnly ValuationAsOf, Money Surplus, Money Target, DateOnly RecordDate, DistributionMethod Method,
            string? Corrects, StructuralList<MemberShareOut> Before) : Event;

        /// <summary>The board approved it.</summary>
        [EventAlias("pool_distribution_approved")]
        public sealed record Approved(ResolutionCited Resolution) : Event;

        /// <summary>It was shared out: shares, the basis they came from and its hash, by the rule of a version.</summary>
        [EventAlias("pool_distribution_allocated")]
        public sealed record Allocated(
            StructuralList<MemberShareOut> Shares, StructuralList<ContributionBasis> Bases, Factor? LossLimit, FileHash BasisHash,
            int RuleVersion) : Event;

        /// <summary>It is in the books.</summary>
        [EventAlias("pool_distribution_posted")]
        public sealed record Posted(DateOnly On, DistributionMethod Method, Money Amount) : Event;

        /// <summary>It was given up.</summary>
        [EventAlias("pool_distribution_cancelled")]
        public sealed record Cancelled(RunCancellation Reason) : Event;
    }

    /// <summary>A distribution.</summary>
    public sealed record State(RunPhase Phase)
    {
        /// <summary>What was proposed.</summary>
        public Event.Proposed? Proposal { get; init; }

        /// <summary>Shares.</summary>
        public StructuralList<MemberShareOut> Shares { get; init; }

        /// <summary>What they were shared by.</summary>
        public StructuralList<ContributionBasis> Bases { get; init; }

        /// <summary>The resolution.</summary>
        public ResolutionCited? Resolution { get; init; }
    }

    /// <inheritdoc/>
    public static string Category => "pool-distribution";

    /// <inheritdoc/>
    public static State Initial { get; } = new(RunPhase.Absent);

    /// <summary>The key of a run.</summary>
    public static string Key(PoolId pool, string id) => $"{pool}:{id}";

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state.Phase) switch
    {
        (Command.Propose c, RunPhase.Absent) => Propose(c),
        (_, RunPhase.Absent) => new Refusal("run-unknown", "There is no such run; propose it first."),
        (Command.Propose, _) => Nothing,
        (Command.Approve c, RunPhase.Proposed) =>
            ResolutionCited.Flaw(c.Adopted, ResolutionKind.Distribution, Key(state.Proposal!.Pool, state.Proposal.Id)) is { } no
                ? no
                : Stamp(state, new Event.Approved(ResolutionCited.Of(c.Adopted!))),
        (Command.Approve, RunPhase.Approved or RunPhase.Allocated or RunPhase.Posted) => Nothing,
        (Command.Allocate c, RunPhase.Approved) => Allocate(c, state),
        (Command.Allocate, RunPhase.Allocated or RunPhase.Posted) => Nothing,
        (Command.Post c, RunPhase.Allocated) =>
            Stamp(state, new Event.Posted(c.On, state.Proposal!.Method, state.Shares.Select(s => s.Amount).Sum())),
        (Command.Post, RunPhase.Posted) or (Command.Cancel, RunPhase.Cancelled) => Nothing,
        (Command.Cancel, RunPhase.Posted) => new Refusal("run-posted", "The run is booked; correct it by a counter-run."),
        (Command.Cancel c, _) => Stamp(state, new Event.Cancelled(c.Reason)),
        (_, RunPhase.Cancelled) => new Refusal("run-cancelled", "The run was given up; propose another one."),
        (Command.Allocate or Command.Post, _) => new Refusal("run-not-ready", "A run is approved, then shared out, then booked."),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Proposed e => new(RunPhase.Proposed) { Proposal = e },
        Event.Approved e => state with { Phase = RunPhase.Approved, Resolution = e.Resolution },
        Event.Allocated e => state with { Phase = RunPhase.Allocated, Shares = e.Shares, Bases = e.Bases },
        Event.Posted => state with { Phase = RunPhase.Posted },
        Event.Cancelled => state with { Phase = RunPhase.Cancelled },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    /// <summary>The shares of a run; those of a counter-run are what changes, and sum to zero when the total does not change.</summary>
    internal static StructuralList<MemberShareOut>? SharesOf(
        Event.Proposed proposal, Factor? lossLimit, IEnumerable<ContributionBasis> bases)
    {
        if (SharingOut.Dividend(proposal.Amount, lossLimit, bases) is not { } shares) return null;
        if (proposal.Corrects is null) return shares;
        var before = proposal.Before.ToDictionary(p => p.Member, p => p.Amount);
        var gone = proposal.Before.Where(p => shares.All(s => s.Member != p.Member))
            .Select(p => p with { Counted = Money.Zero, Weight = Money.Zero, Amount = -p.Amount });
        return
        [
            .. shares.Select(s => s with { Amount = s.Amount - before.GetValueOrDefault(s.Member) }).Concat(gone).OrderBy(s => s.Member),
        ];
    }

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static Event Stamp(State s, Event fact) => fact with { Pool = s.Proposal!.Pool, Id = s.Proposal.Id };

    private static Decision<Event> Propose(Command.Propose c)
    {
        if ((PlainText.CheckId("pool", c.Pool.Value) ?? PlainText.CheckId("run", c.Id)) is { } no) return no;
        if (c.Amount <= Money.Zero) return new Refusal("amount-invalid", "Give the amount to share, above zero.");
        if (c.Corrects is null && c.Amount > c.Surplus - c.Target)
            return new Refusal("surplus-below-target", $"{c.Surplus - c.Target} lies above the target surplus; share no more than that.");
        return new Event.Proposed(c.Amount, c.ValuationAsOf, c.Surplus, c.Target, c.RecordDate, c.Method, c.Corrects, c.Before)
        {
            Pool = c.Pool, Id = c.Id,
        };
    }

    private static Decision<Event> Allocate(Command.Allocate c, State state)
    {
        if (c.Today < state.Proposal!.RecordDate)
            return new Refusal(
                "record-date-ahead", $"The record date is {state.Proposal.RecordDate:yyyy-MM-dd}; share out from that day on.");
        if (SharingOut.Flaw(c.Bases) is { } no) return no;
        return SharesOf(state.Proposal, c.LossLimit, c.Bases) is { } shares
            ? Stamp(state, new Event.Allocated(
                shares, [.. c.Bases.OrderBy(b => b.Member)], c.LossLimit, SharingOut.HashOf(c.Bases), SharingOut.CurrentRuleVersion))
            : new Refusal("basis-zero", "Nobody contributed more than it cost; there is nobody to share among.");
    }
}
