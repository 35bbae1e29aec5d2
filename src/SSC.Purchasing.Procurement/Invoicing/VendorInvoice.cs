using System.Diagnostics;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.Invoicing;

/// <summary>
/// A vendor's invoice or credit memo from its receipt to the last payment. Stream <c>invoice-{VendorId}:{number}</c>
/// (<see cref="InvoiceKeys"/>), so that a number counts once per vendor. The parts of the members always sum to what the vendor asks,
/// and that is what is paid, credited or still owed, to the cent. Commands, events and states are in <c>VendorInvoice.Language.cs</c>.
/// </summary>
public sealed partial class VendorInvoice : IDecider<VendorInvoice.Command, VendorInvoice.State, VendorInvoice.Event>
{
    /// <summary>Reminders about open exceptions.</summary>
    public const string AboutExceptions = "exceptions";

    /// <summary>Reminders about a payment that falls due.</summary>
    public const string AboutPayment = "payment";

    /// <inheritdoc/>
    public static string Category => "invoice";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Register c, State.Absent) => InvoiceRules.Check(c.Facts, c.SourceHash) is { } wrong
            ? wrong
            : Stamp(new Event.Registered(c.Facts, InvoiceKeys.ContentHash(c.Facts.Document), c.SourceHash), c.Facts),
        (_, State.Absent) => new Refusal("invoice-unknown", "There is no such invoice; register it first."),
        (_, State.Known s) => Stamp(Judge(command, s), s.File.Facts),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Registered { Facts.Document.Kind: InvoiceKind.CreditNote } e) =>
            new State.CreditMemo(new(e.Facts, e.ContentHash), false, null),
        (State.Absent, Event.Registered e) => new State.Registered(new(e.Facts, e.ContentHash)),
        (State.CreditMemo s, Event.CreditApplied) => s with { Closed = true },
        (State.CreditMemo s, Event.CreditNotApplied e) => s with { Closed = true, Refusal = e.Reason },
        (State.Known s, not (Event.Registered or Event.CreditApplied or Event.CreditNotApplied)) => Move(s, After(s.File, fact), fact),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static readonly Refusal ReasonMissing = new("reason-missing", "Give the reason in 1 to 500 printable characters.");

    private static InvoiceFile After(InvoiceFile f, Event fact) => fact switch
    {
        Event.Matched e => f.Matched(e.Match),
        Event.Cleared e => f with { DueOn = e.DueOn },
        Event.Disputed e => f with { DisputedOn = e.On, Contested = e.Contested ?? f.Contested, DueOn = null },
        Event.ExceptionResolved e => f with { Settled = f.Settled.Set(e.Exception, e.Settlement) },
        Event.Approved e => f.With(e.Payer, a => a with { ApprovedBy = e.By }),
        Event.PaymentRecorded e => f.With(e.Payer, a => a with { Payments = a.Payments.Add(e.Payment) }),
        Event.RefundRecorded e => f.With(e.Payer, a => a with { Refunds = a.Refunds.Add(e.Refund) }),
        Event.InterestAccrued e => f.With(e.Payer, a => a with { Interest = a.Interest.Add(e.Month) }),
        Event.Credited e => f with { Credits = f.Credits.Add(e.Credit) },
        Event.Reminded e => f with { Reminders = f.Reminders.Set(e.About, e.Number) },
        _ => f,
    };

    private static State.Known Move(State.Known s, InvoiceFile file, Event fact) => fact switch
    {
        Event.Matched => s is State.Disputed ? new State.Disputed(file) : new State.Excepted(file),
        Event.Cleared => new State.Payable(file),
        Event.Disputed => new State.Disputed(file),
        Event.Rejected e => new State.Rejected(file, e.Reason),
        Event.Settled => new State.Paid(file),
        _ => s with { File = file },
    };

    private static Decision<Event> Judge(Command command, State.Known state) => (command, state) switch
    {
        (Command.Register c, { File: var f }) => InvoiceKeys.ContentHash(c.Facts.Document) == f.ContentHash
            ? Nothing
            : new Refusal("invoice-number-used", "The vendor has used this number for another document; send it under a new number."),
        (Command.CloseCredit c, State.CreditMemo s) => s.Closed ? Nothing
            : c.Refusal is { } reason ? new Event.CreditNotApplied(s.File.Facts.Document.Credits!, reason)
            : new Event.CreditApplied(s.File.Facts.Document.Credits!),
        (Command.CloseCredit, _) => new Refusal("not-a-credit-memo", "This is an invoice; only a credit memo is counted against one."),
        (_, State.CreditMemo) => new Refusal("not-an-invoice", "This is a credit memo; it is counted against its invoice by itself."),

        (Command.Reject, State.Rejected) => Nothing,
        (Command.Match or Command.AccrueInterest or Command.Remind, State.Rejected) => Nothing,
        (_, State.Rejected s) => new Refusal("invoice-rejected", $"The invoice was rejected: {s.Reason}; nothing of it is owed."),

        (Command.Match c, State.Registered or State.Excepted or State.Disputed) => Match(c.Found, state.File),
        (Command.Match, _) => Nothing,
        (Command.Remind c, _) => Remind(c, state),
        (Command.AccrueInterest c, State.Payable) => Accept([.. Interest(state.File, c.Today)]),
        (Command.AccrueInterest, _) => Nothing,
        (Command.Dispute c, _) => Dispute(c, state),
        (Command.Resolve c, _) => Resolve(c, state.File),
        (Command.Reject c, _) => Reject(c, state.File),
        (Command.Credit c, _) => Credit(c.Memo, state),
        (Command.ApproveForPayment c, _) => Approve(c, state),
        (Command.RecordPayment c, _) => Pay(c, state),
        (Command.RecordRefund c, _) => Refund(c, state.File),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    private static Decision<Event> Match(InvoiceMatch found, InvoiceFile f)
    {
        if (f.Match is { } last && (last with { Basis = found.Basis }) == found) return Nothing;
        return WithClearance(f, new Event.Matched(found), null);
    }

    private static Decision<Event> Dispute(Command.Dispute c, State.Known state)
    {
        var f = state.File;
        if (state is State.Disputed) return Nothing;
        if (!PlainText.IsWellFormed(c.Reason, 500)) return ReasonMissing;
        if (IsApproved(f)) return new Refusal("invoice-approved", "The invoice is approved or paid; ask the vendor for a credit memo.");
        var last = PromptPayment.LastDayToDispute(f.Facts.ReceivedOn);
        if (c.Today > last)
            return new Refusal("dispute-too-late",
                $"An incorrect invoice is sent back by {last:yyyy-MM-dd} (Minn. Stat. 471.425); pay it and ask for a credit memo.");
        var contested = f.Open.Count > 0
            ? null
            : new MatchException(0, MatchExceptionKind.Contested, "invoice", Money.Zero, c.Reason);
        return new Event.Disputed(c.Today, c.Reason, c.By, contested);
    }

    private static Decision<Event> Resolve(Command.Resolve c, InvoiceFile f)
    {
        if (f.Exceptions.FirstOrDefault(e => e.No == c.Exception) is not { } exception)
            return new Refusal("exception-unknown", "The invoice has no such exception; name one by its number.");
        if (f.Settled.ContainsKey(c.Exception)) return Nothing;
        if (!PlainText.IsWellFormed(c.Reason, 500)) return ReasonMissing;
        if (exception.Kind == MatchExceptionKind.Duplicate && c.Outcome == ExceptionOutcome.AcceptedAsBilled)
            return new Refusal("duplicate-is-rejected", "A duplicate is never paid: reject the invoice, or explain why it is none.");
        if (c.Outcome == ExceptionOutcome.CoveredByCredit)
        {
            var covered = f.Exceptions.Where(e => f.Settled.TryGetValue(e.No, out var s) && s.Outcome == ExceptionOutcome.CoveredByCredit);
            var needed = covered.Select(e => e.Excess).Sum() + exception.Excess;
            var credited = f.Credits.Select(k => k.Amount).Sum();
            if (credited < needed || credited == Money.Zero)
                return new Refusal("credit-too-small",
                    $"Credit memos come to {credited} and {needed} is to be covered; wait for the rest.");
        }

        return WithClearance(f, new Event.ExceptionResolved(c.Exception, new(c.Outcome, c.Reason, c.By)), c.Today);
    }

    private static Decision<Event> Reject(Command.Reject c, InvoiceFile f) =>
        IsApproved(f) ? new Refusal("invoice-approved", "The invoice is approved or paid; ask the vendor for a credit memo.")
        : PlainText.IsWellFormed(c.Reason, 500) ? new Event.Rejected(c.Reason, c.By)
        : ReasonMissing;

    private static Decision<Event> Credit(InvoiceFacts memo, State.Known state)
    {
        var (f, d) = (state.File, memo.Document);
        if (f.Credits.FirstOrDefault(k => k.Number == d.Number) is { } known)
            return known.Amount == d.Total ? Nothing : new Refusal("credit-exists", "This credit memo counts already with another amount.");
        if (d.Kind != InvoiceKind.CreditNote || memo.JointOrder != f.Facts.JointOrder || d.Vendor != f.Facts.Document.Vendor)
            return new Refusal("credit-of-another-order", "The credit memo is for another order or vendor; name the invoice it credits.");
        if (f.Match is null) return NotMatched;
        var credited = f.Credits.Select(k => k.Amount).Sum() + d.Total;
        if (credited > f.Facts.Document.Total)
            return new Refusal("credit-above-invoice", $"Credits would come to {credited} on an invoice of {f.Facts.Document.Total}.");
        var fact = new Event.Credited(new(d.Number, d.Total, InvoiceMatching.ShareCredit(d, f.Bills)));
        return state is State.Payable ? WithSettlement(f, fact) : fact;
    }

    private static Decision<Event> Approve(Command.ApproveForPayment c, State.Known state)
    {
        var f = state.File;
        if (f.Match is null) return NotMatched;
        if (!f.Payers.Contains(c.Payer)) return new Refusal("payer-unknown", "Nothing of this invoice is billed to this payer.");
        if (f.AccountOf(c.Payer).ApprovedBy is not null) return Nothing;
        return f.Open.Count > 0
            ? new Refusal("exception-open",
                $"Settle the open exceptions first: {string.Join(", ", f.Open.Select(e => e.Kind).Distinct())}.")
            : new Event.Approved(c.Payer, f.Balance(c.Payer), c.By);
    }

    private static Decision<Event> Pay(Command.RecordPayment c, State.Known state)
    {
        var (f, p) = (state.File, c.Payment);
        var account = f.AccountOf(c.Payer);
        if (account.Payments.FirstOrDefault(k => k.Reference == p.Reference) is { } known)
            return known == p ? Nothing : new Refusal("payment-exists", "This reference was recorded with another amount or day.");
        if (account.ApprovedBy is null) return new Refusal("payment-not-approved", "Approve the payer's part for payment first.");
        if (!PlainText.IsWellFormed(p.Reference, 50) || p is { Amount.Cents: < 0 } or { Interest.Cents: < 0 }
            || p is { Amount.Cents: 0, Interest.Cents: 0 })
            return new Refusal("payment-invalid", "Give the payment's reference in 1 to 50 characters and an amount above zero.");
        if (p.PaidOn > c.Today || p.PaidOn < f.Facts.ReceivedOn)
            return new Refusal("payment-day-invalid", "A payment was made between the receipt of the invoice and today.");
        if (p.Amount > Money.Zero && p.Amount > f.Balance(c.Payer))
            return new Refusal("payment-above-balance", $"{f.Balance(c.Payer)} is owed; record no more than that.");
        var accrued = state is State.Payable ? Interest(f, p.PaidOn).ToList() : [];
        var after = accrued.Aggregate(f, (file, fact) => After(file, fact));
        if (p.Interest > after.AccountOf(c.Payer).InterestDue)
            return new Refusal("interest-above-accrued", $"Interest of {after.AccountOf(c.Payer).InterestDue} is owed; pay no more.");
        var paid = new Event.PaymentRecorded(c.Payer, account.Payments.Count + 1, p, f.Balance(c.Payer) - p.Amount, c.By);
        return state is State.Payable ? WithSettlement(f, [.. accrued, paid]) : paid;
    }

    private static Decision<Event> Remind(Command.Remind c, State.Known state)
    {
        var wanted = c.About == AboutExceptions ? state is State.Registered or State.Excepted : state is State.Payable;
        if (c.About is not (AboutExceptions or AboutPayment) || c.Number < 1)
            return new Refusal("reminder-invalid", "Remind of exceptions or of a payment, counting from 1.");
        return wanted && c.Number > state.File.Reminders.GetValueOrDefault(c.About) ? new Event.Reminded(c.About, c.Number) : Nothing;
    }

    private static readonly Refusal NotMatched = new("invoice-not-matched", "The invoice is not matched yet; wait a moment.");

    private static bool IsApproved(InvoiceFile f) => f.Accounts.Values.Any(a => a.ApprovedBy is not null);

    private static IEnumerable<Event> Interest(InvoiceFile f, DateOnly on) =>
        f.InterestMissing(on).Select(i => new Event.InterestAccrued(i.Payer, i.Month, PromptPayment.RuleVersion));

    /// <summary>The facts, and that everybody has paid when that is so after them.</summary>
    private static Decision<Event> WithSettlement(InvoiceFile f, params IReadOnlyList<Event> facts)
    {
        var after = facts.Aggregate(f, After);
        var paid = after.Facts.PayersOfVendor(after.Bills).Select(p => after.AccountOf(p).Paid).Sum();
        return after.IsPaid ? Accept([.. facts, new Event.Settled(paid, after.Credits.Select(k => k.Amount).Sum())]) : Accept(facts);
    }

    /// <summary>The fact, and the day to pay by when nothing is open after it.</summary>
    private static Decision<Event> WithClearance(InvoiceFile f, Event fact, DateOnly? corrected)
    {
        var after = After(f, fact);
        if (after.Open.Count > 0) return fact;
        var restart = after.WasIncorrect() ? corrected : null;
        var cleared = new Event.Cleared(after.LastDayToPay(restart), after.PeriodFrom(restart));
        return WithSettlement(f, fact, cleared);
    }

    private static Decision<Event> Stamp(Decision<Event> decision, InvoiceFacts facts) => decision is Decision<Event>.Accepted accepted
        ? Accept([.. accepted.Events.Select(e => e with { JointOrder = facts.JointOrder, Vendor = facts.Document.Vendor })])
        : decision;

    private static Decision<Event> Accept(params IReadOnlyList<Event> facts) => new Decision<Event>.Accepted(facts);
}
