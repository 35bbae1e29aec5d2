using System.Diagnostics;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Distributions;

/// <summary>
/// An assessment of a pool's deficit, by premium. Premium only: each participant is asked, and what is refused the reserve pays. Joint and
/// several: each one owes, and what one does not pay the others do. Stream <c>pool-assessment-{PoolId}:{id}</c>. Language and state are in
/// <c>AssessmentRun.Language.cs</c>.
/// </summary>
public sealed partial class AssessmentRun : IDecider<AssessmentRun.Command, AssessmentRun.State, AssessmentRun.Event>
{
    /// <inheritdoc/>
    public static string Category => "pool-assessment";

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
            ResolutionCited.Flaw(c.Adopted, ResolutionKind.Assessment, Key(state.Proposal!.Pool, state.Proposal.Id)) is { } no
                ? no
                : Stamp(state, new Event.Approved(ResolutionCited.Of(c.Adopted!))),
        (Command.Approve, RunPhase.Approved or RunPhase.Allocated or RunPhase.Posted) => Nothing,
        (Command.Allocate c, RunPhase.Approved) => Allocate(c, state),
        (Command.Allocate, RunPhase.Allocated or RunPhase.Posted) => Nothing,
        (Command.Cancel, RunPhase.Cancelled) or (Command.Post, RunPhase.Posted) => Nothing,
        (Command.CloseConsents or Command.DeclareDefaults, RunPhase.Posted or RunPhase.Cancelled) => Nothing,
        (Command.Cancel, RunPhase.Posted) => new Refusal("run-posted", "The run is booked; correct it by another one."),
        (Command.Cancel c, _) => Stamp(state, new Event.Cancelled(c.Reason)),
        (Command.AnswerConsent c, RunPhase.Allocated) => Answer(c, state),
        (Command.CloseConsents c, RunPhase.Allocated) => CloseConsents(c, state),
        (Command.RecordPayment c, RunPhase.Allocated) => Pay(c, state),
        (Command.ReversePayment c, RunPhase.Allocated or RunPhase.Posted) => Reverse(c, state),
        (Command.RecordPayment c, RunPhase.Posted) when state.Shares.GetValueOrDefault(c.Member)?.Standing == ShareStanding.Paid => Nothing,
        (Command.DeclareDefaults c, RunPhase.Allocated) => Default(c, state),
        (Command.Post c, RunPhase.Allocated) => Post(c, state),
        (_, RunPhase.Posted) => new Refusal("run-posted", "The run is booked."),
        (_, RunPhase.Cancelled) => new Refusal("run-cancelled", "The run was given up; propose another one."),
        _ => new Refusal("run-not-ready", "A run is approved, then shared out, then answered and booked."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Proposed e => new(RunPhase.Proposed) { Proposal = e },
        Event.Approved e => state with { Phase = RunPhase.Approved, Resolution = e.Resolution },
        Event.Allocated e => state with
        {
            Phase = RunPhase.Allocated, Bases = e.Bases, DueOn = e.DueOn,
            Shares = e.Shares.ToStructuralMap(s => s.Member, s => new AssessedShare(
                s, s.Amount, Money.Zero, s.Amount == Money.Zero ? ShareStanding.Paid : ShareStanding.Open)),
        },
        Event.ConsentGiven e => With(state, e.Member, ShareStanding.Consented),
        Event.ConsentRefused e => With(state, e.Member, ShareStanding.ChargedToReserve),
        Event.ConsentsClosed e => e.Silent.Aggregate(
            state with { ConsentsClosed = true }, (s, m) => With(s, m, ShareStanding.ChargedToReserve)),
        Event.SharePaid e => With(state with
        {
            Shares = state.Shares.Set(e.Member, state.Shares[e.Member] with { Paid = state.Shares[e.Member].Paid + e.Amount }),
        }, e.Member, ShareStanding.Paid),
        Event.PaymentReversed e => Reopened(state, e),
        Event.Respread e => e.Shares.Aggregate(
            e.Defaulted.Aggregate(state with { DueOn = e.DueOn }, (s, m) => With(s, m, ShareStanding.Defaulted)),
            (s, share) => share.Amount == Money.Zero ? s : s with
            {
                Shares = s.Shares.Set(share.Member, s.Shares[share.Member] with
                {
                    Owed = s.Shares[share.Member].Owed + share.Amount, Standing = ShareStanding.Open,
                }),
            }),
        Event.Posted => state with { Phase = RunPhase.Posted },
        Event.Cancelled => state with { Phase = RunPhase.Cancelled },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static readonly Refusal NotAssessed = new("not-assessed", "The member has no part in this assessment.");

    private static Event Stamp(State s, Event fact) => fact with { Pool = s.Proposal!.Pool, Id = s.Proposal.Id };

    private static State With(State state, MemberNo member, ShareStanding standing) =>
        state with { Shares = state.Shares.Set(member, state.Shares[member] with { Standing = standing }) };

    private static Decision<Event> Propose(Command.Propose c) =>
        (PlainText.CheckId("pool", c.Pool.Value) ?? PlainText.CheckId("run", c.Id)) is { } no ? no
        : c.Deficit <= Money.Zero || c.ConsentDays is < 1 or > 365 || c.PaymentDays is < 1 or > 365
            ? new Refusal("amount-invalid", "Give the deficit, above zero, and days from 1 to 365.")
            : new Event.Proposed(c.Deficit, c.Regime, c.RecordDate, c.ConsentDays, c.PaymentDays) { Pool = c.Pool, Id = c.Id };

    private static Decision<Event> Allocate(Command.Allocate c, State state)
    {
        var proposal = state.Proposal!;
        if (c.Today < proposal.RecordDate)
            return new Refusal("record-date-ahead", $"The record date is {proposal.RecordDate:yyyy-MM-dd}; share out from that day on.");
        if (SharingOut.Flaw(c.Bases) is { } no) return no;
        var due = c.Today.AddDays(proposal.Regime == LiabilityRegime.PremiumOnly ? proposal.ConsentDays : proposal.PaymentDays);
        return SharingOut.Assessment(proposal.Deficit, c.Bases) is { } shares
            ? Stamp(state, new Event.Allocated(
                shares, [.. c.Bases.OrderBy(b => b.Member)], SharingOut.HashOf(c.Bases), due, SharingOut.CurrentRuleVersion))
            : new Refusal("basis-zero", "Nobody paid a premium; there is nobody to share among.");
    }

    private static Decision<Event> Answer(Command.AnswerConsent c, State state)
    {
        if (state.Proposal!.Regime != LiabilityRegime.PremiumOnly)
            return new Refusal("consent-not-asked", "Under joint and several liability nobody is asked for consent.");
        if (!state.Shares.TryGetValue(c.Member, out var share)) return NotAssessed;
        var (wanted, other) = c.Consents
            ? (ShareStanding.Consented, ShareStanding.ChargedToReserve)
            : (ShareStanding.ChargedToReserve, ShareStanding.Consented);
        if (share.Standing == wanted || share.Standing == ShareStanding.Paid) return Nothing;
        if (state.ConsentsClosed || c.On > state.DueOn)
            return new Refusal("consent-too-late", $"Consent was asked for through {state.DueOn:yyyy-MM-dd}.");
        return share.Standing == other && !c.Consents
            ? new Refusal("consent-given", "The member consented; the board alone lets it off.")
            : Stamp(state, c.Consents ? new Event.ConsentGiven(c.Member) : new Event.ConsentRefused(c.Member));
    }

    private static Decision<Event> CloseConsents(Command.CloseConsents c, State state)
    {
        if (state.ConsentsClosed || state.Proposal!.Regime != LiabilityRegime.PremiumOnly) return Nothing;
        if (c.Today <= state.DueOn && state.Shares.Values.Any(s => s.Standing == ShareStanding.Open))
            return new Refusal("too-early", $"Consent may be given through {state.DueOn:yyyy-MM-dd}.");
        var (silent, charged) = Unanswered(state);
        return Stamp(state, new Event.ConsentsClosed(silent, charged));
    }

    /// <summary>Who said nothing, and what nobody consented to.</summary>
    internal static (StructuralList<MemberNo> Silent, Money Charged) Unanswered(State state) => (
        state.Shares.Where(s => s.Value.Standing == ShareStanding.Open).Select(s => s.Key).ToStructuralList(),
        state.Shares.Values.Where(s => s.Standing is ShareStanding.Open or ShareStanding.ChargedToReserve).Select(s => s.Owed).Sum());

    private static Decision<Event> Pay(Command.RecordPayment c, State state)
    {
        if (!state.Shares.TryGetValue(c.Member, out var share)) return NotAssessed;
        return share.Standing switch
        {
            ShareStanding.Paid => Nothing,
            ShareStanding.Consented => Stamp(state, new Event.SharePaid(c.Member, share.Owed - share.Paid, c.On)),
            ShareStanding.Open when state.Proposal!.Regime == LiabilityRegime.JointAndSeveral =>
                Stamp(state, new Event.SharePaid(c.Member, share.Owed - share.Paid, c.On)),
            _ => new Refusal("share-not-owed", "The member has not consented, or its share was taken over."),
        };
    }

    private static Decision<Event> Reverse(Command.ReversePayment c, State state)
    {
        if (c.Reference.Flaw is { } no) return no;
        if (state.Reversals.Contains(c.Reference)) return Nothing;
        if (!state.Shares.TryGetValue(c.Member, out var share)) return NotAssessed;
        if (c.Amount <= Money.Zero || c.Amount > share.Paid)
            return new Refusal("reversal-exceeds-paid", $"The member has paid {share.Paid}; take back no more than that, above zero.");
        var due = c.On.AddDays(state.Proposal!.PaymentDays) is var later && later > state.DueOn!.Value ? later : state.DueOn.Value;
        return Stamp(state, new Event.PaymentReversed(c.Reference, c.Member, c.Amount, c.On, due));
    }

    /// <summary>What others took over for a member that had defaulted stays with them: it owes again what it had paid.</summary>
    private static State Reopened(State state, Event.PaymentReversed e)
    {
        var (joint, share) = (state.Proposal!.Regime == LiabilityRegime.JointAndSeveral, state.Shares[e.Member]);
        return state with
        {
            Phase = RunPhase.Allocated,
            DueOn = joint ? e.DueOn : state.DueOn,
            Reversals = state.Reversals.Add(e.Reference),
            Shares = state.Shares.Set(e.Member, share with
            {
                Owed = share.Standing == ShareStanding.Defaulted ? share.Paid : share.Owed,
                Paid = share.Paid - e.Amount,
                Standing = joint ? ShareStanding.Open : ShareStanding.Consented,
            }),
        };
    }

    /// <summary>Nobody who defaulted before takes over anything; who has paid owes the addition.</summary>
    private static Decision<Event> Default(Command.DeclareDefaults c, State state)
    {
        if (state.Proposal!.Regime != LiabilityRegime.JointAndSeveral)
            return new Refusal("consent-regime", "Under premium-only liability nobody defaults for another.");
        var open = state.Shares.Where(s => s.Value.Standing == ShareStanding.Open).Select(s => s.Key).ToHashSet();
        if (open.Count == 0) return Nothing;
        if (c.Today <= state.DueOn) return new Refusal("too-early", $"Shares are payable through {state.DueOn:yyyy-MM-dd}.");
        var others = state.Bases.Where(b => state.Shares[b.Member].Standing == ShareStanding.Paid).ToList();
        var amount = state.Shares.Where(s => open.Contains(s.Key)).Select(s => s.Value.Owed - s.Value.Paid).Sum();
        if (others.Count == 0 || SharingOut.Assessment(amount, others) is not { } spread)
            return new Refusal("everybody-defaulted", "Nobody has paid; there is nobody to spread the shares over.");
        return Stamp(state, new Event.Respread(
            [.. open.Order()], amount, spread, c.Today.AddDays(state.Proposal.PaymentDays), SharingOut.CurrentRuleVersion));
    }

    private static Decision<Event> Post(Command.Post c, State state)
    {
        var waiting = state.Shares.Values.Any(s => s.Standing is ShareStanding.Open or ShareStanding.Consented)
            || (state.Proposal!.Regime == LiabilityRegime.PremiumOnly && !state.ConsentsClosed);
        if (waiting) return new Refusal("shares-open", "Somebody still owes or may still answer.");
        return Stamp(state, new Event.Posted(
            c.On, state.Shares.Values.Select(s => s.Paid).Sum(),
            state.Shares.Values.Where(s => s.Standing == ShareStanding.ChargedToReserve).Select(s => s.Owed).Sum()));
    }
}
