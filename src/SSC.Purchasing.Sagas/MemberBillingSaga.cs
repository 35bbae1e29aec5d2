using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: whatever a member owes, from whichever part of the cooperative, comes on one invoice a month, and the part hears when it
/// is settled. A new source adds its event to <see cref="PostingOf"/> (and to <see cref="Sources"/>) and, when it wants to hear of the
/// settlement, its command to <see cref="WhenSettled"/>. One instance per member and month.
/// </summary>
public sealed class MemberBillingSaga : Saga<BilledMonth>
{
    /// <summary>Stored names of the events that bring a charge.</summary>
    private static readonly HashSet<string> Sources = new(StringComparer.Ordinal) { "membership_fee_assessed" };

    /// <inheritdoc/>
    public override string Name => "member_billing";

    /// <inheritdoc/>
    public override BilledMonth Initial(string id)
    {
        var parts = id.Split(':');
        return new(new(parts[0]), new(parts[1]), default, null, Money.Zero, false);
    }

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) =>
        e.Type.StartsWith("member_invoice_", StringComparison.Ordinal) ? e.KeyIn(MemberInvoice.Category)
        : Sources.Contains(e.Type) && PostingOf(e) is { } posting ? MemberInvoice.Key(posting.Member, posting.Month)
        : null;

    /// <inheritdoc/>
    public override SagaStep<BilledMonth> On(BilledMonth state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: MemberInvoice.Event fact } i => OnInvoice(state, fact, i.At),
        SagaInput.Heard i when PostingOf(i.Event) is { } posting => new(state, new SagaEffect.Send(posting)),
        _ => new(state),
    };

    /// <summary>The charge that an event of a source brings; null when it brings none.</summary>
    private static PostMemberCharge? PostingOf(RecordedEvent e) => e.Fact switch
    {
        MembershipYear.Event.Assessed { Fee: var fee } => new(fee.Member, BillingMonth.Of(fee.AssessedOn), new(
            ChargeSource.Membership, MembershipYear.ReferenceOf(fee.Member, fee.Year),
            string.Create(
                CultureInfo.InvariantCulture,
                $"Participating membership {fee.Year - 1}-{fee.Year % 100:00}, {(fee.Services > 1 ? "two services" : "one service")}"),
            fee.Amount)),
        _ => null,
    };

    /// <summary>What a source hears when the invoice with its charge is settled, or owed again.</summary>
    private static BillingCommand? WhenSettled(BilledMonth state, string chargeKey, DateOnly on, bool settled)
    {
        var parts = chargeKey.Split(':');
        if (parts is not [nameof(ChargeSource.Membership), _, ['F', 'Y', .. var digits]]) return null;
        var year = int.Parse(digits, CultureInfo.InvariantCulture);
        return settled
            ? new SettleMembershipFee(state.Member, year, state.Number!, on)
            : new ReopenMembershipFee(state.Member, year, state.Number!, on);
    }

    private static SagaStep<BilledMonth> OnInvoice(BilledMonth state, MemberInvoice.Event fact, DateTimeOffset at) => fact switch
    {
        MemberInvoice.Event.Charged f => new(state with { Charges = state.Charges.Add(f.Charge.Key) }),
        MemberInvoice.Event.ChargeRemoved f => new(state with
        {
            Charges = state.Charges.Where(k => k != Charge.KeyOf(f.Source, f.Reference)).ToStructuralList(),
        }),
        MemberInvoice.Event.Issued f => Moved(state with { Number = f.Number, Balance = f.Total }, Money.Zero, at),
        MemberInvoice.Event.PaymentRecorded f => Moved(state, -f.Payment.Amount, at),
        MemberInvoice.Event.PaymentReversed f => Moved(state, f.Amount, at),
        MemberInvoice.Event.Credited f => Moved(state, -f.Memo.Amount, at),
        MemberInvoice.Event.Refunded f => Moved(state, f.Payment.Amount, at),
        _ => new(state),
    };

    private static SagaStep<BilledMonth> Moved(BilledMonth state, Money by, DateTimeOffset at)
    {
        var moved = state with { Balance = state.Balance + by };
        var settled = moved.Balance <= Money.Zero;
        if (settled == state.Settled) return new(moved);
        var today = BusinessCalendar.LocalDate(at);
        return new(moved with { Settled = settled },
        [
            .. from key in moved.Charges
               let command = WhenSettled(moved, key, today, settled)
               where command is not null
               select new SagaEffect.Send(command),
        ]);
    }
}

/// <summary>What the saga remembers of a member's month.</summary>
/// <param name="Member">Member.</param>
/// <param name="Month">Month.</param>
/// <param name="Charges">Keys of the charges on its invoice.</param>
/// <param name="Number">Number of the invoice, once issued.</param>
/// <param name="Balance">What is owed on it.</param>
/// <param name="Settled">True while nothing is owed on the issued invoice.</param>
public sealed record BilledMonth(
    MemberNo Member, BillingMonth Month, StructuralList<string> Charges, string? Number, Money Balance, bool Settled);
