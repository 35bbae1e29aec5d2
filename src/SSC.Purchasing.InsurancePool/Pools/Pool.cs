using System.Diagnostics;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Pools;

/// <summary>Where a pool stands.</summary>
public enum PoolPhase
{
    /// <summary>Never opened.</summary>
    Absent,

    /// <summary>Takes joinders.</summary>
    Open,

    /// <summary>Runs, and takes no more joinders.</summary>
    Closed,

    /// <summary>Covers nobody any more; claims run out.</summary>
    RunOff,

    /// <summary>Shared out and gone.</summary>
    Dissolved,
}

/// <summary>What a pool is.</summary>
/// <param name="Id">Pool.</param>
/// <param name="Cooperative">Whose.</param>
/// <param name="Name">What members call it, at most 200 characters.</param>
/// <param name="Population">Whom it takes.</param>
public sealed record PoolFacts(PoolId Id, CooperativeId Cooperative, string Name, PoolPopulation Population);

/// <summary>
/// An insurance pool of a service cooperative (Minn. Stat. 471.617, 471.59, 123A.21): liability regime, dated parameters, trustees and the
/// roster of its participants. Stream <c>insurance-pool-{PoolId}</c>.
/// </summary>
public sealed class Pool : IDecider<Pool.Command, Pool.State, Pool.Event>
{
    /// <summary>What can be asked of a pool. Any but <see cref="Open"/> before it: <c>pool-unknown</c>.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Open it. <c>pool-exists</c>, <c>parameters-unsound</c>, <c>population-unknown</c> or the text at fault.</summary>
        public sealed record Open(PoolFacts Facts, LiabilityRegime Regime, DateOnly From, PoolParameters Parameters) : Command;

        /// <summary>
        /// Set parameters from a day on, today or later, by resolution. <c>amendment-retroactive</c>, <c>resolution-missing</c>,
        /// <c>parameters-unsound</c>.
        /// </summary>
        public sealed record AmendParameters(PoolParameters Parameters, DateOnly From, DateOnly Today, AdoptedResolution? Adopted)
            : Command;

        /// <summary>Change who is liable, by resolution. <c>regime-fixed</c> while anybody takes part.</summary>
        public sealed record ChangeRegime(LiabilityRegime Regime, AdoptedResolution? Adopted) : Command;

        /// <summary>
        /// Give a member a seat among the trustees: one for each member (Minn. R. 2785.0500). <c>not-a-participant</c>.
        /// </summary>
        public sealed record SeatTrustee(MemberNo Member) : Command;

        /// <summary>Put a member on the roster when its joinder is signed. <c>pool-not-open</c>.</summary>
        public sealed record AdmitParticipant(MemberNo Member) : Command;

        /// <summary>Take a member off the roster when its coverage has ended; its seat goes with it.</summary>
        public sealed record ReleaseParticipant(MemberNo Member) : Command;

        /// <summary>Take no more joinders, by resolution.</summary>
        public sealed record Close(AdoptedResolution? Adopted) : Command;

        /// <summary>Only run out claims from now on. <c>participants-active</c>, <c>pool-open</c>.</summary>
        public sealed record StartRunOff : Command;

        /// <summary>
        /// Share out what is left, by resolution. <c>pool-not-in-run-off</c>, <c>basis-zero</c>, <c>amount-invalid</c>,
        /// <c>basis-invalid</c>.
        /// </summary>
        public sealed record Dissolve(Money Amount, StructuralList<DissolutionBasis> Bases, AdoptedResolution? Adopted) : Command;
    }

    /// <summary>What has happened to a pool.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was opened.</summary>
        [EventAlias("pool_opened")]
        public sealed record Opened(PoolFacts Facts, LiabilityRegime Regime, DateOnly From, PoolParameters Parameters) : Event;

        /// <summary>Parameters hold from a day on.</summary>
        [EventAlias("pool_parameters_amended")]
        public sealed record ParametersAmended(int Version, DateOnly From, PoolParameters Parameters, ResolutionCited Resolution) : Event;

        /// <summary>Another regime holds.</summary>
        [EventAlias("pool_regime_changed")]
        public sealed record RegimeChanged(LiabilityRegime Regime, ResolutionCited Resolution) : Event;

        /// <summary>A member has a seat among the trustees.</summary>
        [EventAlias("pool_trustee_seated")]
        public sealed record TrusteeSeated(MemberNo Member) : Event;

        /// <summary>A member is on the roster.</summary>
        [EventAlias("pool_participant_admitted")]
        public sealed record ParticipantAdmitted(MemberNo Member) : Event;

        /// <summary>A member is off the roster.</summary>
        [EventAlias("pool_participant_released")]
        public sealed record ParticipantReleased(MemberNo Member) : Event;

        /// <summary>It takes no more joinders.</summary>
        [EventAlias("pool_closed")]
        public sealed record Closed(ResolutionCited Resolution) : Event;

        /// <summary>Claims run out.</summary>
        [EventAlias("pool_run_off_started")]
        public sealed record RunOffStarted : Event;

        /// <summary>What was left is shared out, by the rule of a version.</summary>
        [EventAlias("pool_dissolved")]
        public sealed record Dissolved(
            Money Amount, StructuralList<DissolutionBasis> Bases, StructuralList<DissolutionShare> Shares, int RuleVersion,
            ResolutionCited Resolution) : Event;
    }

    /// <summary>A pool.</summary>
    public sealed record State(PoolPhase Phase)
    {
        /// <summary>What it is.</summary>
        public PoolFacts? Facts { get; init; }

        /// <summary>Who is liable.</summary>
        public LiabilityRegime Regime { get; init; }

        /// <summary>Parameters by their first day, oldest first.</summary>
        public StructuralList<ParameterVersion> Parameters { get; init; }

        /// <summary>Members on the roster; true where it has a trustee's seat.</summary>
        public StructuralMap<MemberNo, bool> Roster { get; init; }

        /// <summary>The parameters of a day; those of the first day before it.</summary>
        public ParameterVersion On(DateOnly day) => Parameters.LastOrDefault(p => p.From <= day) ?? Parameters[0];
    }

    /// <inheritdoc/>
    public static string Category => "insurance-pool";

    /// <inheritdoc/>
    public static State Initial { get; } = new(PoolPhase.Absent);

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state.Phase) switch
    {
        (Command.Open c, PoolPhase.Absent) => Flaw(c) is { } no ? no : new Event.Opened(c.Facts, c.Regime, c.From, c.Parameters),
        (_, PoolPhase.Absent) => new Refusal("pool-unknown", "There is no such pool; open it first."),
        (Command.Open c, _) => c.Facts == state.Facts && c.Parameters == state.Parameters[0].Values
            ? Nothing
            : new Refusal("pool-exists", "This pool id is taken; amend its parameters instead."),

        (Command.Dissolve c, PoolPhase.Dissolved) when c.Adopted is not null => Nothing,
        (Command.ReleaseParticipant c, _) => state.Roster.ContainsKey(c.Member) ? new Event.ParticipantReleased(c.Member) : Nothing,
        (Command.StartRunOff, PoolPhase.RunOff) or (Command.Close, PoolPhase.Closed) => Nothing,
        (_, PoolPhase.Dissolved) => new Refusal("pool-dissolved", "The pool is dissolved; nothing about it changes any more."),

        (Command.AmendParameters c, _) => Amend(c, state),
        (Command.ChangeRegime c, _) => c.Regime == state.Regime ? Nothing
            : ByResolution(c.Adopted, state) ?? (state.Roster.Count > 0
                ? new Refusal("regime-fixed", "The regime is fixed while anybody takes part; let the participants leave first.")
                : (Decision<Event>)new Event.RegimeChanged(c.Regime, ResolutionCited.Of(c.Adopted!))),
        (Command.SeatTrustee c, _) => !state.Roster.TryGetValue(c.Member, out var seated)
            ? new Refusal("not-a-participant", "Only a participant has a trustee; sign its joinder first.")
            : seated ? Nothing : new Event.TrusteeSeated(c.Member),
        (Command.AdmitParticipant c, _) when state.Roster.ContainsKey(c.Member) => Nothing,
        (Command.AdmitParticipant c, PoolPhase.Open) => new Event.ParticipantAdmitted(c.Member),
        (Command.AdmitParticipant, _) => new Refusal("pool-not-open", "The pool takes no more joinders."),
        (Command.Close c, PoolPhase.Open) => ByResolution(c.Adopted, state) ?? new Event.Closed(ResolutionCited.Of(c.Adopted!)),
        (Command.Close, _) => new Refusal("pool-not-open", "The pool takes no joinders any more already."),
        (Command.StartRunOff, PoolPhase.Open) => new Refusal("pool-open", "Close the pool first, by resolution."),
        (Command.StartRunOff, _) => state.Roster.Count > 0
            ? new Refusal("participants-active", "Somebody still takes part; claims run out when the last one has left.")
            : new Event.RunOffStarted(),
        (Command.Dissolve c, PoolPhase.RunOff) => Dissolve(c, state),
        (Command.Dissolve, _) => new Refusal("pool-not-in-run-off", "Only a pool in run-off is dissolved."),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Opened e => new(PoolPhase.Open) { Facts = e.Facts, Regime = e.Regime, Parameters = [new(1, e.From, e.Parameters)] },
        Event.ParametersAmended e => state with { Parameters = state.Parameters.Add(new(e.Version, e.From, e.Parameters)) },
        Event.RegimeChanged e => state with { Regime = e.Regime },
        Event.TrusteeSeated e => state with { Roster = state.Roster.Set(e.Member, true) },
        Event.ParticipantAdmitted e => state with { Roster = state.Roster.Set(e.Member, false) },
        Event.ParticipantReleased e => state with { Roster = state.Roster.Remove(e.Member) },
        Event.Closed => state with { Phase = PoolPhase.Closed },
        Event.RunOffStarted => state with { Phase = PoolPhase.RunOff },
        Event.Dissolved => state with { Phase = PoolPhase.Dissolved },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static Decision<Event>? ByResolution(AdoptedResolution? adopted, State state) =>
        ResolutionCited.Flaw(adopted, ResolutionKind.PoolChange, state.Facts!.Id.Value) is { } no ? (Decision<Event>)no : null;

    private static Refusal? Flaw(Command.Open c) =>
        PlainText.CheckId("pool", c.Facts.Id.Value) ?? PlainText.CheckId("cooperative", c.Facts.Cooperative.Value)
        ?? PlainText.Check("name", c.Facts.Name)
        ?? (Enum.IsDefined(c.Facts.Population) && Enum.IsDefined(c.Regime)
            ? (Refusal?)null
            : new("population-unknown", "Say whom the pool takes and who is liable."))
        ?? c.Parameters.Flaw;

    private static Decision<Event> Amend(Command.AmendParameters c, State state)
    {
        var last = state.Parameters[^1];
        if (last.Values == c.Parameters && last.From == c.From) return Nothing;
        if (ByResolution(c.Adopted, state) is { } no) return no;
        if (c.From < c.Today || c.From <= last.From)
            return new Refusal("amendment-retroactive", "Parameters change from today on, and after the last change; choose a later day.");
        return c.Parameters.Flaw is { } flaw
            ? flaw
            : new Event.ParametersAmended(last.Version + 1, c.From, c.Parameters, ResolutionCited.Of(c.Adopted!));
    }

    private static Decision<Event> Dissolve(Command.Dissolve c, State state)
    {
        if (ByResolution(c.Adopted, state) is { } no) return no;
        if (c.Amount <= Money.Zero) return new Refusal("amount-invalid", "Give the amount that is left, above zero.");
        if (c.Bases.Count is 0 or > 1_000 || c.Bases.Select(b => b.Member).Distinct().Count() != c.Bases.Count
            || c.Bases.Any(b => b.MemberMonths < 0 || b.OverCommunity < Money.Zero || !Id.IsWellFormed(b.Member.Value)))
            return new Refusal("basis-invalid", "Give each member once, with figures that are not negative.");
        return SharingOut.Dissolution(c.Amount, c.Bases) is { } shares
            ? new Event.Dissolved(c.Amount, c.Bases, shares, SharingOut.CurrentRuleVersion, ResolutionCited.Of(c.Adopted!))
            : new Refusal("basis-zero", "Nobody has member-months; there is nobody to share among.");
    }
}
