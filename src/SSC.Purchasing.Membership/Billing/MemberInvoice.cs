using System.Diagnostics;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Membership;

/// <summary>
/// The one invoice of a member for a month, across membership fees, programs, services, pools and purchasing. Charges come by source and
/// reference and count once, however often they are posted. Stream <c>monthly-invoice-{MemberNo}:{yyyy-MM}</c>.
/// </summary>
public sealed partial class MemberInvoice : IDecider<MemberInvoice.Command, MemberInvoice.State, MemberInvoice.Event>
{
    /// <summary>Version of the way an invoice is added up.</summary>
    public const int RuleVersion = 1;

    private const int MaxCharges = 500;
    private const int MaxMovements = 100;
    private const int MaxNumberLength = 40;
    private const int MaxReferenceLength = 100;
    private static readonly Money MaxAmount = Money.FromDollars(1_000_000_000m);
    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    /// <inheritdoc/>
    public static string Category => "monthly-invoice";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <summary>The key of a member's invoice for a month.</summary>
    public static string Key(MemberNo member, BillingMonth month) => $"{member}:{month}";

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.PostCharge c, { On: { } on }) when on.Charges.TryGetValue(c.Charge.Key, out var known) => known == c.Charge
            ? Nothing
            : new Refusal("charge-differs", "This reference was charged otherwise; post the difference under a reference of its own."),
        (Command.PostCharge c, State.Absent or State.Open) => Charging(c, state.On),
        (Command.PostCharge, State.Issued) => new Refusal("invoice-issued", "This month is invoiced; post the charge to the next month."),
        (Command.PostCharge, State.Voided) => new Refusal("invoice-voided", "This invoice is void; post the charge to the next month."),
        (_, State.Absent) => new Refusal("invoice-unknown", "Nothing was charged to this member for this month."),

        (Command.RemoveCharge c, State.Open s) => Removing(c, s.On),
        (Command.RemoveCharge, State.Issued) => new Refusal("invoice-issued", "This month is invoiced; credit the invoice instead."),
        (Command.Issue c, State.Open s) => Issuing(c, s.On),
        (Command.Issue c, State.Issued s) when Same(c.Number, s.Number) && c.IssuedOn == s.IssuedOn && c.DueOn == s.DueOn => Nothing,
        (Command.Issue, State.Issued s) => new Refusal("invoice-issued", $"This month is invoiced under number {s.Number}."),

        (Command.Void, State.Voided) => Nothing,
        (Command.Void, State.Issued { Payments.Count: > 0 }) =>
            new Refusal("invoice-has-payments", "Money came for this invoice; credit it and refund instead."),
        (Command.Void, State.Issued { CarriedTo: { } to }) =>
            new Refusal("invoice-carried-over", $"Its credit is on the invoice of {to}; correct it there."),
        (Command.Void c, _) => PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } no ? no : new Event.Voided(c.Reason),
        (_, State.Voided) => new Refusal("invoice-voided", "This invoice is void; nothing is owed on it."),
        (_, State.Open) => new Refusal("invoice-not-issued", "Issue the invoice first."),

        (Command.RecordPayment c, State.Issued s) => Paying(c, s),
        (Command.ReversePayment c, State.Issued s) => Reversing(c, s),
        (Command.Credit c, State.Issued s) => Crediting(c.Memo, s),
        (Command.Refund c, State.Issued s) => Refunding(c.Payment, s),
        (Command.CarryOver c, State.Issued s) => CarryingOver(c.To, s),
        _ => throw new UnreachableException($"{command} is not a command of an invoice."),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Charged e) => new State.Open(
            new(e.Member, e.Month, StructuralMap<string, Charge>.Empty.Set(e.Charge.Key, e.Charge), [])),
        (State.Open s, Event.Charged e) => new State.Open(s.On with { Charges = s.On.Charges.Set(e.Charge.Key, e.Charge) }),
        (State.Open { On: var on }, Event.ChargeRemoved e) => new State.Open(on with
        {
            Charges = on.Charges.Remove(Charge.KeyOf(e.Source, e.Reference)),
            Removed = on.Removed.Add(Charge.KeyOf(e.Source, e.Reference)),
        }),
        (State.Open s, Event.Issued e) => new State.Issued(s.On, e.Number, e.IssuedOn, e.DueOn, default, [], default, default),
        (State.Issued s, Event.PaymentRecorded e) => s with { Payments = s.Payments.Set(e.Payment.Reference, e.Payment) },
        (State.Issued s, Event.PaymentReversed e) when s.Payments[e.Reference] is var paid && e.Amount < paid.Amount =>
            s with { Payments = s.Payments.Set(e.Reference, paid with { Amount = paid.Amount - e.Amount }) },
        (State.Issued s, Event.PaymentReversed e) =>
            s with { Payments = s.Payments.Remove(e.Reference), Reversed = s.Reversed.Add(e.Reference) },
        (State.Issued s, Event.Credited e) => s with { Credits = s.Credits.Set(e.Memo.Reference, e.Memo) },
        (State.Issued s, Event.Refunded e) => s with { Refunds = s.Refunds.Set(e.Payment.Reference, e.Payment) },
        (State.Issued s, Event.CarriedOver e) => s with { Carried = e.Amount, CarriedTo = e.To },
        (State.Open s, Event.Voided e) => new State.Voided(s.On, null, e.Reason),
        (State.Issued s, Event.Voided e) => new State.Voided(s.On, s.Number, e.Reason),
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    private static Decision<Event> Charging(Command.PostCharge c, Content? on)
    {
        var charge = c.Charge;
        if (on?.Removed.Contains(charge.Key, StringComparer.Ordinal) == true)
            return new Refusal("charge-removed", "This reference was taken off the invoice; charge it under a reference of its own.");
        if (on?.Charges.Count >= MaxCharges) return new Refusal("too-many-charges", $"An invoice has at most {MaxCharges} charges.");
        var flaw = PlainText.CheckId("member", c.Member.Value)
            ?? (c.Month.IsWellFormed ? null : new Refusal("month-malformed", "Give a month, e.g. 2026-07."))
            ?? (Enum.IsDefined(charge.Source) ? null : new Refusal("charge-source-unknown", "Give a source that exists."))
            ?? (Id.IsKey(charge.Reference)
                ? null
                : new Refusal("charge-reference-malformed", "Give the reference as ids joined by colons, e.g. SCHOOLS:2027-03."))
            ?? PlainText.Check("description", charge.Description)
            ?? (charge.Amount == Money.Zero ? new Refusal("amount-zero", "A charge owes something; leave it out.") : null)
            ?? (charge.Amount > MaxAmount || charge.Amount < -MaxAmount
                ? new Refusal("amount-too-large", $"Give an amount of at most {MaxAmount}.")
                : null);
        return flaw is { } no ? no : new Event.Charged(c.Member, c.Month, charge);
    }

    private static Decision<Event> Removing(Command.RemoveCharge c, Content on)
    {
        var key = Charge.KeyOf(c.Source, c.Reference);
        if (on.Removed.Contains(key, StringComparer.Ordinal)) return Nothing;
        if (!on.Charges.ContainsKey(key)) return new Refusal("charge-unknown", "No such charge is on this invoice.");
        return PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } no
            ? no
            : new Event.ChargeRemoved(c.Source, c.Reference, c.Reason);
    }

    private static Decision<Event> Issuing(Command.Issue c, Content on)
    {
        if (on.Charges.Count == 0) return new Refusal("nothing-to-issue", "Every charge was taken off; there is nothing to invoice.");
        if (PlainText.Check("number", c.Number, MaxNumberLength) is { } no) return no;
        return c.DueOn < c.IssuedOn
            ? new Refusal("due-before-issue", "Give a due day on or after the day of issue.")
            : new Event.Issued(c.Number, c.IssuedOn, c.DueOn, on.Total, RuleVersion);
    }

    private static Refusal? FlawOf(string reference, Money amount, State.Issued s) =>
        PlainText.Check("reference", reference, MaxReferenceLength)
        ?? (amount <= Money.Zero ? new Refusal("amount-not-positive", "Give an amount above zero.") : null)
        ?? (s.Knows(reference) ? new Refusal("reference-taken", "This reference was recorded otherwise; use another.") : null)
        ?? (s.Payments.Count + s.Credits.Count + s.Refunds.Count + s.Reversed.Count >= MaxMovements
            ? new Refusal("too-many-movements", $"An invoice takes at most {MaxMovements} payments, credits and refunds.")
            : null);

    private static Decision<Event> Paying(Command.RecordPayment c, State.Issued s)
    {
        var payment = c.Payment;
        if (s.Payments.TryGetValue(payment.Reference ?? "", out var known) && known == payment) return Nothing;
        if (FlawOf(payment.Reference!, payment.Amount, s) is { } no) return no;
        return payment.Amount > s.Balance && !c.Received
            ? new Refusal("payment-exceeds-balance", $"{s.Balance} is owed; record the rest on another invoice.")
            : new Event.PaymentRecorded(payment);
    }

    private static Decision<Event> Reversing(Command.ReversePayment c, State.Issued s)
    {
        if (s.Reversed.Contains(c.Reference, StringComparer.Ordinal)) return Nothing;
        if (!s.Payments.TryGetValue(c.Reference ?? "", out var payment))
            return new Refusal("payment-unknown", "No such payment is recorded on this invoice.");
        var stays = c.Stays > Money.Zero ? c.Stays : Money.Zero;
        if (stays >= payment.Amount) return Nothing;
        return PlainText.Check("reason", c.Reason, PlainText.NoteLength) is { } no
            ? no
            : new Event.PaymentReversed(payment.Reference, payment.Amount - stays, c.Reason);
    }

    private static Decision<Event> Crediting(CreditMemo memo, State.Issued s)
    {
        if (s.Credits.TryGetValue(memo.Reference ?? "", out var known) && known == memo) return Nothing;
        if ((FlawOf(memo.Reference!, memo.Amount, s) ?? PlainText.Check("reason", memo.Reason, PlainText.NoteLength)) is { } no) return no;
        return memo.Amount + s.Credits.Values.Select(c => c.Amount).Sum() > s.On.Total
            ? new Refusal("credit-exceeds-total", "Credits of an invoice come to its total at most.")
            : new Event.Credited(memo);
    }

    private static Decision<Event> Refunding(Settlement payment, State.Issued s)
    {
        if (s.Refunds.TryGetValue(payment.Reference ?? "", out var known) && known == payment) return Nothing;
        if (FlawOf(payment.Reference!, payment.Amount, s) is { } no) return no;
        return payment.Amount > -s.Balance
            ? new Refusal("refund-exceeds-credit-balance", "Refund at most what the member has paid too much.")
            : new Event.Refunded(payment);
    }

    private static Decision<Event> CarryingOver(BillingMonth to, State.Issued s)
    {
        if (s.CarriedTo is { } known) return known == to
            ? Nothing
            : new Refusal("carried-over-already", $"The credit went to {known}.");
        if (!to.IsWellFormed || to.CompareTo(s.On.Month) <= 0)
            return new Refusal("month-not-later", $"Give a month after {s.On.Month}, e.g. {s.On.Month.Next}.");
        return s.Balance >= Money.Zero
            ? new Refusal("nothing-to-carry-over", "Only what the cooperative owes on an invoice is carried over.")
            : new Event.CarriedOver(s.On.Member, s.On.Month, to, -s.Balance);
    }
}
