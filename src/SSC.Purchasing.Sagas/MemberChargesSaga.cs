using System.Globalization;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;
using SSC.Purchasing.Programs;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: whatever programs, services and pools charge or give back is a line of the member's invoice of the month in which it was
/// recorded, once, and what a pool is paid directly is paid there too. One instance per stream that charges come from.
/// </summary>
public sealed class MemberChargesSaga : Saga<ChargesPosted>
{
    /// <summary>What the reference of a share of an assessment begins with; those of contributions begin with their pool.</summary>
    internal const string Assessment = "assessment";

    private const string Dividend = "dividend";

    /// <inheritdoc/>
    public override string Name => "member_charges";

    /// <inheritdoc/>
    public override ChargesPosted Initial(string id) => new(null, default);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) => e.Fact switch
    {
        ContributionInvoice.Event.Issued or ContributionInvoice.Event.PaymentReceived or ContributionInvoice.Event.AchReturned
            or ContributionInvoice.Event.Credited => e.Stream,
        AssessmentRun.Event or Distribution.Event => e.Stream,
        _ => ProgramCharges.Of(e).Count > 0 ? e.Stream : null,
    };

    /// <inheritdoc/>
    public override SagaStep<ChargesPosted> On(ChargesPosted state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event: { Fact: ContributionInvoice.Event fact } e } => OnContribution(state, e, fact),
        SagaInput.Heard { Event: { Fact: AssessmentRun.Event fact } e } => OnAssessment(state, e, fact),
        SagaInput.Heard { Event: { Fact: Distribution.Event fact } e } => OnDividend(state, e, fact),
        SagaInput.Heard { Event: var e } => new(state, [.. ProgramCharges.Of(e).Select(c => new SagaEffect.Send(Posting(e, c)))]),
        _ => new(state),
    };

    private static PostMemberCharge Posting(RecordedEvent e, ChargeFact charge) => new(
        charge.Member, MonthOf(e), new(
            charge.Source is "enrollment" or "cost-share" ? ChargeSource.Program : ChargeSource.Service, charge.Reference,
            charge.Description.Length <= PlainText.NameLength ? charge.Description : charge.Description[..PlainText.NameLength],
            charge.Amount));

    private static SagaStep<ChargesPosted> OnContribution(ChargesPosted state, RecordedEvent e, ContributionInvoice.Event fact)
    {
        var reference = e.KeyIn(ContributionInvoice.Category)!;
        var next = state with { From = state.From ?? MonthOf(e) };
        PostMemberCharge Charged(string key, string what, Money amount) =>
            new(fact.Member, MonthOf(e), new(ChargeSource.Pool, key, $"{what} {fact.Pool} {fact.Month}", amount));
        return fact switch
        {
            ContributionInvoice.Event.Issued { Total: var total } when total != Money.Zero =>
                new(next, new SagaEffect.Send(Charged(reference, "Pool contribution", total))),
            ContributionInvoice.Event.Credited { Total: var total } when total != Money.Zero =>
                new(next, new SagaEffect.Send(Charged($"{reference}:taken-back", "Pool contribution taken back", -total))),
            ContributionInvoice.Event.PaymentReceived f when MemberBillingWork.IsPoolPayment(f.Reference.Value) =>
                new(next, new SagaEffect.Send(new ReconcilePoolCharge(fact.Member, next.From!.Value, reference))),
            ContributionInvoice.Event.AchReturned =>
                new(next, new SagaEffect.Send(new ReconcilePoolCharge(fact.Member, next.From!.Value, reference))),
            _ => new(next),
        };
    }

    private static SagaStep<ChargesPosted> OnAssessment(ChargesPosted state, RecordedEvent e, AssessmentRun.Event fact)
    {
        SagaEffect.Send Share(MemberNo member, Money amount, string part = "") => new(new PostMemberCharge(
            member, MonthOf(e), new(
                ChargeSource.Pool, $"{Assessment}:{AssessmentRun.Key(fact.Pool, fact.Id)}:{member}{part}", $"Pool assessment {fact.Pool}",
                amount)));
        switch (fact)
        {
            case AssessmentRun.Event.Proposed f:
                return new(state with { Joint = f.Regime == LiabilityRegime.JointAndSeveral });
            case AssessmentRun.Event.Allocated f:
                var shares = f.Shares.Where(s => s.Amount > Money.Zero).ToStructuralMap(s => s.Member, s => s.Amount);
                return new(
                    state with { Shares = shares, From = MonthOf(e) }, state.Joint ? [.. shares.Select(s => Share(s.Key, s.Value))] : []);
            case AssessmentRun.Event.ConsentGiven f when state.Shares.TryGetValue(f.Member, out var amount):
                return new(state, Share(f.Member, amount));
            case AssessmentRun.Event.Respread f:
                var part = string.Create(CultureInfo.InvariantCulture, $":respread-{e.Version}");
                return new(state, [.. f.Shares.Where(s => s.Amount > Money.Zero).Select(s => Share(s.Member, s.Amount, part))]);
            case AssessmentRun.Event.SharePaid f when state.From is { } from: return new(state, Reconciled(f.Member, from));
            case AssessmentRun.Event.PaymentReversed f when state.From is { } from: return new(state, Reconciled(f.Member, from));
            default:
                return new(state);
        }

        SagaEffect.Send Reconciled(MemberNo member, BillingMonth from) => new(new ReconcilePoolCharge(
            member, from, $"{Assessment}:{AssessmentRun.Key(fact.Pool, fact.Id)}:{member}"));
    }

    /// <summary>A dividend that is paid out is a line in the member's favor; a credit memo is the pool's own matter.</summary>
    private static SagaStep<ChargesPosted> OnDividend(ChargesPosted state, RecordedEvent e, Distribution.Event fact) => fact switch
    {
        Distribution.Event.Allocated f =>
            new(state with { Shares = f.Shares.Where(s => s.Amount != Money.Zero).ToStructuralMap(s => s.Member, s => s.Amount) }),
        Distribution.Event.Posted { Method: DistributionMethod.Payment } => new(
            state,
            [
                .. state.Shares.Select(s => new SagaEffect.Send(
                    new PostMemberCharge(s.Key, MonthOf(e), DividendOf(fact.Pool, fact.Id, s.Key, s.Value)))),
            ]),
        _ => new(state),
    };

    /// <summary>A share of a dividend as a line of the member's invoice.</summary>
    internal static Charge DividendOf(PoolId pool, string run, MemberNo member, Money share) =>
        new(ChargeSource.Pool, $"{Dividend}:{Distribution.Key(pool, run)}:{member}", $"Pool dividend {pool}", -share);

    private static BillingMonth MonthOf(RecordedEvent e) => BillingMonth.Of(BusinessCalendar.LocalDate(e.At));
}

/// <summary>What the saga remembers of a stream that charges come from.</summary>
/// <param name="From">Month of its first charge: the invoice that carries it is that one's or a later one's.</param>
/// <param name="Shares">Shares of an assessment or a dividend.</param>
public sealed record ChargesPosted(BillingMonth? From, StructuralMap<MemberNo, Money> Shares)
{
    /// <summary>Participants answer for each other, and are billed without being asked.</summary>
    public bool Joint { get; init; }
}
