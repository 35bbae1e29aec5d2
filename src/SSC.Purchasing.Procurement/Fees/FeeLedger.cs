using System.Diagnostics;
using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.Contracts;

namespace SSC.Purchasing.Procurement.Fees;

/// <summary>
/// The administrative fee of one contract in one quarter of a fiscal year: what was paid to the vendor, net of credits, what the vendor
/// reported, where the two differ, and what it gave back. Stream <c>fee-ledger-{ContractId}:{FY2026-Q3}</c>. Everything that is decided
/// here is decided from this stream alone, as it stood, so it can be computed again.
/// </summary>
public sealed class FeeLedger : IDecider<FeeLedger.Command, FeeLedger.State, FeeLedger.Event>
{
    /// <summary>What can be asked of a ledger.</summary>
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// Accrue the fee on what was paid (or, negative, credited) under an id, once. Refused: <c>fee-period-invalid</c>,
        /// <c>sale-invalid</c>. Federally funded food carries no member-paid percentage (7 CFR 210.21), whatever the terms say.
        /// </summary>
        public sealed record Accrue(FeePeriod Period, string Id, StructuralList<PaidSale> Sales, FeeTerms Terms) : Command, IStartsStream;

        /// <summary>
        /// Record the vendor's report of the quarter, one without rows for no sales at all; a later number replaces it. Refused:
        /// <c>fee-period-invalid</c>, <c>report-invalid</c>, <c>report-number-used</c>.
        /// </summary>
        public sealed record RecordVendorReport(FeePeriod Period, VendorReport Report) : Command, IStartsStream;

        /// <summary>Compare the last report with what was paid and received, line by line; <c>report-missing</c>.</summary>
        public sealed record Reconcile : Command
        {
            /// <summary>What was received of the orders that the report states units of.</summary>
            public StructuralList<KeptUnits> Received { get; init; }

            /// <summary>Position up to which that was read; null when the report states no units.</summary>
            public long? ReceivedAsOf { get; init; }
        }

        /// <summary>
        /// Share a rebate over those who bought in this quarter, less what was credited since, to the cent. Refused: <c>rebate-invalid</c>,
        /// <c>rebate-exists</c>, <c>rebate-without-sales</c>.
        /// </summary>
        public sealed record AllocateRebate(string Reference, Money Amount, DateOnly ReceivedOn, string By) : Command
        {
            /// <summary>Credits on purchases of earlier quarters that lowered no rebate yet.</summary>
            public StructuralList<RebateCredit> Credits { get; init; }

            /// <summary>The contract's ledgers that they were read from, this one among them.</summary>
            public StructuralList<StreamAt> Basis { get; init; }
        }
    }

    /// <summary>What has happened to a ledger.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>Contract and quarter.</summary>
        public FeePeriod Period { get; init; } = FeePeriod.None;

        /// <summary>Fees accrued on what was paid; <paramref name="Fees"/> in the order of the sales.</summary>
        [EventAlias("fee_accrued")]
        public sealed record Accrued(
            string Id, StructuralList<PaidSale> Sales, FeeTerms Terms, StructuralList<Money> Fees, int RuleVersion) : Event;

        /// <summary>The vendor reported.</summary>
        [EventAlias("fee_report_recorded")]
        public sealed record ReportRecorded(VendorReport Report) : Event;

        /// <summary>The report was compared with what was paid.</summary>
        /// <param name="Report">Its number.</param>
        /// <param name="Findings">Where the two differ; empty when they agree.</param>
        /// <param name="Paid">Σ net goods paid.</param>
        /// <param name="FeeDue">Σ fees accrued.</param>
        /// <param name="RuleVersion">Version of the rules.</param>
        [EventAlias("fee_report_reconciled")]
        public sealed record Reconciled(
            string Report, StructuralList<FeeFinding> Findings, Money Paid, Money FeeDue, int RuleVersion) : Event
        {
            /// <summary>Position up to which receipts were read; null when the report stated no units.</summary>
            public long? ReceivedAsOf { get; init; }
        }

        /// <summary>A rebate belongs to these; the shares sum to it.</summary>
        [EventAlias("rebate_allocated")]
        public sealed record RebateAllocated(
            string Reference, Money Amount, DateOnly ReceivedOn, StructuralList<RebateShare> Shares, string By, int RuleVersion) : Event
        {
            /// <summary>The contract's ledgers, at the versions that later credits were read from; empty before rule version 2.</summary>
            public StructuralList<StreamAt> Basis { get; init; }
        }
    }

    /// <summary>Where a ledger stands.</summary>
    public abstract record State
    {
        private State()
        {
        }

        /// <summary>Nothing was paid or reported.</summary>
        public sealed record Absent : State;

        /// <summary>In use.</summary>
        public sealed record Open(FeePeriod Period) : State
        {
            /// <summary>Accruals, by id.</summary>
            public StructuralMap<string, Event.Accrued> Accruals { get; init; }

            /// <summary>Reports, the last one counts.</summary>
            public StructuralList<VendorReport> Reports { get; init; }

            /// <summary>The last comparison.</summary>
            public Event.Reconciled? Reconciled { get; init; }

            /// <summary>Rebates, by reference.</summary>
            public StructuralMap<string, Event.RebateAllocated> Rebates { get; init; }

            /// <summary>Everything paid, net.</summary>
            public IEnumerable<PaidSale> Sales => Accruals.Values.SelectMany(a => a.Sales);

            /// <summary>Σ fees accrued.</summary>
            public Money FeeDue => Accruals.Values.SelectMany(a => a.Fees).Sum();
        }
    }

    /// <inheritdoc/>
    public static string Category => "fee-ledger";

    /// <inheritdoc/>
    public static State Initial { get; } = new State.Absent();

    /// <inheritdoc/>
    public static Decision<Event> Decide(Command command, State state) => Stamp(command, state, (command, state) switch
    {
        (Command.Accrue c, _) => Accrue(c, state as State.Open),
        (Command.RecordVendorReport c, _) => Report(c, state as State.Open),
        (_, State.Absent) => new Refusal("fee-ledger-empty", "Nothing was paid or reported under this contract in this quarter."),
        (Command.Reconcile c, State.Open s) => Reconcile(c, s),
        (Command.AllocateRebate c, State.Open s) => Rebate(c, s),
        _ => throw new UnreachableException($"{command} has no answer in {state}"),
    });

    /// <inheritdoc/>
    public static State Evolve(State state, Event fact)
    {
        var s = state as State.Open ?? new State.Open(fact.Period);
        return fact switch
        {
            Event.Accrued e => s with { Accruals = s.Accruals.Set(e.Id, e) },
            Event.ReportRecorded e => s with { Reports = s.Reports.Add(e.Report) },
            Event.Reconciled e => s with { Reconciled = e },
            Event.RebateAllocated e => s with { Rebates = s.Rebates.Set(e.Reference, e) },
            _ => throw new UnreachableException($"{fact} cannot follow {state}"),
        };
    }

    private static readonly Decision<Event> Nothing = new Decision<Event>.Accepted();

    private static Decision<Event> Accrue(Command.Accrue c, State.Open? s)
    {
        if (s?.Accruals.ContainsKey(c.Id ?? "") == true) return Nothing;
        if (!c.Period.IsWellFormed()) return PeriodInvalid;
        if (!PlainText.IsWellFormed(c.Id, 200) || c.Sales.Count == 0 || c.Sales.Any(x => !x.IsWellFormed()))
            return new Refusal("sale-invalid", "Name what was paid, for which order and member, with a quantity and an amount per line.");
        return new Event.Accrued(c.Id!, c.Sales, c.Terms, [.. c.Sales.Select(x => FeeRules.FeeOn(x, c.Terms))], FeeRules.CurrentVersion);
    }

    private static Decision<Event> Report(Command.RecordVendorReport c, State.Open? s)
    {
        if (s?.Reports.FirstOrDefault(r => r.Number == c.Report.Number) is { } known)
            return known == c.Report ? Nothing : new Refusal("report-number-used",
                "This number stands for another report; give it a new one.");
        if (!c.Period.IsWellFormed()) return PeriodInvalid;
        return c.Report.IsWellFormed()
            ? new Event.ReportRecorded(c.Report)
            : new Refusal("report-invalid", "Give the report a number, and each row an order number and amounts from 0 to ten billion.");
    }

    private static Decision<Event> Reconcile(Command.Reconcile c, State.Open s)
    {
        if (s.Reports is not [.., var report]) return new Refusal("report-missing",
            "The vendor has not reported this quarter; record it first.");
        var fact = new Event.Reconciled(
            report.Number, FeeRules.Reconcile(s.Sales, report, s.FeeDue, c.Received), s.Sales.Select(x => x.Goods).Sum(), s.FeeDue,
                FeeRules.CurrentVersion)
        {
            Period = s.Period,
            ReceivedAsOf = c.ReceivedAsOf,
        };
        return s.Reconciled is { } last && fact with { ReceivedAsOf = last.ReceivedAsOf } == last ? Nothing : fact;
    }

    private static Decision<Event> Rebate(Command.AllocateRebate c, State.Open s)
    {
        if (s.Rebates.TryGetValue(c.Reference ?? "", out var known))
            return (known.Amount, known.ReceivedOn) == (c.Amount, c.ReceivedOn) ? Nothing
                : new Refusal("rebate-exists", "This reference stands for another rebate; give it one of its own.");
        if (!PlainText.IsWellFormed(c.Reference, 50) || c.Amount is { Cents: <= 0 or > 100_000_000_000 })
            return new Refusal("rebate-invalid", "Give the rebate a reference of 1 to 50 characters and an amount above zero.");
        var shares = FeeRules.ShareRebate(c.Amount, s.Sales, c.Credits);
        return shares.Count == 0
            ? new Refusal("rebate-without-sales",
                "Nobody has bought anything, net of credits, in this quarter; choose the quarter it is for.")
            : new Event.RebateAllocated(c.Reference!, c.Amount, c.ReceivedOn, shares, c.By, FeeRules.CurrentVersion) { Basis = c.Basis };
    }

    private static readonly Refusal PeriodInvalid = new("fee-period-invalid", "Name contract, fiscal year and a quarter from 1 to 4.");

    private static Decision<Event> Stamp(Command command, State state, Decision<Event> decision)
    {
        if (decision is not Decision<Event>.Accepted accepted) return decision;
        var period = (state as State.Open)?.Period ?? (command as Command.Accrue)?.Period
            ?? (command as Command.RecordVendorReport)?.Period;
        return new Decision<Event>.Accepted([.. accepted.Events.Select(e => e with { Period = period! })]);
    }
}

/// <summary>A contract's quarter of a fiscal year.</summary>
/// <param name="Contract">Contract.</param>
/// <param name="FiscalYear">Named by the year it ends in.</param>
/// <param name="Quarter">1 for July to September.</param>
public sealed record FeePeriod(ContractId Contract, int FiscalYear, int Quarter)
{
    /// <summary>No period; an event always has one.</summary>
    public static readonly FeePeriod None = new(default, 0, 0);

    /// <summary>The period of a day.</summary>
    public static FeePeriod Of(ContractId contract, DateOnly day) =>
        new(contract, Kernel.FiscalYear.Of(day).Year, Kernel.FiscalYear.QuarterOf(day));

    /// <summary>E.g. <c>C-2026-paper:FY2026-Q3</c>: the ledger's key.</summary>
    public string Key() => string.Create(CultureInfo.InvariantCulture, $"{Contract}:FY{FiscalYear}-Q{Quarter}");

    internal bool IsWellFormed() => Id.IsWellFormed(Contract.Value) && FiscalYear is >= 1990 and <= 2200 && Quarter is >= 1 and <= 4;
}
