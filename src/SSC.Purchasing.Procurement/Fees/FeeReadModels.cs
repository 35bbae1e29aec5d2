using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Procurement.Fees;

/// <summary>A quarter's fees of a contract, in figures.</summary>
/// <param name="Period">Contract and quarter.</param>
/// <param name="Paid">Net goods paid.</param>
/// <param name="FeeDue">Fees accrued.</param>
/// <param name="Rebates">Rebates allocated.</param>
public sealed record FeeLedgerEntry(FeePeriod Period, Money Paid, Money FeeDue, Money Rebates)
{
    /// <summary>Number of the last report.</summary>
    public string? Report { get; init; }

    /// <summary>What the vendor reckons it owes.</summary>
    public Money? FeeReported { get; init; }

    /// <summary>Differences of the last comparison; null while there was none.</summary>
    public StructuralList<FeeFinding>? Findings { get; init; }
}

/// <summary>Every fee ledger, by key; by contract.</summary>
public sealed class FeeLedgers : ReadModel<FeeLedgerEntry>
{
    /// <summary>The one instance.</summary>
    public static readonly FeeLedgers Instance = new();

    /// <inheritdoc/>
    public override string Name => "fee_ledgers";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<FeeLedgerEntry>> Indexes { get; } = [new("contract", r => r.Period.Contract.Value)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.KeysIn<FeeLedger.Event>(FeeLedger.Category);

    /// <inheritdoc/>
    public override FeeLedgerEntry? Apply(string key, FeeLedgerEntry? row, RecordedEvent e)
    {
        var fact = (FeeLedger.Event)e.Fact;
        var r = row ?? new FeeLedgerEntry(fact.Period, Money.Zero, Money.Zero, Money.Zero);
        return fact switch
        {
            FeeLedger.Event.Accrued f => r with
            {
                Paid = r.Paid + f.Sales.Select(s => s.Goods).Sum(),
                FeeDue = r.FeeDue + f.Fees.Sum(),
            },
            FeeLedger.Event.ReportRecorded f => r with { Report = f.Report.Number, FeeReported = f.Report.Fee },
            FeeLedger.Event.Reconciled f => r with { Findings = f.Findings },
            FeeLedger.Event.RebateAllocated f => r with { Rebates = r.Rebates + f.Amount },
            _ => r,
        };
    }
}

/// <summary>A rebate that a member received.</summary>
/// <param name="Period">Contract and quarter of the purchases.</param>
/// <param name="Reference">The rebate.</param>
/// <param name="ReceivedOn">Day it was received.</param>
/// <param name="Share">The member's part.</param>
public sealed record MemberRebate(FeePeriod Period, string Reference, DateOnly ReceivedOn, RebateShare Share);

/// <summary>Every member's rebates. Key: <c>{ledger}:{member}:{part}</c>, one row per rebate. Indexes: member, contract.</summary>
public sealed class MemberRebates : ReadModel<MemberRebate>
{
    /// <summary>The one instance.</summary>
    public static readonly MemberRebates Instance = new();

    /// <inheritdoc/>
    public override string Name => "member_rebates";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<IndexColumn<MemberRebate>> Indexes { get; } =
        [new("member", r => r.Share.Member.Value), new("contract", r => r.Period.Contract.Value)];

    /// <inheritdoc/>
    public override IEnumerable<string> KeysOf(RecordedEvent e) => e.Fact is FeeLedger.Event.RebateAllocated f
        ? f.Shares.Select(s => KeyOf(e, s)) : [];

    /// <inheritdoc/>
    public override MemberRebate? Apply(string key, MemberRebate? row, RecordedEvent e)
    {
        var fact = (FeeLedger.Event.RebateAllocated)e.Fact;
        return new(fact.Period, fact.Reference, fact.ReceivedOn, fact.Shares.First(s => KeyOf(e, s) == key));
    }

    private static string KeyOf(RecordedEvent e, RebateShare share) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{e.KeyIn(FeeLedger.Category)}:{share.Member}:{(share.FederalFood ? "food" : "other")}-{e.Version}");
}
