using System.Diagnostics;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.StopLoss;

/// <summary>
/// A recovery from the stop-loss carrier, under an opaque reference and for the pool as a whole: neither a claimant nor an employer is
/// known here. Stream <c>stop-loss-case-{PoolId}:{reference}</c>. Language and state are in <c>StopLossCase.Language.cs</c>.
/// </summary>
public sealed partial class StopLossCase : IDecider<StopLossCase.Command, StopLossCase.State, StopLossCase.Event>
{
    /// <inheritdoc/>
    public static string Category => "stop-loss-case";

    /// <inheritdoc/>
    public static State Initial { get; } = new(CasePhase.Absent);

    /// <summary>The key of a case.</summary>
    public static string Key(PoolId pool, OpaqueRef reference) => $"{pool}:{reference}";

    /// <summary>The reference of a year's aggregate.</summary>
    public static OpaqueRef AggregateOf(int year) => new($"AGG-{year:0000}");

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state.Phase) switch
    {
        (Command.Report c, _) => Report(c, state),
        (Command.TestAggregate c, _) => c.Reference.Flaw is { } no ? no : state.Aggregate == c.Position ? Nothing
            : new Event.AggregateTested(c.Position, c.On) { Pool = c.Pool, Year = c.Year, Reference = c.Reference },
        (_, CasePhase.Absent) => new Refusal("case-unknown", "There is no case under this reference."),
        (Command.File, CasePhase.Noticed or CasePhase.Reimbursed) when state.Recoverable <= state.Filed =>
            state.Phase == CasePhase.Reimbursed ? Nothing
            : new Refusal("nothing-to-file", "The case has not passed the specific amount, or the year its attachment."),
        (Command.File c, CasePhase.Noticed or CasePhase.Reimbursed) =>
            Stamp(state, new Event.RecoveryFiled(state.Recoverable, c.On, c.ChaseDays)),
        (Command.File, CasePhase.Filed) => Nothing,
        (Command.File, _) => new Refusal("case-filed", "The case was denied; appeal it."),
        (Command.Receive c, _) when state.Received.ContainsKey(c.Payment) => Nothing,
        (Command.Receive c, CasePhase.Filed or CasePhase.Reimbursed) => Receive(c, state),
        (Command.Deny, CasePhase.Denied) => Nothing,
        (Command.Deny c, CasePhase.Filed) => Stamp(state, new Event.RecoveryDenied(c.Reason, c.On, c.On.AddDays(c.AppealDays))),
        (Command.Receive or Command.Deny, _) => new Refusal("case-not-filed", "The case is not before the carrier."),
        (Command.RemindOfAppeal c, CasePhase.Denied) => c.AppealBy == state.AppealBy && c.On <= c.AppealBy && !state.AppealReminded
            ? Stamp(state, new Event.AppealReminded(c.AppealBy, c.On))
            : Nothing,
        (Command.RemindOfAppeal, _) => Nothing,
        (Command.Appeal c, CasePhase.Denied) => (state.AppealBy ?? state.DeniedOn!.Value.AddDays(c.AppealDays)) is var by && c.On > by
            ? new Refusal("appeal-too-late", $"The denial could be appealed through {by:yyyy-MM-dd}.")
            : Stamp(state, new Event.DenialAppealed(c.On)),
        (Command.Appeal, _) => state.Appealed ? Nothing : new Refusal("case-not-denied", "Only a denial is appealed."),
        (Command.Chase c, CasePhase.Filed) => c.Number > state.Chases ? Stamp(state, new Event.CarrierChased(c.Number)) : Nothing,
        (Command.Chase, _) => Nothing,
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.ThresholdCrossed e => (state.Phase == CasePhase.Absent ? Begin(e, StopLossKind.Specific) : state) with
        {
            Paid = e.Paid, Recoverable = e.Recoverable, FileBy = e.FileBy,
        },
        Event.AggregateTested e => (state.Phase == CasePhase.Absent ? Begin(e, StopLossKind.Aggregate) : state) with
        {
            Paid = e.Position.Net, Recoverable = e.Position.Excess, Aggregate = e.Position,
        },
        Event.RecoveryFiled e => state with { Phase = CasePhase.Filed, Filed = e.Amount },
        Event.RecoveryReceived e => state with { Phase = CasePhase.Reimbursed, Received = state.Received.Set(e.Payment, e.Amount) },
        Event.RecoveryDenied e => state with
        {
            Phase = CasePhase.Denied, DeniedOn = e.On, AppealBy = e.AppealBy, AppealReminded = false,
        },
        Event.AppealReminded => state with { AppealReminded = true },
        Event.DenialAppealed => state with { Phase = CasePhase.Filed, Appealed = true },
        Event.CarrierChased e => state with { Chases = e.Number },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    /// <summary>The amount at which the carrier is told.</summary>
    public static Money NoticeAt(StopLossRules rules) => Money.Round(rules.Specific.Dollars * rules.NoticeShare.Value);

    /// <summary>What lies above the specific amount.</summary>
    internal static Money Recoverable(Money paid, Money specific) => paid > specific ? paid - specific : Money.Zero;

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static State Begin(Event e, StopLossKind kind) =>
        new(CasePhase.Noticed) { Pool = e.Pool, Year = e.Year, Reference = e.Reference, Kind = kind };

    private static Event Stamp(State s, Event fact) => fact with { Pool = s.Pool, Year = s.Year, Reference = s.Reference };

    private static Decision<Event> Report(Command.Report c, State state)
    {
        if (c.Reference.Flaw is { } no) return no;
        if (c.Paid < Money.Zero || c.Paid > Money.FromDollars(1_000_000_000m))
            return new Refusal("amount-invalid", "Give what was paid, not negative.");
        if (c.Paid < state.Paid) return new Refusal("paid-falls", $"{state.Paid} was reported before; paid claims do not fall.");
        if (c.Paid == state.Paid) return Nothing;
        var notice = NoticeAt(c.Rules);
        if (c.Paid < notice) return Nothing;
        var over = Recoverable(c.Paid, c.Rules.Specific);
        var fileBy = state.FileBy ?? (c.Paid >= c.Rules.Specific ? c.On.AddDays(c.Rules.FilingDays) : null);
        return new Event.ThresholdCrossed(c.Paid, notice, c.Rules.Specific, over, fileBy)
        {
            Pool = c.Pool, Year = c.Year, Reference = c.Reference,
        };
    }

    private static Decision<Event> Receive(Command.Receive c, State state)
    {
        if (c.Payment.Flaw is { } no) return no;
        if (c.Amount <= Money.Zero) return new Refusal("amount-invalid", "A recovery is above zero.");
        var outstanding = state.Filed - state.Received.Values.Sum() - c.Amount;
        return outstanding < Money.Zero
            ? new Refusal("recovery-exceeds-filed", "This is more than was filed for; file the rest first.")
            : Stamp(state, new Event.RecoveryReceived(c.Payment, c.Amount, c.On, outstanding));
    }
}
