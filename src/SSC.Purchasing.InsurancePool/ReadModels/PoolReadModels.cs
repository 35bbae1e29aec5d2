using System.Globalization;
using SSC.Purchasing.InsurancePool.Billing;
using SSC.Purchasing.InsurancePool.Distributions;
using SSC.Purchasing.InsurancePool.Enrollment;
using SSC.Purchasing.InsurancePool.Experience;
using SSC.Purchasing.InsurancePool.Offers;
using SSC.Purchasing.InsurancePool.Participations;
using SSC.Purchasing.InsurancePool.Pools;
using SSC.Purchasing.InsurancePool.Reserves;
using SSC.Purchasing.InsurancePool.StopLoss;
using SSC.Purchasing.InsurancePool.Years;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.InsurancePool.ReadModels;

/// <summary>The pools.</summary>
public sealed class PoolDirectory : AggregateRows<Pool, Pool.Command, Pool.State, Pool.Event>
{
    /// <inheritdoc/>
    public override string Name => "insurance_pools";
}

/// <summary>Who takes part in which pool.</summary>
public sealed class PoolParticipants
    : AggregateRows<PoolParticipation, PoolParticipation.Command, PoolParticipation.State, PoolParticipation.Event>
{
    /// <inheritdoc/>
    public override string Name => "pool_participants";

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<PoolParticipation.State>> Indexes { get; } =
        [new("pool", r => r.Pool.Value), new("member", r => r.Member.Value), new("phase", r => r.Phase.ToString())];
}

/// <summary>The pool years.</summary>
public sealed class PoolYears : AggregateRows<PoolYear, PoolYear.Command, PoolYear.State, PoolYear.Event>
{
    /// <inheritdoc/>
    public override string Name => "pool_years";

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<PoolYear.State>> Indexes { get; } =
        [new("pool", r => r.Terms?.Pool.Value), new("phase", r => r.Phase.ToString())];
}

/// <summary>Every renewal offer.</summary>
public sealed class RenewalOffers : AggregateRows<RenewalOffer, RenewalOffer.Command, RenewalOffer.State, RenewalOffer.Event>
{
    /// <inheritdoc/>
    public override string Name => "renewal_offers";

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<RenewalOffer.State>> Indexes { get; } =
    [
        new("year_key", r => PoolYear.Key(r.Pool, r.Year)), new("member", r => r.Member.Value), new("phase", r => r.Phase.ToString()),
    ];
}

/// <summary>Every enrollment ledger.</summary>
public sealed class EnrollmentLedgers
    : AggregateRows<EnrollmentLedger, EnrollmentLedger.Command, EnrollmentLedger.State, EnrollmentLedger.Event>
{
    /// <inheritdoc/>
    public override string Name => "pool_enrollment_ledgers";

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<EnrollmentLedger.State>> Indexes { get; } =
        [new("year_key", r => r.Terms is { } t ? PoolYear.Key(t.Pool, t.Year) : null), new("member", r => r.Terms?.Member.Value)];
}

/// <summary>Every contribution invoice.</summary>
public sealed class ContributionInvoices
    : AggregateRows<ContributionInvoice, ContributionInvoice.Command, ContributionInvoice.State, ContributionInvoice.Event>
{
    /// <inheritdoc/>
    public override string Name => "contribution_invoices";

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<ContributionInvoice.State>> Indexes { get; } =
    [
        new("pool", r => r.Pool.Value), new("member", r => r.Member.Value), new("phase", r => r.Phase.ToString()),
        new("month", r => r.Month.ToString()),
    ];
}

/// <summary>Experience of pools and members, as month totals.</summary>
public sealed class ExperienceLedgers
    : AggregateRows<ExperienceLedger, ExperienceLedger.Command, ExperienceLedger.State, ExperienceLedger.Event>
{
    /// <inheritdoc/>
    public override string Name => "pool_experience_ledgers";

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<ExperienceLedger.State>> Indexes { get; } =
        [new("pool", r => r.Pool.Value), new("member", r => r.Member?.Value)];
}

/// <summary>Every valuation.</summary>
public sealed class ReserveValuations
    : AggregateRows<ReserveValuation, ReserveValuation.Command, ReserveValuation.State, ReserveValuation.Event>
{
    /// <inheritdoc/>
    public override string Name => "pool_valuations";

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<ReserveValuation.State>> Indexes { get; } =
    [
        new("pool", r => r.Pool.Value), new("year", r => r.Figures?.Year.ToString(CultureInfo.InvariantCulture)),
        new("phase", r => r.Phase.ToString()),
    ];
}

/// <summary>Every stop-loss case.</summary>
public sealed class StopLossCases : AggregateRows<StopLossCase, StopLossCase.Command, StopLossCase.State, StopLossCase.Event>
{
    /// <inheritdoc/>
    public override string Name => "stop_loss_cases";

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<StopLossCase.State>> Indexes { get; } =
        [new("year_key", r => PoolYear.Key(r.Pool, r.Year)), new("phase", r => r.Phase.ToString())];
}

/// <summary>Every dividend.</summary>
public sealed class Distributions : AggregateRows<Distribution, Distribution.Command, Distribution.State, Distribution.Event>
{
    /// <inheritdoc/>
    public override string Name => "pool_distributions";

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<Distribution.State>> Indexes { get; } =
        [new("pool", r => r.Proposal?.Pool.Value), new("phase", r => r.Phase.ToString())];
}

/// <summary>Every assessment.</summary>
public sealed class Assessments : AggregateRows<AssessmentRun, AssessmentRun.Command, AssessmentRun.State, AssessmentRun.Event>
{
    /// <inheritdoc/>
    public override string Name => "pool_assessments";

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<AssessmentRun.State>> Indexes { get; } =
        [new("pool", r => r.Proposal?.Pool.Value), new("phase", r => r.Phase.ToString())];
}

/// <summary>The read models of the pools, one instance each.</summary>
public static class PoolModels
{
    /// <summary>Pools.</summary>
    public static PoolDirectory Pools { get; } = new();

    /// <summary>Participants.</summary>
    public static PoolParticipants Participants { get; } = new();

    /// <summary>Years.</summary>
    public static PoolYears Years { get; } = new();

    /// <summary>Offers.</summary>
    public static RenewalOffers Offers { get; } = new();

    /// <summary>Enrollment.</summary>
    public static EnrollmentLedgers Enrollment { get; } = new();

    /// <summary>Invoices.</summary>
    public static ContributionInvoices Invoices { get; } = new();

    /// <summary>Experience.</summary>
    public static ExperienceLedgers Experience { get; } = new();

    /// <summary>Valuations.</summary>
    public static ReserveValuations Valuations { get; } = new();

    /// <summary>Stop-loss cases.</summary>
    public static StopLossCases Cases { get; } = new();

    /// <summary>Dividends.</summary>
    public static Distributions Dividends { get; } = new();

    /// <summary>Assessments.</summary>
    public static Assessments Assessments { get; } = new();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<IReadModel> All { get; } =
        [Pools, Participants, Years, Offers, Enrollment, Invoices, Experience, Valuations, Cases, Dividends, Assessments];
}
