using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: whatever a member owes, from whichever part of the cooperative, comes on one invoice a month, and the part hears when it
/// is settled. The invoice goes out when its month is over; one below zero is carried over. Sources whose events bring one charge are here
/// (<see cref="PostingOf"/>, <see cref="Sources"/>); <see cref="MemberChargesSaga"/> posts for the others. A source that wants to hear of
/// the settlement adds its command to <see cref="WhenSettled"/>. One instance per member and month.
/// </summary>
public sealed class MemberBillingSaga : Saga<BilledMonth>
{
    private const string Issue = "issue";

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
        SagaInput.Woken { Timer: Issue } when state.Number is null && state.Charges.Count > 0 =>
            new(state, new SagaEffect.Send(new IssueMemberInvoice(state.Member, state.Month))),
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

    /// <summary>What a source hears when the invoice with its charge is settled, or owed again; null when it does not want to.</summary>
    private static BillingCommand? WhenSettled(BilledMonth state, string chargeKey, DateOnly on, bool settled)
    {
        var (source, reference) = (chargeKey[..chargeKey.IndexOf(':', StringComparison.Ordinal)], Charge.ReferenceIn(chargeKey));
        switch (source)
        {
            case nameof(ChargeSource.Membership) when reference.Split(':') is [_, ['F', 'Y', .. var digits]]:
                var year = int.Parse(digits, CultureInfo.InvariantCulture);
                return settled
                    ? new SettleMembershipFee(state.Member, year, state.Number!, on)
                    : new ReopenMembershipFee(state.Member, year, state.Number!, on);
            case nameof(ChargeSource.Program) or nameof(ChargeSource.Service):
                return new SettleProgramCharge(reference, state.Number!, on, settled);
            case nameof(ChargeSource.Pool):
                return new SettlePoolCharge(state.Member, reference, state.Number!, state.Times, settled) { Month = state.Month };
            default:
                return null;
        }
    }

    private static SagaStep<BilledMonth> OnInvoice(BilledMonth state, MemberInvoice.Event fact, DateTimeOffset at) => fact switch
    {
        MemberInvoice.Event.Charged f => Charged(state, f.Charge),
        MemberInvoice.Event.ChargeRemoved f => new(state with
        {
            Charges = state.Charges.Where(k => k != Charge.KeyOf(f.Source, f.Reference)).ToStructuralList(),
            Pool = state.Pool.Remove(Charge.KeyOf(f.Source, f.Reference)),
        }),
        MemberInvoice.Event.Issued f => Issued(state with { Number = f.Number, Balance = f.Total, PoolOpen = state.Pool.Values.Sum() }, at),
        MemberInvoice.Event.PaymentRecorded f => Moved(Pooled(state, f.Payment.Reference, -f.Payment.Amount), -f.Payment.Amount, at),
        MemberInvoice.Event.PaymentReversed f => Moved(Pooled(state, f.Reference, f.Amount), f.Amount, at),
        MemberInvoice.Event.Credited f => Moved(state, -f.Memo.Amount, at),
        MemberInvoice.Event.Refunded f => Moved(state, f.Payment.Amount, at),
        MemberInvoice.Event.CarriedOver f => CarriedOver(state, f, at),
        _ => new(state),
    };

    /// <summary>The first charge of a month sets the day on which its invoice goes out.</summary>
    private static SagaStep<BilledMonth> Charged(BilledMonth state, Charge charge)
    {
        var next = state with
        {
            Charges = state.Charges.Add(charge.Key),
            Pool = charge.Source == ChargeSource.Pool ? state.Pool.Set(charge.Key, charge.Amount) : state.Pool,
        };
        return state.Charges.Count > 0 || state.Number is not null
            ? new(next)
            : new(next, new SagaEffect.Wake(Issue, BusinessCalendar.InstantOf(state.Month.Next.FirstDay, new(6, 0))));
    }

    private static SagaStep<BilledMonth> Issued(BilledMonth state, DateTimeOffset at)
    {
        SagaEffect[] first = state.Balance < Money.Zero
            ? [new SagaEffect.Send(new CarryOverMemberCredit(state.Member, state.Month))]
            : [.. state.Pool.Keys.Select(k => new SagaEffect.Send(
                new ReconcilePoolCharge(state.Member, state.Month, Charge.ReferenceIn(k))))];
        var step = Moved(state, Money.Zero, at);
        return new(step.State, [.. first, .. step.Effects]);
    }

    private static SagaStep<BilledMonth> CarriedOver(BilledMonth state, MemberInvoice.Event.CarriedOver fact, DateTimeOffset at)
    {
        var step = Moved(state, fact.Amount, at);
        return new(step.State,
        [
            .. step.Effects,
            new SagaEffect.Send(new PostMemberCharge(state.Member, fact.To, new(
                ChargeSource.CarriedOver, MemberInvoice.Key(state.Member, state.Month), $"Credit carried over from {state.Month}",
                -fact.Amount))),
        ]);
    }

    /// <summary>What a pool collected itself pays for its charges and for no others.</summary>
    private static BilledMonth Pooled(BilledMonth state, string reference, Money by) =>
        MemberBillingWork.IsPoolPayment(reference) ? state with { PoolOpen = state.PoolOpen + by } : state;

    private static SagaStep<BilledMonth> Moved(BilledMonth state, Money by, DateTimeOffset at)
    {
        var moved = state with { Balance = state.Balance + by };
        var (all, others) = (moved.Balance <= Money.Zero, moved.Balance <= Money.Zero || moved.Balance - moved.PoolOpen <= Money.Zero);
        if (all && !state.AllSettled) moved = moved with { Times = moved.Times + 1 };
        var today = BusinessCalendar.LocalDate(at);
        return new(moved with { Settled = others, AllSettled = all },
        [
            .. from key in moved.Charges
               let settled = moved.Pool.ContainsKey(key) ? all : others
               where settled != (moved.Pool.ContainsKey(key) ? state.AllSettled : state.Settled)
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
/// <param name="Settled">True while nothing is owed on the issued invoice for anything but the pools' charges.</param>
public sealed record BilledMonth(
    MemberNo Member, BillingMonth Month, StructuralList<string> Charges, string? Number, Money Balance, bool Settled)
{
    /// <summary>The pools' charges, by key.</summary>
    public StructuralMap<string, Money> Pool { get; init; }

    /// <summary>What is owed of them, as far as the pools were paid directly.</summary>
    public Money PoolOpen { get; init; }

    /// <summary>True while nothing at all is owed on the issued invoice.</summary>
    public bool AllSettled { get; init; }

    /// <summary>How often it was settled.</summary>
    public int Times { get; init; }
}
