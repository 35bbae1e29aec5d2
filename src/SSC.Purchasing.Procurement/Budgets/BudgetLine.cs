using System.Diagnostics;
using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Rules;

namespace SSC.Purchasing.Procurement.Budgets;

/// <summary>Money set aside for one purpose.</summary>
/// <param name="Reserved">All that was set aside, as last adjusted.</param>
/// <param name="Spent">What has been paid out of it.</param>
public sealed record Encumbrance(Money Reserved, Money Spent)
{
    /// <summary>What it takes from the budget: the reserved amount, or what was spent when that is more.</summary>
    public Money Committed() => Spent > Reserved ? Spent : Reserved;
}

/// <summary>
/// A member's budget on one account in one fiscal year, and what is encumbered on it. Stream
/// <c>budget-{MemberNo}:{fiscal year}:{account key}</c>; a fiscal year is named by the year it ends in (2026 ends on 30 June 2026).
/// Amounts are at most <see cref="MaxAmount"/>.
/// </summary>
public sealed class BudgetLine : IDecider<BudgetLine.Command, BudgetLine.State, BudgetLine.Event>
{
    /// <summary>Largest amount accepted: ten billion dollars.</summary>
    public static readonly Money MaxAmount = Money.FromDollars(10_000_000_000m);

    /// <summary>What can be asked of a budget line.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Adopt the budget. <c>budget-adopted</c> when another amount was: amend it.</summary>
        public sealed record Adopt(MemberNo Member, int FiscalYear, AccountCode Account, Money Amount) : Command, IStartsStream;

        /// <summary>Change the amount, for a reason; <c>budget-below-committed</c> when more is already encumbered or spent.</summary>
        public sealed record Amend(Money Amount, string Reason) : Command;

        /// <summary>
        /// Set money aside under a reference (a joint order and line); <c>budget-exceeded</c> when too little is available and no
        /// <paramref name="OverrideReason"/> is given; <c>reservation-exists</c> when the reference has another amount.
        /// </summary>
        public sealed record Reserve(string Reference, Money Amount, string? OverrideReason = null) : Command;

        /// <summary>Change what is set aside under a reference to an amount not below what was spent (<c>below-spent</c>).</summary>
        public sealed record Adjust(string Reference, Money Amount, string? OverrideReason = null) : Command;

        /// <summary>Pay out of what is set aside; <paramref name="Document"/> (an invoice) makes it count once.</summary>
        public sealed record Liquidate(string Reference, string Document, Money Amount, string? OverrideReason = null) : Command;

        /// <summary>Give back what was set aside and not spent. An unknown reference is nothing to do.</summary>
        public sealed record Release(string Reference) : Command;
    }

    /// <summary>What has happened to a budget line.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It was adopted.</summary>
        [EventAlias("budget_adopted")]
        public sealed record Adopted(MemberNo Member, int FiscalYear, AccountCode Account, Money Amount) : Event;

        /// <summary>Its amount was changed.</summary>
        [EventAlias("budget_amended")]
        public sealed record Amended(Money Amount, string Reason) : Event;

        /// <summary>
        /// Money was set aside; <paramref name="Available"/> is what there was before. An override reason means that it was too little.
        /// </summary>
        [EventAlias("budget_reserved")]
        public sealed record Reserved(string Reference, Money Amount, Money Available, string? OverrideReason = null) : Event;

        /// <summary>What is set aside under a reference was changed; <paramref name="Available"/> is what there was beside it.</summary>
        [EventAlias("budget_reservation_adjusted")]
        public sealed record Adjusted(string Reference, Money Amount, Money Available, string? OverrideReason = null) : Event;

        /// <summary>An amount was paid out of what is set aside.</summary>
        [EventAlias("budget_liquidated")]
        public sealed record Liquidated(string Reference, string Document, Money Amount, string? OverrideReason = null) : Event;

        /// <summary>The unspent rest was given back.</summary>
        [EventAlias("budget_released")]
        public sealed record Released(string Reference, Money Amount) : Event;
    }

    /// <summary>Where a budget line stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>No budget was adopted.</summary>
        public sealed record Absent : State;

        /// <summary>Adopted.</summary>
        /// <param name="Budget">What was adopted, with the amount as amended.</param>
        /// <param name="Encumbrances">What is set aside, by reference.</param>
        /// <param name="SpentBefore">Paid under references that were released since.</param>
        /// <param name="Paid">Documents paid, as <c>reference|document</c>, with their amounts.</param>
        public sealed record Open(
            Event.Adopted Budget, StructuralMap<string, Encumbrance> Encumbrances, Money SpentBefore, StructuralMap<string, Money> Paid)
            : State
        {
            /// <summary>What may still be set aside; negative after an override.</summary>
            public Money Available() => Budget.Amount - SpentBefore - Encumbrances.Values.Select(e => e.Committed()).Sum();
        }
    }

    /// <inheritdoc/>
    public static string Category => "budget";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <summary>The key of a budget line.</summary>
    /// <param name="member">Whose budget.</param>
    /// <param name="fiscalYear">Named by the year it ends in.</param>
    /// <param name="accountKey">As in <see cref="AccountKey"/>.</param>
    public static string Key(MemberNo member, int fiscalYear, string accountKey) =>
        string.Create(CultureInfo.InvariantCulture, $"{member}:{fiscalYear}:{accountKey}");

    /// <summary>The key of a budget line.</summary>
    public static string Key(MemberNo member, int fiscalYear, AccountCode account) => Key(member, fiscalYear, AccountKey(account));

    /// <summary>The chart of accounts whose codes stand alone in keys: the schools' own, which came first.</summary>
    public const string KeyedByCode = "UFARS";

    /// <summary>
    /// An account in a key: a UFARS code alone, <c>01-005-203-000-401-000</c>, any other chart before its code, <c>CITY:101-41500-201</c>.
    /// Neither a scheme nor a code holds a colon, so equal digits in two charts never share a budget.
    /// </summary>
    public static string AccountKey(AccountCode account) =>
        string.Equals(account.Scheme, KeyedByCode, StringComparison.Ordinal) ? account.Code : $"{account.Scheme}:{account.Code}";

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => (command, state) switch
    {
        (Command.Adopt c, State.Absent) => Adopt(c),
        (Command.Adopt c, State.Open s) => new Event.Adopted(c.Member, c.FiscalYear, c.Account, c.Amount) == s.Budget
            ? Nothing
            : new Refusal("budget-adopted", $"A budget of {s.Budget.Amount} stands here; amend it."),
        (_, State.Absent) => new Refusal("budget-not-adopted", "No budget was adopted for this account and fiscal year; adopt one first."),
        (Command.Amend c, State.Open s) => Amend(c, s),
        (Command.Reserve c, State.Open s) => Reserve(c, s),
        (Command.Adjust c, State.Open s) => Adjust(c, s),
        (Command.Liquidate c, State.Open s) => Liquidate(c, s),
        (Command.Release c, State.Open s) => s.Encumbrances.TryGetValue(c.Reference ?? "", out var e)
            ? new Event.Released(c.Reference!, e.Committed() - e.Spent)
            : Nothing,
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    };

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact) => (state, fact) switch
    {
        (State.Absent, Event.Adopted e) => new State.Open(e, default, Money.Zero, default),
        (State.Open s, Event.Amended e) => s with { Budget = s.Budget with { Amount = e.Amount } },
        (State.Open s, Event.Reserved e) => s with { Encumbrances = s.Encumbrances.Set(e.Reference, new(e.Amount, Money.Zero)) },
        (State.Open s, Event.Adjusted e) => s with
        {
            Encumbrances = s.Encumbrances.Set(e.Reference, s.Encumbrances[e.Reference] with { Reserved = e.Amount }),
        },
        (State.Open s, Event.Liquidated e) => s with
        {
            Encumbrances = s.Encumbrances.Set(
                e.Reference, s.Encumbrances[e.Reference] with { Spent = s.Encumbrances[e.Reference].Spent + e.Amount }),
            Paid = s.Paid.Set(PaidKey(e.Reference, e.Document), e.Amount),
        },
        (State.Open s, Event.Released e) => s with
        {
            SpentBefore = s.SpentBefore + s.Encumbrances[e.Reference].Spent,
            Encumbrances = s.Encumbrances.Remove(e.Reference),
        },
        _ => throw new UnreachableException($"{fact} cannot follow {state}"),
    };

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static string PaidKey(string reference, string document) => $"{reference}|{document}";

    private static Decision<Event> Adopt(Command.Adopt c) => c switch
    {
        _ when !Id.IsWellFormed(c.Member.Value) => new Refusal("member-invalid", "Name the member by its number."),
        _ when c.FiscalYear is < 1990 or > 2200 => new Refusal("fiscal-year-invalid", "Name the fiscal year by the year it ends in."),
        _ when AccountCode.TryParse(c.Account.Scheme, c.Account.Code) is null =>
            new Refusal("account-invalid", "An account code has 1 to 10 segments of up to 12 letters and digits."),
        _ when c.Amount < Money.Zero || c.Amount > MaxAmount => AmountInvalid,
        _ => new Event.Adopted(c.Member, c.FiscalYear, c.Account, c.Amount),
    };

    private static Decision<Event> Amend(Command.Amend c, State.Open s)
    {
        if (c.Amount == s.Budget.Amount) return Nothing;
        if (c.Amount < Money.Zero || c.Amount > MaxAmount) return AmountInvalid;
        if (!PlainText.IsWellFormed(c.Reason, 500)) return ReasonInvalid;
        var committed = s.Budget.Amount - s.Available();
        return c.Amount < committed
            ? new Refusal("budget-below-committed", $"{committed} is encumbered or spent; release some of it first.")
            : new Event.Amended(c.Amount, c.Reason);
    }

    private static Decision<Event> Reserve(Command.Reserve c, State.Open s)
    {
        if (s.Encumbrances.TryGetValue(c.Reference ?? "", out var known))
        {
            return known.Reserved == c.Amount
                ? Nothing
                : new Refusal("reservation-exists", $"{known.Reserved} is reserved under this reference; adjust it.");
        }

        if (Check(c.Reference, c.Amount, c.OverrideReason) is { } wrong) return wrong;
        var available = s.Available();
        if (c.Amount > available && c.OverrideReason is null) return Exceeded(available, c.Amount);
        return new Event.Reserved(c.Reference!, c.Amount, available, c.Amount > available ? c.OverrideReason : null);
    }

    private static Decision<Event> Adjust(Command.Adjust c, State.Open s)
    {
        if (Check(c.Reference, c.Amount, c.OverrideReason) is { } wrong) return wrong;
        if (!s.Encumbrances.TryGetValue(c.Reference, out var known)) return Unknown;
        if (c.Amount == known.Reserved) return Nothing;
        if (c.Amount < known.Spent) return new Refusal("below-spent", $"{known.Spent} was already paid under this reference.");
        var available = s.Available() + known.Committed();
        var overdrawn = c.Amount > known.Reserved && c.Amount > available;
        if (overdrawn && c.OverrideReason is null) return Exceeded(available, c.Amount);
        return new Event.Adjusted(c.Reference, c.Amount, available, overdrawn ? c.OverrideReason : null);
    }

    private static Decision<Event> Liquidate(Command.Liquidate c, State.Open s)
    {
        if (Check(c.Reference, c.Amount, c.OverrideReason) is { } wrong) return wrong;
        if (!PlainText.IsWellFormed(c.Document, 100)) return new Refusal("document-invalid", "Name the invoice in 1 to 100 characters.");
        if (s.Paid.TryGetValue(PaidKey(c.Reference, c.Document), out var paid))
        {
            return paid == c.Amount
                ? Nothing
                : new Refusal("document-paid", $"{paid} was paid on this document; pay the rest on a document of its own.");
        }

        if (!s.Encumbrances.TryGetValue(c.Reference, out var known)) return Unknown;
        var more = (known with { Spent = known.Spent + c.Amount }).Committed() - known.Committed();
        var available = s.Available();
        var overdrawn = more > Money.Zero && more > available;
        if (overdrawn && c.OverrideReason is null) return Exceeded(available, more);
        return new Event.Liquidated(c.Reference, c.Document, c.Amount, overdrawn ? c.OverrideReason : null);
    }

    private static Refusal? Check(string? reference, Money amount, string? overrideReason) => reference switch
    {
        _ when !PlainText.IsWellFormed(reference, 100) || reference!.Contains('|', StringComparison.Ordinal) =>
            new("reference-invalid", "Name what the money is for in 1 to 100 characters without a bar."),
        _ when amount <= Money.Zero || amount > MaxAmount => AmountInvalid,
        _ when !PlainText.IsWellFormedOrAbsent(overrideReason, 500) => ReasonInvalid,
        _ => null,
    };

    private static Refusal Exceeded(Money available, Money needed) => new(
        "budget-exceeded", $"{available} is available and {needed} is needed; amend the budget, order less or override with a reason.");

    private static readonly Refusal AmountInvalid = new("amount-invalid", $"Amounts are positive and at most {MaxAmount}.");
    private static readonly Refusal ReasonInvalid = new("reason-missing", "Give the reason in 1 to 500 printable characters.");
    private static readonly Refusal Unknown = new("reservation-unknown", "Nothing is reserved under this reference; reserve it first.");
}
