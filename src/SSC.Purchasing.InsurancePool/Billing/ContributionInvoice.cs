using System.Diagnostics;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.Billing;

/// <summary>
/// A member's contribution for a month: never edited, its lines sum to its total, a payment clears it wherever it stands. Stream
/// <c>pool-invoice-{PoolId}:{MemberNo}:{month}</c>; a year's last settlement carries <c>:settlement</c>. Language and state are in
/// <c>ContributionInvoice.Language.cs</c>.
/// </summary>
public sealed partial class ContributionInvoice
    : IDecider<ContributionInvoice.Command, ContributionInvoice.State, ContributionInvoice.Event>
{
    /// <inheritdoc/>
    public static string Category => "pool-invoice";

    /// <inheritdoc/>
    public static State Initial { get; } = new(ContributionPhase.Absent);

    /// <summary>The key of an invoice.</summary>
    public static string Key(PoolId pool, MemberNo member, CoverageMonth month, bool settlement = false) =>
        $"{pool}:{member}:{month}{(settlement ? ":settlement" : string.Empty)}";

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state.Phase) switch
    {
        (Command.Draft c, ContributionPhase.Absent) => Draft(c),
        (_, ContributionPhase.Absent) => new Refusal("invoice-unknown", "There is no such contribution invoice."),
        (Command.Draft, _) => Nothing, // the key is member and month: a second tick finds it there
        (Command.AddAdjustment c, ContributionPhase.Draft) => state.Lines.Any(l => l.Reference == c.Reference) ? Nothing
            : c.Reference.Flaw is { } no ? no
            : Stamp(state, new Event.AdjustmentLineAdded(new(LineKind.Adjustment, null, null, null, 0, c.Amount, c.Reference))),
        (Command.AddAdjustment, _) => new Refusal("invoice-issued", "An issued invoice is not edited; the change comes on the next one."),
        (Command.Issue c, ContributionPhase.Draft) => Stamp(state, new Event.Issued(state.Total, c.DueOn)),
        (Command.Issue, _) => Nothing,
        (Command.RecordPayment c, _) => Pay(c, state),
        (Command.RequestCollection c, _) => Collect(c, state),
        (Command.TakeIntoFile c, _) => Take(c, state),
        (Command.ReturnCollection c, _) => Return(c, state),
        (Command.ReversePayment c, _) => Reverse(c, state),
        (Command.MarkOverdue, _) => Dun(state, new Event.BecameOverdue(state.Open), after: 0),
        (Command.SendNotice, _) => Dun(state, new Event.NoticeSent(state.Open), after: 1),
        (Command.WarnSuspension, _) => Dun(state, new Event.SuspensionWarned(state.Open), after: 2),
        (Command.ProposeExpulsion, _) => Dun(state, new Event.ExpulsionProposed(state.Open), after: 3),
        (Command.Credit, ContributionPhase.Credited) => Nothing,
        (Command.Credit, ContributionPhase.Draft) => new Refusal("invoice-draft", "Only an issued invoice is credited."),
        (Command.Credit c, _) => Stamp(state, new Event.Credited(state.Total, c.Reason)),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => fact switch
    {
        Event.Drafted e => new(ContributionPhase.Draft)
        {
            Pool = e.Pool, Year = e.Year, Member = e.Member, Month = e.Month, Lines = e.Lines, Settlement = e.Settlement,
        },
        Event.AdjustmentLineAdded e => state with { Lines = state.Lines.Add(e.Line) },
        Event.Issued e => state with { Phase = e.Total <= Money.Zero ? ContributionPhase.Paid : ContributionPhase.Issued, DueOn = e.DueOn },
        Event.PaymentReceived e => Cleared(state with { Payments = state.Payments.Set(e.Reference, e.Amount) }),
        Event.CollectionRequested e => state with { Attempts = e.Attempt, Trace = e.Trace, Collecting = true, File = null },
        Event.TakenIntoFile e => state with { File = e.File },
        Event.AchReturned e => Reopened(state, e),
        Event.PaymentReversed e => Owing(state with
        {
            Payments = state.Payments.Remove(e.Reference), Returned = state.Returned.Add(e.Reference),
        }),
        Event.BecameOverdue => state with { Phase = ContributionPhase.Overdue, Dunning = 1 },
        Event.NoticeSent => state with { Dunning = 2 },
        Event.SuspensionWarned => state with { Dunning = 3 },
        Event.ExpulsionProposed => state with { Phase = ContributionPhase.Suspended, Dunning = 4 },
        Event.Credited => state with { Phase = ContributionPhase.Credited, Collecting = false },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static Event Stamp(State s, Event fact) => fact with { Pool = s.Pool, Year = s.Year, Member = s.Member, Month = s.Month };

    private static Decision<Event> Draft(Command.Draft c)
    {
        var fact = new Event.Drafted(c.Lines, c.Settlement) { Pool = c.Pool, Year = c.Year, Member = c.Member, Month = c.Month };
        return c.Lines.Count == 0 || c.Lines.Any(l => l.Contracts < 0)
            ? new Refusal("invoice-lines-invalid", "A contribution invoice has lines, with counts that are not negative.")
            : fact;
    }

    private static Decision<Event> Pay(Command.RecordPayment c, State state)
    {
        if (c.Reference.Flaw is { } no) return no;
        if (state.Payments.ContainsKey(c.Reference) || state.Returned.Contains(c.Reference)) return Nothing;
        if (c.Amount <= Money.Zero) return new Refusal("amount-invalid", "A payment is above zero.");
        return state.Phase switch
        {
            ContributionPhase.Draft => new Refusal("invoice-draft", "The invoice is not issued yet."),
            ContributionPhase.Credited => new Refusal("invoice-credited", "The invoice was credited; nothing is owed on it."),
            _ when c.Amount > state.Open =>
                new Refusal("payment-exceeds-open", $"{state.Open} is open; apply the rest to another invoice."),
            _ => Stamp(state, new Event.PaymentReceived(c.Reference, c.Amount, c.On)),
        };
    }

    private static Decision<Event> Collect(Command.RequestCollection c, State state)
    {
        if (c.Trace == state.Trace || state.ReturnedTraces.Contains(c.Trace) || state.Open <= Money.Zero) return Nothing;
        if (state.Phase is ContributionPhase.Draft or ContributionPhase.Credited) return Nothing;
        if (c.Trace.Flaw is { } no) return no;
        return state.Collecting
            ? new Refusal("collection-running", "The last collection is neither paid nor returned yet.")
            : Stamp(state, new Event.CollectionRequested(c.Trace, state.Attempts + 1, state.Open, c.On));
    }

    private static Decision<Event> Take(Command.TakeIntoFile c, State state)
    {
        if (!state.Collecting || state.Trace != c.Trace)
            return new Refusal("trace-unknown", "No collection of this invoice runs under this trace number.");
        if (state.File is { } file)
        {
            return string.Equals(file, c.File, StringComparison.Ordinal)
                ? Nothing
                : new Refusal("trace-in-other-file", $"The collection is in the file {file}; nobody is debited twice.");
        }

        return PlainText.CheckId("file", c.File) is { } no ? no : Stamp(state, new Event.TakenIntoFile(c.Trace, c.File));
    }

    private static Decision<Event> Return(Command.ReturnCollection c, State state)
    {
        if (state.Trace != c.Trace) return state.ReturnedTraces.Contains(c.Trace)
            ? Nothing
            : new Refusal("trace-unknown", "No collection of this invoice has this trace number.");
        if (state.ReturnedTraces.Contains(c.Trace)) return Nothing;
        return AchReturnCodes.MeaningOf(c.Code) is null
            ? new Refusal("return-code-unknown", "This is no return reason code of the NACHA rules that is known here.")
            : Stamp(state, new Event.AchReturned(c.Trace, c.Code, AchReturnCodes.MayRetry(c.Code) && state.Attempts < 2, c.On));
    }

    private static Decision<Event> Reverse(Command.ReversePayment c, State state)
    {
        if (state.Returned.Contains(c.Reference)) return Nothing;
        return state.Payments.TryGetValue(c.Reference, out var amount)
            ? Stamp(state, new Event.PaymentReversed(c.Reference, amount, c.On))
            : new Refusal("payment-unknown", "No such payment is recorded on this invoice.");
    }

    /// <summary>Each step once, in order, and none when nothing is owed: late and repeated timers find nothing to do.</summary>
    private static Decision<Event> Dun(State state, Event fact, int after)
    {
        if (state.Phase is ContributionPhase.Draft or ContributionPhase.Paid or ContributionPhase.Credited || state.Open <= Money.Zero)
            return Nothing;
        return state.Dunning == after ? Stamp(state, fact)
            : state.Dunning > after ? Nothing
            : new Refusal("dunning-out-of-order", "One step follows the other: overdue, notice, warning, proposal.");
    }

    private static State Cleared(State state) => state with
    {
        Phase = state.Open <= Money.Zero ? ContributionPhase.Paid
            : state.Phase is ContributionPhase.Issued ? ContributionPhase.PartPaid : state.Phase,
        Collecting = state.Open > Money.Zero && state.Collecting,
        Dunning = state.Open > Money.Zero ? state.Dunning : 0, // what is owed again is dunned from the first step
    };

    private static State Reopened(State state, Event.AchReturned e)
    {
        // The bank credited first and took it back: the payment under the trace counts no more.
        var paid = state.Payments.ContainsKey(e.Trace);
        var next = state with
        {
            ReturnedTraces = state.ReturnedTraces.Add(e.Trace), Collecting = false,
            Payments = state.Payments.Remove(e.Trace), Returned = paid ? state.Returned.Add(e.Trace) : state.Returned,
        };
        return Owing(next);
    }

    private static State Owing(State next) => next.Phase == ContributionPhase.Paid && next.Open > Money.Zero
        ? next with { Phase = next.Payments.Count > 0 ? ContributionPhase.PartPaid : ContributionPhase.Issued }
        : next;
}
